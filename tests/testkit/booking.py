"""Processes that certify at the registry's level for ever, to be killed.

What each begins is told before, so that whoever takes its place goes on with it. Their clocks are
shifted: midnight comes when the test wants it to.
"""

import asyncio
import random
import uuid
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from typing import Final, NamedTuple

import msgspec

from registry.append import Appender
from registry.book import reserve_number, void_number
from registry.book_line import BookNumber
from registry.certified_copy import CertifiedCopy
from registry.clock import Clock, utc_now
from registry.errors import BookClosed, NumberVoid
from registry.store import Store
from tests.testkit.copies import made_up_columns, made_up_copy

UNITS: Final = ("00004", "00070", "00127", "00256", "00622")
_CALLERS: Final = 2
_MOST_COPIES: Final = 3


class Original(NamedTuple):
    """What somebody wants copied; without copies its number is going to be void."""

    id: uuid.UUID
    unit_code: str
    copies: tuple[CertifiedCopy, ...]

    @property
    def fee(self) -> int:
        return 4_000 * len(self.copies)


class Begins(NamedTuple):
    original: Original


class Numbered(NamedTuple):
    original_id: uuid.UUID
    line: BookNumber


class Ends(NamedTuple):
    original_id: uuid.UUID


Told = Begins | Numbered | Ends


def an_original(chance: random.Random) -> Original:
    unit = chance.choice(UNITS)
    count = 0 if chance.random() < 0.15 else chance.randint(1, _MOST_COPIES)
    copies = (msgspec.structs.replace(made_up_copy(), unit_code=unit) for _ in range(count))
    return Original(uuid.uuid4(), unit, tuple(copies))


def certify_for_ever(
    told: Connection, url: str, shift: timedelta, left: Iterable[Original], seed: int
) -> None:
    """Two callers; `left` are originals that another process had begun with."""

    async def work() -> None:
        chance, todo = random.Random(seed), list(left)  # noqa: S311
        async with open_certifying(url, shift, told.send) as certifying:

            async def call() -> None:
                while True:
                    await certifying.certify(todo.pop() if todo else an_original(chance))

            await asyncio.gather(*(call() for _ in range(_CALLERS)))

    asyncio.run(work())


class Certifying:
    """Takes originals from the intent to the end; made by `open_certifying`."""

    def __init__(
        self, store: Store, appender: Appender, now: Clock, tell: Callable[[Told], None]
    ) -> None:
        self._store = store
        self._appender = appender
        self._now = now
        self._tell = tell

    async def certify(self, original: Original) -> None:
        self._tell(Begins(original))
        try:
            line = await self._number(original)
        except NumberVoid:
            if original.copies:
                raise
            self._tell(Ends(original.id))  # by a process that did not live to tell it
            return
        self._tell(Numbered(original.id, line))
        for copy in original.copies:
            await self._appender.register(
                msgspec.structs.replace(
                    copy, book=line.book, number=line.number, certified_at=line.reserved_at
                )
            )
        if not original.copies:
            await void_number(self._store, original_id=original.id, reason="Rút hồ sơ")
        self._tell(Ends(original.id))

    async def _number(self, original: Original) -> BookNumber:
        """Whoever stands at the counter at midnight while the old book is closed asks again."""
        while True:
            try:
                return await reserve_number(
                    self._store,
                    unit_code=original.unit_code,
                    original_id=original.id,
                    at=self._now(),
                    columns=made_up_columns(
                        copies=max(1, len(original.copies)), gross=original.fee, net=original.fee
                    ),
                )
            except BookClosed:
                await asyncio.sleep(0.01)


@asynccontextmanager
async def open_certifying(
    url: str, shift: timedelta, tell: Callable[[Told], None]
) -> AsyncIterator[Certifying]:
    """With a clock that is off by `shift`."""

    def now() -> datetime:
        return utc_now() + shift

    async with await Store.connect(url) as store, Appender(store, now) as appender:
        yield Certifying(store, appender, now, tell)
