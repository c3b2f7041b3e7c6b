"""`bansao admin position` and `delegation`: who holds which office, and acts in whose place."""

from datetime import datetime
from typing import TYPE_CHECKING, get_args

import click

from bansao.admin import (
    AS_JSON,
    DAY,
    FROM,
    ON,
    UNTIL,
    author,
    end_command,
    end_of,
    enter,
    in_time,
    read,
    tell,
    tell_all,
    term_shown,
    with_store,
)
from registry.authority.records import Act, Office, Prefix

if TYPE_CHECKING:
    from registry.store import Store
    from registry.store.entering import Entered


@click.group()
def position() -> None:
    """Offices that officers hold in units."""


@click.group()
def delegation() -> None:
    """What chairmen let officers do in their place."""


@position.command("add")
@click.argument("officer")
@click.option("--unit", required=True, help="The unit's code.")
@click.option("--office", type=click.Choice(get_args(Office)), required=True)
@click.option("--title", required=True, help="As copies print it, such as PHÓ CHỦ TỊCH.")
@FROM
@UNTIL
@AS_JSON
def add_position(
    officer: str,
    unit: str,
    office: Office,
    title: str,
    begins: datetime,
    last_day: datetime | None,
    as_json: bool,
) -> None:
    """Enter the office that OFFICER holds in a unit."""
    entered = enter(
        lambda entering: entering.position(
            officer,
            unit_code=unit,
            office=office,
            title=title,
            valid_from=begins,
            valid_until=end_of(last_day),
            by=author(),
        )
    )
    tell("position", officer, entered, as_json=as_json)


position.add_command(
    end_command(
        "position",
        "ended",
        "End the office entered under NUMBER; a chairman's delegations end with it.",
    )
)


@position.command("list")
@click.option("--unit", help="Only of the unit with this code.")
@ON
@AS_JSON
def list_positions(unit: str | None, day: datetime | None, as_json: bool) -> None:
    """List offices."""
    rows = [
        {
            "id": one.id,
            "unit": one.unit_code,
            "officer": one.officer,
            "office": one.office,
            "title": one.title,
            **term_shown(one.term),
        }
        for one in read().positions
        if unit in {None, one.unit_code} and in_time(one.term, day)
    ]
    tell_all("positions", rows, as_json=as_json)


@delegation.command("add")
@click.argument("officer")
@click.option("--unit", required=True, help="The unit whose chairman delegates.")
@click.option("--instrument", required=True, help="Number of the decision or assignment.")
@click.option("--dated", type=DAY, required=True, help="Date of the instrument.")
@click.option(
    "--scope",
    type=click.Choice(get_args(Act)),
    multiple=True,
    required=True,
    help="May be given twice: to certify copies; to decide on them and close books.",
)
@click.option("--prefix", type=click.Choice(get_args(Prefix)), required=True)
@FROM
@UNTIL
@AS_JSON
def add_delegation(
    officer: str,
    unit: str,
    instrument: str,
    dated: datetime,
    scope: tuple[Act, ...],
    prefix: Prefix,
    begins: datetime,
    last_day: datetime | None,
    as_json: bool,
) -> None:
    """Enter what the chairman in office at the beginning delegates to OFFICER."""
    from registry.authority.mandates import chairman_at
    from registry.authority.refusals import NoChairman

    async def delegate(store: "Store") -> "Entered":
        async with store.authority() as authority:
            chairman = chairman_at(await authority.about(unit), unit, begins)
        if chairman is None:
            raise NoChairman(f"unit {unit} has no chairman then who could delegate", unit=unit)
        async with store.entering() as entering:
            return await entering.delegation(
                officer,
                position=chairman.id,
                instrument=instrument,
                dated=dated.date(),
                scope=scope,
                prefix=prefix,
                valid_from=begins,
                valid_until=end_of(last_day),
                by=author(),
            )

    tell("delegation", officer, with_store(delegate), as_json=as_json)


delegation.add_command(
    end_command("delegation", "revoked", "End the delegation entered under NUMBER.")
)


@delegation.command("list")
@click.option("--unit", help="Only of the unit with this code.")
@ON
@AS_JSON
def list_delegations(unit: str | None, day: datetime | None, as_json: bool) -> None:
    """List delegations; one ends with its chairman's office too."""
    records = read()
    given_by = {one.id: one for one in records.positions}
    rows = [
        {
            "id": one.id,
            "unit": given_by[one.position].unit_code,
            "from": given_by[one.position].officer,
            "officer": one.officer,
            "instrument": one.instrument,
            "dated": one.dated.isoformat(),
            "scope": sorted(one.scope),
            "prefix": one.prefix,
            **term_shown(one.term),
        }
        for one in records.delegations
        if unit in {None, given_by[one.position].unit_code}
        and in_time(one.term, day)
        and in_time(given_by[one.position].term, day)
    ]
    tell_all("delegations", rows, as_json=as_json)
