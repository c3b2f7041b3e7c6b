"""`bansao erase`: what is personal about a copy leaves both rooms, by a decision."""

import asyncio
import getpass
import os
from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from bansao.settings import Settings

if TYPE_CHECKING:
    from intake.erasure.erase import Erased

_GONE = "facts and salt, the person in the book's line"
_GONE_IN_INTAKE = "the dossier's name, contact, reading, pictures and signed PDF with their key"
_STAYS = (
    "the entries with their proofs, the book's line with number, date, unit and fee, and a "
    "commitment that nothing opens any more; whoever asks is told: valid, its facts were erased"
)
_LATER = (
    "PostgreSQL's pages until `bansao db scrub`, its write-ahead log until segments are reused, "
    "backups and archives for as long as you keep them (schema/README.md)"
)


@click.command()
@click.argument("code")
@click.option("--decision", required=True, help="Number of the decision, e.g. 12/QĐ-UBND.")
@click.option("--date", "decided_on", required=True, type=click.DateTime(["%Y-%m-%d"]))
@click.option("--reason", default="", help="What the public is told; no personal data.")
@click.option("--by", "decided_by", help="Officer who decided; else the chairman in office.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def command(
    code: str,
    decision: str,
    decided_on: datetime,
    reason: str,
    decided_by: str | None,
    as_json: bool,
) -> None:
    """Erase, for ever, what is personal about the copy with CODE; the copy keeps its status.

    May be repeated: what an interrupted run left undone is done then, or by the worker within the
    hour.
    """
    import msgspec

    from bansao.database import open_registry
    from registry.code import parse_code

    known = parse_code(code)
    with open_registry(Settings.from_env(os.environ), role="registry_writer"):
        erased = asyncio.run(_erase(known, decision, decided_on.date(), decided_by, reason))
    gone = f"{_GONE}, {_GONE_IN_INTAKE}" if erased.dossier else _GONE
    index = None if erased.receipt is None else erased.receipt.index
    if as_json:
        answer = {"code": known, "decision": decision, "date": decided_on.date(), "index": index}
        told = {"erased": gone, "stays": _STAYS, "remains_for_a_time_in": _LATER}
        click.echo(msgspec.json.encode(answer | told).decode())
        return
    by = "by an earlier decision" if index is None else f"by {decision}, entry {index}"
    click.echo(f"{known} erased {by}")
    click.echo(f"  gone: {gone}")
    click.echo(f"  stays: {_STAYS}")
    click.echo(f"  deleted bytes remain for a time in: {_LATER}")


async def _erase(
    code: str, decision: str, decided_on: date, decided_by: str | None, reason: str
) -> "Erased":
    from intake.edges import open_edges
    from intake.erasure.erase import Decision, open_eraser
    from intake.settings import Settings as IntakeSettings
    from registry.authorise import deciding_officer
    from registry.clock import utc_now
    from registry.errors import UnknownCopy
    from registry.lookup import find_by_code
    from registry.publish import publish
    from registry.settings import Settings as RegistrySettings
    from registry.store import Store

    settings = RegistrySettings.from_env(os.environ)
    async with (
        open_edges(IntakeSettings.from_env(os.environ), utc_now) as edges,
        open_eraser(edges) as eraser,
        await Store.connect(settings.role_url("registry_publisher")) as publisher,
    ):
        found = await find_by_code(edges.registry, code)
        if found is None:
            raise UnknownCopy("no copy with this code is registered")
        unit = found.entry.unit_code
        mandate = await deciding_officer(edges.registry, unit, decided_on, decided_by)
        click.echo("  erasing in the registry and in intake …", err=True)
        erased = await eraser.erase(
            code,
            Decision(
                decision=decision,
                decided_on=decided_on,
                decided_by=mandate.officer,
                entered_by=getpass.getuser(),
                reason=reason,
            ),
        )
        click.echo("  publishing …", err=True)
        # A running publisher may be first.
        await publish(publisher, settings.log_key(), settings.origin, utc_now)
    return erased
