"""`bansao admin key`: which agencies see full facts and PDFs, until when; what they looked at."""

import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from bansao.admin import (
    AS_JSON,
    DAY,
    REASON,
    author,
    end_of,
    show_json,
    tell_all,
    with_store,
)
from bansao.errors import WrongQuestion

if TYPE_CHECKING:
    from registry.store import Store
    from verify_portal.agency.key_book import KeyBook

Answer = TypeVar("Answer")
# As verify_portal.agency.key has them; that room is loaded by the commands only.
_SCOPES: Final = ("facts", "pdf")


@click.group()
def key() -> None:
    """Keys by which agencies see a copy's full facts, and its registered PDF."""


@key.command("add")
@click.argument("agency")
@click.option(
    "--scope",
    "scopes",
    type=click.Choice(_SCOPES),
    multiple=True,
    required=True,
    help="May be given twice: the full facts; the registered PDF.",
)
@click.option("--until", "last_day", type=DAY, required=True, help="Last day, included.")
@AS_JSON
def add_key(agency: str, scopes: tuple[Any, ...], last_day: datetime, as_json: bool) -> None:
    """Make a key for AGENCY and print it: this once, and never again."""
    from registry.clock import utc_now
    from verify_portal.agency.key import new_key, read_key

    until = end_of(last_day)
    if until is None or until <= utc_now():
        raise WrongQuestion(f"{last_day:%Y-%m-%d} is over: name the last day of the key's use")
    text = new_key(secrets.token_bytes)
    made = read_key(text)
    _with_book(
        lambda book: book.enter(made, agency=agency, scopes=scopes, until=until, by=author())
    )
    if as_json:
        show_json(
            {"id": made.id, "key": text, "agency": agency, "scopes": scopes, "until": _hanoi(until)}
        )
        return
    # Alone on standard output, so that it can be sent into a file without anybody reading it.
    click.echo(text)
    click.echo(f"key {made.id} of {agency}, until {last_day:%Y-%m-%d}", err=True)
    click.echo("It is not kept here: hand it over now, by a way that only they can read.", err=True)


@key.command("end")
@click.argument("key_id", metavar="ID")
@REASON
@AS_JSON
def end_key(key_id: str, reason: str, as_json: bool) -> None:
    """End the key with ID, its first eight letters after bsk_, at once and for good."""
    ended = _with_book(lambda book: book.end(key_id, reason=reason, by=author()))
    if as_json:
        show_json({"id": key_id, "new": ended})
    else:
        click.echo(f"key {key_id}: {'ended' if ended else 'had ended already'}")


@key.command("list")
@AS_JSON
def list_keys(as_json: bool) -> None:
    """List keys, ended and expired ones too. Nothing of their secret is known here."""
    rows = [
        {
            "id": one.id,
            "agency": one.agency,
            "scopes": list(one.scopes),
            "until": _hanoi(one.expires_at),
            "entered_at": _hanoi(one.entered_at),
            "entered_by": one.entered_by,
            "ended_at": _hanoi(one.ended_at),
            "ended_by": one.ended_by,
            "reason": one.reason,
        }
        for one in _with_book(lambda book: book.keys())
    ]
    tell_all("keys", rows, as_json=as_json)


@key.command("trail")
@click.option("--key", "key_id", metavar="ID", help="Only what this key opened.")
@click.option("--code", help="Only what was opened of the copy with this code.")
@click.option("--most", type=click.IntRange(1, 100_000), default=100, show_default=True)
@AS_JSON
def show_trail(key_id: str | None, code: str | None, most: int, as_json: bool) -> None:
    """Who was shown what is personal, newest first: by a key, or by what the paper says."""
    from registry.code import code_hash

    hashed = None if code is None else code_hash(code)
    rows = [
        {
            "at": _hanoi(one.at),
            "means": one.means,
            "key": one.key,
            "agency": one.agency,
            "scope": one.scope,
            "code_hash": one.code_hash.hex(),
        }
        for one in _with_book(lambda book: book.trail(key_id=key_id, code_hash=hashed, most=most))
    ]
    tell_all("accesses", rows, as_json=as_json)


def _with_book(act: "Callable[[KeyBook], Awaitable[Answer]]") -> Answer:
    from verify_portal.agency.key_book import KeyBook

    async def run(store: "Store") -> Answer:
        async with store.statements() as connection:
            return await act(KeyBook(connection))

    return with_store(run)


def _hanoi(moment: datetime | None) -> str | None:
    from registry.clock import HANOI

    return None if moment is None else moment.astimezone(HANOI).isoformat(timespec="seconds")
