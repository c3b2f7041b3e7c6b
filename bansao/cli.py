"""The command line `bansao`. Exit 0 only for success, 1 for a failure, 2 for wrong usage.

A failure is one line on standard error that says what to do; with `--json` also one object
`{"error": {"code", "message"}}` on standard output. What nobody expected is logged in full to
`$BANSAO_DATA/logs/bansao.log` and only named on the screen.
"""

import errno
import importlib
import json
import os
import signal
import sys
import traceback
from datetime import UTC, datetime
from typing import NoReturn

import click

from bansao.settings import Settings

# Command → module that holds it as `command`, and what the list of commands says of it.
COMMANDS = {
    "demo": ("bansao.commands.demo", "Run everything on this machine."),
    "serve": ("bansao.commands.serve", "Run one room of an installation."),
    "db": ("bansao.commands.db", "The database: start it, migrate it, tell its address."),
    "issue": ("bansao.issue", "Make a certified copy of a scanned document."),
    "verify": ("bansao.commands.verify", "Check a copy by its code or its file."),
    "revoke": ("bansao.commands.revoke", "Withdraw a copy by a decision."),
    "suspend": ("bansao.commands.suspend", "Take a copy's value away for a time."),
    "reinstate": ("bansao.commands.reinstate", "End a copy's suspension."),
    "supersede": ("bansao.commands.supersede", "Let another copy take a copy's place."),
    "withdraw": ("bansao.commands.withdraw", "Give up a dossier that nobody can certify."),
    "erase": ("bansao.commands.erase", "Erase a copy's person by a decision; the copy stays."),
    "retention": ("bansao.commands.retention", "Remove the files whose time is over."),
    "admin": ("bansao.commands.admin", "Enter who may certify and decide; agencies' keys."),
    "audit": ("bansao.commands.audit", "Re-walk the whole registry and name every contradiction."),
    "witness": ("bansao.commands.witness", "Follow a log, cosign what it says, refuse a fork."),
    "book": (
        "bansao.commands.book",
        "The certification book: print, volumes, closing.",
    ),
    "export": ("bansao.commands.export", "Write the log as static files, or the book."),
    "bench": ("bansao.commands.bench", "Measure a claim, beside a peer or a limit."),
}
# The first name of the package of every error that says itself what to do.
_ROOMS = {"bansao", "schema", "registry", "intake", "verify_portal", "analytics"}


class Commands(click.Group):
    """Commands whose modules are imported when they are called."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command = importlib.import_module(COMMANDS[name][0]).command
        assert isinstance(command, click.Command)  # noqa: S101 - narrows what a module holds
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="bansao")
def bansao() -> None:
    """Issue certified electronic copies, and let anyone check one without trusting us.

    BANSAO_DATA names the data directory (default ./.bansao). Without BANSAO_DATABASE_URL a
    PostgreSQL of its own runs there.
    """


def main() -> NoReturn:
    """The console script."""
    signal.signal(signal.SIGTERM, _stop)  # so that a context manager tidies up
    try:
        code = bansao.main(prog_name="bansao", standalone_mode=False)
    except click.UsageError as error:
        error.show()
        sys.exit(2)
    except click.ClickException as error:
        _fail("usage", error.format_message())
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:  # the reader of our output left
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:  # noqa: BLE001 - the last place where anything is known
        _fail(*explain(error))
    sys.exit(code if isinstance(code, int) else 0)


def explain(error: Exception) -> tuple[str, str]:
    """Code and line for a failure; an unexpected one is logged and only named."""
    room = type(error).__module__.partition(".")[0]
    if isinstance(error, ModuleNotFoundError) and error.name:
        extra = "bansao[demo]"
        return "missing_extra", f"{error.name} is not installed: pip install '{extra}'"
    if room in _ROOMS:
        code = getattr(error, "code", type(error).__name__)
        told = _words_of_intake(error) if room == "intake" else str(error)
        return str(code).replace("-", "_"), " ".join(told.split()) or type(error).__name__
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        where = f" ({error.filename})" if error.filename else ""
        return "disk_full", f"the disk is full{where}: nothing was issued; free space, try again"
    return "unexpected", f"unexpected {type(error).__name__}; {_log_whole(error)}"


def _words_of_intake(error: Exception) -> str:
    """Intake's errors carry the key and the values of a text that its pages show."""
    from intake.errors import IntakeError
    from intake.texts import texts

    return texts("en")(error.code, **error.values) if isinstance(error, IntakeError) else str(error)


def _log_whole(error: Exception) -> str:
    log = Settings.from_env(os.environ).data / "logs" / "bansao.log"
    story = "".join(traceback.format_exception(error))
    line = {"at": datetime.now(UTC).isoformat(), "argument": sys.argv[1:2], "traceback": story}
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a") as file:
            file.write(json.dumps(line) + "\n")
    except OSError:
        click.echo(story, err=True)
        return "all that is known stands above"
    return f"all that is known stands in {log}"


def _fail(code: str, message: str) -> NoReturn:
    if "--json" in sys.argv:
        answer = {"error": {"code": code, "message": message}}
        click.echo(json.dumps(answer, ensure_ascii=False))
    click.echo(f"bansao: {message}", err=True)
    sys.exit(1)


def _stop(_number: int, _frame: object) -> NoReturn:
    sys.exit(128 + signal.SIGTERM)
