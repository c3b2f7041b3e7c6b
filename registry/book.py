"""Numbers of the certification book (NĐ 23/2015 arts 13 and 20): consecutive, one an original.

A number stands in the signed PDF, so it is reserved before signing and stays with its original
through every crash and retry; it ends in an issued copy or, with a reason, void.
"""

from uuid import UUID

import msgspec

from registry.errors import NumberVoid, UnknownReservation
from registry.store import Store


class BookNumber(msgspec.Struct, frozen=True, kw_only=True):
    """One line of one unit's book of one year, e.g. book `01/2026-SCTĐT/BS`, number 123."""

    book: str
    number: int


async def reserve_number(
    store: Store, *, unit_code: str, year: int, original_id: UUID
) -> BookNumber:
    """The original's number: the one it has already, else the next of the unit and local year.

    Needs `registry_writer`. Raises NumberVoid when its number was voided.
    """
    async with store.numbering() as numbering:
        await numbering.lock_book(unit_code, year)
        if reserved := await numbering.line_of(original_id):
            line, void = reserved
            if void:
                raise NumberVoid("the original's number was voided")
            return BookNumber(book=line.book, number=line.number)
        book = await numbering.open_book(unit_code, year, f"01/{year}-SCTĐT/BS")
        number = await numbering.reserve(unit_code, year, book, original_id)
    return BookNumber(book=book, number=number)


async def void_number(store: Store, *, original_id: UUID, reason: str) -> None:
    """End a reservation without a copy; the line stays in the book with its reason.

    Idempotent: the first reason stays. Raises UnknownReservation, NumberIssued.
    """
    async with store.numbering() as numbering:
        reserved = await numbering.line_of(original_id)
        if reserved is None:
            raise UnknownReservation("no number was reserved for this original")
        line, void = reserved
        if not void:
            await numbering.void(line, reason)
