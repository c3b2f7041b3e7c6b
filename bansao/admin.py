"""What the commands of `bansao admin` have in common: who enters, when, and how it is answered."""

import asyncio
import getpass
import json
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

from bansao.settings import Settings

if TYPE_CHECKING:
    from registry.authority.records import EndKind, Records, Term
    from registry.store import Store
    from registry.store.entering import Entered, Entering

Answer = TypeVar("Answer")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
REASON = click.option("--reason", required=True, help="Why, with the decision's number.")
DAY = click.DateTime(["%Y-%m-%d"])


class Moment(click.ParamType[datetime]):
    """A day, which begins at midnight in Hanoi, or an ISO 8601 time with its zone."""

    name = "day or time"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        from registry.authority.records import hanoi_midnight

        try:
            if len(text := str(value)) == len("2026-01-01"):
                return hanoi_midnight(date.fromisoformat(text))
            moment = datetime.fromisoformat(text)
        except ValueError:
            self.fail(f"{value!r} is neither YYYY-MM-DD nor a time", param, ctx)
        if moment.tzinfo is None:
            self.fail(f"{value!r} names no zone, such as +07:00", param, ctx)
        return moment


FROM = click.option("--from", "begins", type=Moment(), required=True, help="First day, or a time.")
UNTIL = click.option("--until", "last_day", type=DAY, help="Last day, included; else no end.")
AT = click.option("--at", type=Moment(), help="From when on it no longer counts; else from now.")
ON = click.option("--on", "day", type=DAY, help="Only what holds on this day.")


def author() -> str:
    """Who enters: BANSAO_ADMIN, else the user of this machine."""
    return os.environ.get("BANSAO_ADMIN") or getpass.getuser()


def end_of(last_day: datetime | None) -> datetime | None:
    """Where the last day of a term ends."""
    from registry.authority.records import day_after

    return None if last_day is None else day_after(last_day.date())


def at_or_now(at: datetime | None) -> datetime:
    return at or datetime.now(UTC)


def with_store(act: "Callable[[Store], Awaitable[Answer]]") -> Answer:
    """Run an act as registry_admin on the registry of BANSAO_DATA."""
    from bansao.database import open_registry
    from registry.settings import Settings as RegistrySettings
    from registry.store import Store

    async def run() -> Answer:
        url = RegistrySettings.from_env(os.environ).role_url("registry_admin")
        async with await Store.connect(url, connections=1) as store:
            return await act(store)

    with open_registry(Settings.from_env(os.environ), role="registry_admin"):
        return asyncio.run(run())


def enter(act: "Callable[[Entering], Awaitable[Entered]]") -> "Entered":
    """Enter something, all or nothing."""

    async def entering(store: "Store") -> "Entered":
        async with store.entering() as transaction:
            return await act(transaction)

    return with_store(entering)


def read() -> "Records":
    """Everything that stands."""

    async def reading(store: "Store") -> "Records":
        async with store.authority() as authority:
            return await authority.everything()

    return with_store(reading)


def end_command(what: str, kind: "EndKind", words: str) -> click.Command:
    """`end NUMBER`, the same for all that is entered under a number."""

    @click.command("end", help=words)
    @click.argument("number", type=int)
    @AT
    @REASON
    @AS_JSON
    def end(number: int, at: datetime | None, reason: str, as_json: bool) -> None:
        entered = enter(
            lambda entering: entering.end(
                what, number, kind=kind, ended_at=at_or_now(at), reason=reason, by=author()
            )
        )
        tell(f"end of {what}", number, entered, as_json=as_json)

    return end


def tell(what: str, which: object, entered: "Entered", *, as_json: bool) -> None:
    """Answer what was entered, or that it stood already."""
    number = {"id": entered.id} if entered.id else {}
    if as_json:
        show_json({"what": what, "which": str(which), **number, "new": entered.new})
        return
    stands = "entered" if entered.new else "stands already, nothing entered"
    click.echo(f"{what} {which}{f', number {entered.id}' if number else ''}: {stands}")


def tell_all(name: str, rows: Sequence[Mapping[str, Any]], *, as_json: bool) -> None:
    """Answer a list, one row a line."""
    if as_json:
        show_json({name: rows})
        return
    for row in rows:
        click.echo("  ".join(_plain(value) for value in row.values() if value is not None))


def _plain(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_plain(one)}" for name, one in value.items())
    if isinstance(value, list):
        return "+".join(str(one) for one in value)
    return str(value)


def show_json(answer: Mapping[str, Any]) -> None:
    click.echo(json.dumps(answer, ensure_ascii=False))


def in_time(term: "Term", day: datetime | None) -> bool:
    """Whether it holds at any time of the day; of no day, always."""
    from registry.authority.records import day_after, hanoi_midnight

    if day is None:
        return True
    begins, ends = hanoi_midnight(day.date()), day_after(day.date())
    return term.begins < ends and not term.over(begins)


def term_shown(term: "Term") -> dict[str, str | None]:
    """The times of a term as they were entered, in Hanoi's zone."""
    from registry.clock import HANOI

    times = {"valid_from": term.begins, "valid_until": term.until, "ended_at": term.ended}
    return {
        name: None if time is None else time.astimezone(HANOI).isoformat()
        for name, time in times.items()
    }
