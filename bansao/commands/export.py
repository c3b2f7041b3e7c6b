"""`bansao export`: what the registry holds, for others to keep and to serve."""

import asyncio
import os
from typing import TYPE_CHECKING

import click

from bansao.commands.book import print_book
from bansao.settings import Settings

if TYPE_CHECKING:
    from registry.export import Exported


@click.group()
def command() -> None:
    """Write what the registry holds for others to keep."""


command.add_command(print_book, "book")


@command.command("tiles")
@click.argument("target")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def export_tiles(target: str, as_json: bool) -> None:
    """Bring TARGET, a directory or s3://bucket/prefix, up to the newest published checkpoint.

    It then holds the public log as static files (C2SP tlog-tiles), to be served by any file server.
    Only what is new is written, the checkpoint last. A bucket is reached by the usual AWS_…
    variables (AWS_ENDPOINT_URL for a store of your own).
    """
    import msgspec

    from bansao.database import open_registry

    if target.startswith(("http://", "https://")):
        raise click.UsageError("a web server is read, not written: export to what it serves")
    with open_registry(Settings.from_env(os.environ)):
        exported = asyncio.run(_export(target))
    if as_json:
        answer = msgspec.to_builtins(exported) | {"target": target}
        click.echo(msgspec.json.encode(answer).decode())
        return
    click.echo(
        f"{target}: {exported.origin}, {exported.size} entries; "
        f"{exported.files} files written, {exported.bytes} bytes"
    )


async def _export(target: str) -> "Exported":
    from tqdm import tqdm

    from registry.export import export_tiles
    from registry.settings import Settings as RegistrySettings
    from registry.store import Store
    from registry.tile_files import TileFiles

    registry = RegistrySettings.from_env(os.environ)
    policy = registry.policy()
    # On standard error, and only where somebody watches.
    with tqdm(unit=" entries", disable=None, leave=False) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        async with (
            TileFiles.open(target, create=True) as files,
            await Store.connect(registry.role_url("registry_reader")) as store,
        ):
            return await export_tiles(store, files, policy, show)
