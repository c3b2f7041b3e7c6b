"""Numbers of the certification book (NĐ 23/2015 arts 13 and 20): consecutive, one an original.

A number stands in the signed PDF, so it is reserved before signing and stays with its original
through every crash and retry; it ends in issued copies or, with a reason, void. Numbers begin at 1
in each unit and local year and run on across the year's volumes.
"""

from datetime import datetime
from uuid import UUID

from registry.batch import BookLine
from registry.book_line import BookNumber, LineColumns, local_year, volume_name
from registry.errors import NumberVoid, UnknownReservation
from registry.store import Store
from registry.store.numbering import Numbering, Reserved


async def reserve_number(
    store: Store,
    *,
    unit_code: str,
    original_id: UUID,
    at: datetime,
    columns: LineColumns | None = None,
) -> BookNumber:
    """The original's number: the one it has already, else the next of the unit and of `at`'s local
    year, its other columns with it.

    What a copy says of its time must be the answer's `reserved_at`: an earlier one for a number
    that was there, a later one when the number before it is of a machine whose clock is ahead.
    Needs `registry_writer`. Raises NumberVoid when its number was voided.
    """
    async with store.numbering() as numbering:
        year = local_year(at)
        await numbering.lock_book(unit_code, year)
        if reserved := await numbering.reserved_for(original_id):
            return _usable(reserved)
        book = await _current_volume(numbering, unit_code, year)
        new = await numbering.reserve(unit_code, year, book, original_id, at)
        if new is None:
            return _usable(await numbering.reserved_for(original_id))
        if columns:
            await numbering.fill(BookLine(unit_code, book, new.number), columns)
    return new


async def void_number(store: Store, *, original_id: UUID, reason: str) -> None:
    """End a reservation without a copy; the line stays in the book with its reason.

    Idempotent: the first reason stays. Raises UnknownReservation, NumberIssued.
    """
    async with store.numbering() as numbering:
        await _void(numbering, await numbering.reserved_for(original_id), reason)


async def void_line(store: Store, *, unit_code: str, year: int, number: int, reason: str) -> None:
    """As `void_number`, for who reads the number in the book."""
    async with store.numbering() as numbering:
        await _void(numbering, await numbering.reserved_as(unit_code, year, number), reason)


async def open_volume(store: Store, *, unit_code: str, at: datetime) -> str:
    """Open the next volume of the unit's book of `at`'s local year; returns its name.

    Only a person's decision opens a volume, since only a person knows when one is full to be bound;
    but for the year's first, which its first number opens. Not idempotent.
    """
    async with store.numbering() as numbering:
        year = local_year(at)
        await numbering.lock_book(unit_code, year)
        volume = await numbering.newest_volume(unit_code, year)
        return await numbering.open_volume(unit_code, year, volume + 1)


async def _current_volume(numbering: Numbering, unit_code: str, year: int) -> str:
    volume = await numbering.newest_volume(unit_code, year)
    return volume_name(volume, year) if volume else await numbering.open_volume(unit_code, year, 1)


async def _void(numbering: Numbering, reserved: Reserved | None, reason: str) -> None:
    if reserved is None:
        raise UnknownReservation("no such number was reserved")
    if not reserved.void:
        await numbering.void(reserved.line, reason)


def _usable(reserved: Reserved | None) -> BookNumber:
    if reserved is None:
        raise UnknownReservation("no number was reserved for this original")
    if reserved.void:
        raise NumberVoid("the original's number was voided")
    return reserved.number
