"""Numbers of the certification book."""

from uuid import UUID

import msgspec

from registry.store import Store


class BookNumber(msgspec.Struct, frozen=True, kw_only=True):
    """One line of one unit's book of one year, e.g. book `01/2026-SCTĐT/BS`, number 123."""

    book: str
    number: int


async def reserve_number(
    store: Store, *, unit_code: str, year: int, original_id: UUID
) -> BookNumber:
    raise NotImplementedError


async def void_number(store: Store, *, original_id: UUID, reason: str) -> None:
    raise NotImplementedError
