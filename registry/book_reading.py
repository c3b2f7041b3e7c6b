"""Reading the book as a clerk does: a month to print, a year to close. Needs `registry_clerk`."""

from datetime import datetime
from typing import NamedTuple

import msgspec

from registry.book_line import BookNumber, FiledLine, Totals
from registry.clock import HANOI
from registry.store import Store


class Month(NamedTuple):
    """A month of the local calendar."""

    year: int
    month: int

    @property
    def start(self) -> datetime:
        return datetime(self.year, self.month, 1, tzinfo=HANOI)

    @property
    def end(self) -> datetime:
        return datetime(self.year + self.month // 12, self.month % 12 + 1, 1, tzinfo=HANOI)


class FiledMonth(msgspec.Struct, frozen=True, kw_only=True):
    """One unit's lines of one month by number, and the totals of the year's months before it."""

    lines: list[FiledLine]
    before: Totals


class FiledYear(msgspec.Struct, frozen=True, kw_only=True):
    """What a unit's book of one year comes to; `open` are the numbers that are not decided yet."""

    volumes: list[str]
    totals: Totals
    open: list[BookNumber]


async def read_month(store: Store, *, unit_code: str, month: Month) -> FiledMonth:
    """All of one moment."""
    new_year = Month(month.year, 1).start
    async with store.filing() as filing:
        return FiledMonth(
            lines=await filing.lines(unit_code, month.year, month.start, month.end),
            before=await filing.totals(unit_code, month.year, new_year, month.start),
        )


async def read_year(store: Store, *, unit_code: str, year: int) -> FiledYear:
    """All of one moment."""
    async with store.filing() as filing:
        return FiledYear(
            volumes=await filing.volumes(unit_code, year),
            totals=await filing.totals(unit_code, year, Month(year, 1).start, Month(year, 12).end),
            open=await filing.open_numbers(unit_code, year),
        )
