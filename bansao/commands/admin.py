"""`bansao admin`: who may certify and decide, and which agencies see more than the public.

Nothing is changed: an end is entered beside it.
"""

import json
from datetime import datetime
from typing import get_args

import click

from bansao.admin import (
    AS_JSON,
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
from bansao.commands.admin_agency_keys import key
from bansao.commands.admin_keys import certificate, seal
from bansao.commands.admin_offices import delegation, position
from registry.authority.records import Kind


@click.group()
def command() -> None:
    """Enter who may certify and decide: units, officers and their offices, delegations,
    certificates, seals; and the keys of agencies.

    Each row names who entered it: BANSAO_ADMIN, else the user of this machine.
    """


@command.group()
def unit() -> None:
    """Wards, communes, branches."""


@command.group()
def officer() -> None:
    """Persons who hold offices."""


for group in (position, delegation, certificate, seal, key):
    command.add_command(group)


@command.command()
@click.option("--import", "city", type=click.Choice(["hanoi"]), required=True)
@AS_JSON
def units(city: str, as_json: bool) -> None:
    """Enter the units of a whole city that are missing."""
    from bansao.hanoi import enter_units, hanoi_units

    listed = hanoi_units().values()
    new = with_store(lambda store: enter_units(store, listed, by=author()))
    if as_json:
        click.echo(json.dumps({"city": city, "units": len(listed), "new": new}))
    else:
        click.echo(f"{len(listed)} units of {city}, {new} of them entered now")


@unit.command("add")
@click.argument("code")
@click.option("--name", required=True)
@click.option("--kind", type=click.Choice(get_args(Kind)), required=True)
@FROM
@UNTIL
@AS_JSON
def add_unit(
    code: str, name: str, kind: Kind, begins: datetime, last_day: datetime | None, as_json: bool
) -> None:
    """Enter the unit with CODE; once more with another name, that is its name from then on."""
    entered = enter(
        lambda entering: entering.unit(
            code,
            name=name,
            kind=kind,
            valid_from=begins,
            valid_until=end_of(last_day),
            by=author(),
        )
    )
    tell("unit", code, entered, as_json=as_json)


unit.add_command(
    end_command("unit", "ended", "End the unit, or the name of a unit, entered under NUMBER.")
)


@unit.command("list")
@ON
@AS_JSON
def list_units(day: datetime | None, as_json: bool) -> None:
    """List units."""
    rows = [
        {"id": one.id, "code": one.code, "kind": one.kind, "name": one.name, **term_shown(one.term)}
        for one in read().units
        if in_time(one.term, day)
    ]
    tell_all("units", rows, as_json=as_json)


@officer.command("add")
@click.argument("officer_id", metavar="OFFICER")
@click.option("--name", required=True, help="Full name, as copies print it.")
@AS_JSON
def add_officer(officer_id: str, name: str, as_json: bool) -> None:
    """Enter OFFICER, an id such as `lan`; once more with another name, that is the name."""
    entered = enter(lambda entering: entering.officer(officer_id, full_name=name, by=author()))
    tell("officer", officer_id, entered, as_json=as_json)


@officer.command("list")
@AS_JSON
def list_officers(as_json: bool) -> None:
    """List officers under their latest names."""
    latest = {one.officer: one.full_name for one in read().officers}
    rows = [{"officer": officer, "name": name} for officer, name in latest.items()]
    tell_all("officers", rows, as_json=as_json)


@command.command()
@AS_JSON
def trail(as_json: bool) -> None:
    """Everything that was ever entered: when, by whom, what."""
    from registry.clock import HANOI
    from registry.store import Store
    from registry.store.authority import TrailRow

    async def reading(store: Store) -> list[TrailRow]:
        async with store.authority() as authority:
            return await authority.trail()

    rows = [
        {
            "at": one.entered_at.astimezone(HANOI).isoformat(timespec="seconds"),
            "by": one.entered_by,
            "what": one.what,
            "row": {
                name: value for name, value in json.loads(one.row).items() if value is not None
            },
        }
        for one in with_store(reading)
    ]
    tell_all("trail", rows, as_json=as_json)
