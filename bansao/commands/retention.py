"""`bansao retention`: what the worker does every hour, now."""

import asyncio
import os
from typing import TYPE_CHECKING

import click

from bansao.settings import Settings

if TYPE_CHECKING:
    from intake.erasure.retention import Due


@click.command()
@click.option("--dry-run", is_flag=True, help="Only count what is due.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def command(dry_run: bool, as_json: bool) -> None:
    """Remove scans, cards and faces whose time is over, and dossiers that were never handed in.

    The times: BANSAO_KEEP_SCANS_DAYS (30), _CARDS_DAYS (7), _FACES_DAYS (1) after the decision,
    BANSAO_KEEP_UNFINISHED_HOURS (24) after the opening.
    """
    import msgspec

    from bansao.database import open_registry

    with open_registry(Settings.from_env(os.environ), role="intake_app"):
        counted = asyncio.run(_run(dry_run=dry_run))
    fields = msgspec.to_builtins(counted)
    if as_json:
        click.echo(msgspec.json.encode(fields | {"dry_run": dry_run}).decode())
    else:
        told = ", ".join(f"{name} {count}" for name, count in fields.items())
        click.echo(f"{'due' if dry_run else 'removed'}: {told}")


async def _run(*, dry_run: bool) -> "Due":
    from intake.edges import open_edges
    from intake.erasure.retention import due, purge
    from intake.settings import Settings as IntakeSettings
    from registry.clock import utc_now

    async with open_edges(IntakeSettings.from_env(os.environ), utc_now) as edges:
        return await (due(edges) if dry_run else purge(edges))
