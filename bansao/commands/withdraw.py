"""`bansao withdraw`: give up a dossier that nobody can certify any more."""

import asyncio
import json
import os
from uuid import UUID

import click

from bansao.settings import Settings


@click.command()
@click.argument("dossier", type=click.UUID)
@click.option("--reason", required=True, help="Stands in the book beside the void number.")
@click.option("--by", "decided_by", help="Officer who decided; else the chairman in office.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def command(dossier: UUID, reason: str, decided_by: str | None, as_json: bool) -> None:
    """End the dossier with the id DOSSIER, as in its address at the desk, before it has a copy.

    Its number, where one is reserved, becomes void; what is personal about it is erased, and the
    citizen hands the original in again.
    """
    from bansao.database import open_registry

    with open_registry(Settings.from_env(os.environ), role="registry_writer"):
        officer = asyncio.run(_withdraw(dossier, reason, decided_by))
    if as_json:
        answer = {"dossier": str(dossier), "state": "withdrawn", "decided_by": officer}
        click.echo(json.dumps(answer))
    else:
        click.echo(f"dossier {dossier} withdrawn, decided by {officer}")


async def _withdraw(dossier_id: UUID, reason: str, decided_by: str | None) -> str:
    from intake.edges import open_edges
    from intake.erasure.withdraw import withdraw
    from intake.settings import Settings as IntakeSettings
    from registry.authorise import deciding_officer
    from registry.clock import HANOI, utc_now
    from registry.settings import Settings as RegistrySettings
    from registry.store import Store

    settings = RegistrySettings.from_env(os.environ)
    async with (
        open_edges(IntakeSettings.from_env(os.environ), utc_now) as edges,
        await Store.connect(settings.role_url("registry_writer")) as registry,
    ):
        unit_code = (await edges.store.dossier(dossier_id)).unit_code
        today = utc_now().astimezone(HANOI).date()
        mandate = await deciding_officer(registry, unit_code, today, decided_by)
        await withdraw(
            edges, dossier_id, actor=mandate.officer, registry=registry, void_reason=reason
        )
    return mandate.officer
