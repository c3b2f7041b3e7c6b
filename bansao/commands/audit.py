"""`bansao audit`: everything in the registry against everything else."""

import asyncio
import os
import sys

import click

from bansao.settings import Settings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def command(as_json: bool) -> None:
    """Re-walk the whole registry and name every contradiction; exit 1 when there is one."""
    import msgspec

    from bansao.database import open_registry
    from bansao.verify import trusted_log
    from registry.audit import Report, audit
    from registry.settings import Settings as RegistrySettings
    from registry.store import Store

    async def walk() -> Report:
        registry = RegistrySettings.from_env(os.environ)
        async with await Store.connect(registry.role_url("registry_reader")) as store:
            return await audit(store, registry.policy())

    settings = Settings.from_env(os.environ)
    with open_registry(settings):
        trusted_log(settings.trust)
        report = asyncio.run(walk())
    if as_json:
        answer = msgspec.to_builtins(report) | {"clean": report.clean}
        click.echo(msgspec.json.encode(answer).decode())
    else:
        for finding in report.findings:
            click.echo(
                f"{finding.where}: {finding.what} ({finding.field}): "
                f"expected {finding.expected}, found {finding.found}"
            )
        state = "clean" if report.clean else f"{len(report.findings)} contradictions"
        click.echo(f"{report.entries} entries, checkpoint {report.checkpoint_size}: {state}")
    sys.exit(0 if report.clean else 1)
