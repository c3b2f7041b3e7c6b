"""Closing a unit's book at the year's end, for ever: with a printed statement, and as an entry.

The rules: the local year is over, every number is issued or void. The database holds the second one
again, under the lock that numbers are taken under, and takes no number of that year afterwards.
"""

import hashlib
from collections.abc import Callable

import msgspec

from registry.append import Appender
from registry.book_reading import FiledYear, Month, read_year
from registry.certified_copy import Receipt
from registry.clock import Clock
from registry.errors import NumbersOpen, YearNotOver
from registry.store import Store


class Closing(msgspec.Struct, frozen=True, kw_only=True):
    """What the year came to, and the statement whose SHA-256 the entry holds."""

    receipt: Receipt
    filed: FiledYear
    statement: bytes


async def close_year(
    clerk: Store,
    appender: Appender,
    clock: Clock,
    *,
    unit_code: str,
    year: int,
    state: Callable[[FiledYear], bytes],
    decided_by: str,
    entered_by: str,
) -> Closing:
    """Close the book; `state` makes the print of what it comes to, the same for the same.

    Idempotent: closed again with the same statement, it has the first receipt. `clerk` reads as
    `registry_clerk`. Raises YearNotOver, NumbersOpen, ClosingRefused when somebody took or ended a
    number meanwhile, BookClosed when it is closed with another statement.
    """
    if clock() < Month(year, 12).end:
        raise YearNotOver(f"the year {year} is not over in Hanoi")
    filed = await read_year(clerk, unit_code=unit_code, year=year)
    if filed.open:
        raise NumbersOpen([line.number for line in filed.open])
    statement = state(filed)
    receipt = await appender.close_book(
        unit_code,
        year,
        numbers=filed.totals.numbers,
        void=filed.totals.void,
        pdf_digest=hashlib.sha256(statement).digest(),
        decided_by=decided_by,
        entered_by=entered_by,
    )
    return Closing(receipt=receipt, filed=filed, statement=statement)
