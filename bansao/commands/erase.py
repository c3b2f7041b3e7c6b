"""`bansao erase`: what is personal about a copy leaves both rooms, by a decision."""

import asyncio
import json
import os
from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from bansao.commands.deciding import decision_options
from bansao.settings import Settings

if TYPE_CHECKING:
    from intake.erasure.erase import Erased

_GONE = "facts and salt, the person in the book's line"
_GONE_IN_INTAKE = "the dossier's name, contact, reading, pictures and signed PDF with their key"
_STAYS = (
    "the entries with their proofs, the book's line with number, date, unit and fee, and a "
    "commitment that nothing opens any more; whoever asks is told its status as before, and that "
    "its facts were erased"
)
_LATER = (
    "PostgreSQL's pages until `bansao db scrub`, its write-ahead log until segments are reused, "
    "backups and archives for as long as you keep them (schema/README.md)"
)


@click.command()
@decision_options
def command(
    code: str,
    decision: str,
    decided_on: datetime,
    reason: str,
    by: str | None,
    as_json: bool,
) -> None:
    """Erase, for ever, what is personal about the copy with CODE; the copy keeps its status.

    May be repeated: what an interrupted run left undone is done then, or by the worker within the
    hour.
    """
    from bansao.database import open_registry
    from registry.code import parse_code

    known = parse_code(code)
    with open_registry(Settings.from_env(os.environ), role="registry_writer"):
        erased = asyncio.run(_erase(known, decision, decided_on.date(), by, reason))
    gone = f"{_GONE}, {_GONE_IN_INTAKE}" if erased.dossier else _GONE
    index = None if erased.receipt is None else erased.receipt.index
    if as_json:
        answer = {"code": known, "decision": decision, "date": decided_on.date().isoformat()}
        told = {"erased": gone, "stays": _STAYS, "remains_for_a_time_in": _LATER}
        click.echo(json.dumps(answer | {"index": index} | told, ensure_ascii=False))
        return
    how = "by an earlier decision" if index is None else f"by {decision}, entry {index}"
    click.echo(f"{known} erased {how}")
    click.echo(f"  gone: {gone}")
    click.echo(f"  stays: {_STAYS}")
    click.echo(f"  deleted bytes remain for a time in: {_LATER}")


async def _erase(
    code: str, decision: str, decided_on: date, by: str | None, reason: str
) -> "Erased":
    from bansao.decide import user
    from intake.edges import open_edges
    from intake.erasure.erase import Decision, open_eraser
    from intake.settings import Settings as IntakeSettings
    from registry.authorise import deciding_officer
    from registry.clock import utc_now
    from registry.lookup import issuing_entry
    from registry.publish import publish
    from registry.settings import Settings as RegistrySettings
    from registry.store import Store

    settings = RegistrySettings.from_env(os.environ)
    async with (
        open_edges(IntakeSettings.from_env(os.environ), utc_now) as edges,
        open_eraser(edges) as eraser,
        await Store.connect(settings.role_url("registry_publisher")) as publisher,
    ):
        unit_code = (await issuing_entry(edges.registry, code)).unit_code
        mandate = await deciding_officer(edges.registry, unit_code, decided_on, by)
        click.echo("  erasing in the registry and in intake …", err=True)
        erased = await eraser.erase(
            code,
            Decision(
                decision=decision,
                decided_on=decided_on,
                decided_by=mandate.officer,
                entered_by=user(),
                reason=reason,
            ),
        )
        click.echo("  publishing …", err=True)
        # A running publisher may be first.
        await publish(publisher, settings.log_key(), settings.origin, utc_now)
    return erased
