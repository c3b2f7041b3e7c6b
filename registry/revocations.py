"""The published list of cancelled copies (TT 01/2020 art. 7), newest first.

As in `lookup.py`, columns find and bodies answer. What is listed is what the publisher has listed
of the published log: who doubts that it is all reads the log itself.
"""

from datetime import date, datetime

import msgspec

from registry.entry import Issued, StatusChange, parse_entry
from registry.errors import ChainBroken
from registry.log.checkpoint import Checkpoint
from registry.proving import latest_checkpoint
from registry.store import Store
from registry.store.listing import RevokedRow


class Revocation(msgspec.Struct, frozen=True, kw_only=True):
    """A cancelled copy by what the public log says of it: no name and no code.

    `index` is the revocation's place in the log, `issued_index` the issue's.
    """

    index: int
    issued_index: int
    code_hash: bytes
    unit_code: str
    unit_name: str
    book: str
    number: int
    certified_at: datetime
    decision: str
    decided_on: date
    reason: str
    entered_at: datetime


class RevokedPage(msgspec.Struct, frozen=True, kw_only=True):
    """`older` is what to ask `before` for the next page; None on the last one."""

    revocations: tuple[Revocation, ...]
    older: int | None
    checkpoint: Checkpoint


class ListedUnit(msgspec.Struct, frozen=True):
    """Code and name of a unit that has revocations."""

    code: str
    name: str


async def revoked(
    store: Store,
    *,
    unit_code: str | None = None,
    month: date | None = None,
    before: int | None = None,
    most: int = 50,
) -> RevokedPage:
    """Revocations entered before entry `before`, of one unit, decided in the month that begins on
    `month`. One statement through an index, wherever in the list.

    Raises NothingPublished, RegistryUnavailable, ChainBroken.
    """
    checkpoint = await latest_checkpoint(store)
    async with store.listing() as listing:
        rows = await listing.revoked(unit_code, month, before, most + 1)
    shown = tuple(_revocation(row) for row in rows[:most])
    older = shown[-1].index if len(rows) > most else None
    return RevokedPage(revocations=shown, older=older, checkpoint=checkpoint)


async def units_with_revocations(store: Store) -> list[ListedUnit]:
    """Ordered by code."""
    async with store.listing() as listing:
        return [
            ListedUnit(code, name or code) for code, name in await listing.units_with_revocations()
        ]


def _revocation(row: RevokedRow) -> Revocation:
    change, issued = parse_entry(row.body), parse_entry(row.issued_body)
    if (
        not isinstance(change, StatusChange)
        or not isinstance(issued, Issued)
        or change.kind != "revoked"
        or change.code_hash != issued.code_hash
    ):
        raise ChainBroken(f"entry {row.entry_index}: listed as a revocation that it is not")
    return Revocation(
        index=row.entry_index,
        issued_index=row.issued_index,
        code_hash=change.code_hash,
        unit_code=issued.unit_code,
        unit_name=row.unit_name or issued.unit_code,
        book=issued.book,
        number=issued.number,
        certified_at=issued.certified_at,
        decision=change.decision,
        decided_on=change.decided_on,
        reason=change.reason,
        entered_at=change.occurred_at,
    )
