"""`bansao db`: the database on its own."""

import contextlib
import json
import os
import signal
import time
from typing import TYPE_CHECKING

import click

from bansao.settings import Settings

if TYPE_CHECKING:
    from bansao.postgres import Postgres

_JSON = click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")


@click.group()
def command() -> None:
    """The database: start it, migrate it, tell its address."""


@command.command()
@_JSON
def up(as_json: bool) -> None:
    """Run the database of BANSAO_DATA, migrated, until Ctrl-C."""
    from bansao.database import open_database
    from schema.migrate import migrate

    settings = Settings.from_env(os.environ)
    with open_database(settings) as database:
        revision = migrate(database.admin_url, settings.secrets)
        # Being asked to end is no failure.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with contextlib.suppress(KeyboardInterrupt):
            _answer({"url": database.url, "revision": revision}, database.url, as_json=as_json)
            if database.embedded is not None:
                _stay(database.embedded)


@command.command("migrate")
@_JSON
def migrate_command(as_json: bool) -> None:
    """Bring roles and tables to what this version wants; forward only."""
    from bansao.database import open_database
    from schema.migrate import migrate

    settings = Settings.from_env(os.environ)
    with open_database(settings) as database:
        revision = migrate(database.admin_url, settings.secrets)
    _answer({"revision": revision}, f"at revision {revision}", as_json=as_json)


@command.command("scrub")
@_JSON
def scrub_command(as_json: bool) -> None:
    """Rewrite the tables that people were deleted from, for a quiet hour: each is locked meanwhile.

    Afterwards nothing of what was erased stays in the server's own files, but for its log: see
    schema/README.md.
    """
    from bansao.database import open_database
    from schema.scrub import PERSONAL, scrub

    with open_database(Settings.from_env(os.environ)) as database:
        scrub(database.admin_url, lambda step: click.echo(f"  {step}", err=True))
    fields = {"rewritten": ", ".join(PERSONAL)}
    _answer(fields, f"{len(PERSONAL)} tables rewritten", as_json=as_json)


@command.command()
@_JSON
def url(as_json: bool) -> None:
    """Print the address of the database that runs, without credentials."""
    from bansao.errors import DatabaseNotRunning
    from bansao.postgres import Postgres, without_credentials

    settings = Settings.from_env(os.environ)
    if settings.database_url is not None:
        address = without_credentials(settings.database_url)
    else:
        server = Postgres.running(settings.data)
        if server is None:
            raise DatabaseNotRunning(
                f"no database runs in {settings.data}: start one with `bansao db up`"
            )
        address = server
    _answer({"url": address}, address, as_json=as_json)


def _stay(server: "Postgres") -> None:
    from bansao.child import last_lines
    from bansao.errors import DatabaseNotRunning

    while server.alive():
        time.sleep(0.5)
    raise DatabaseNotRunning(f"PostgreSQL ended; {last_lines(server.log)}")


def _answer(fields: dict[str, str], line: str, *, as_json: bool) -> None:
    click.echo(json.dumps(fields) if as_json else line)
