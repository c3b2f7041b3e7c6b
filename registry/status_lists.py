"""Keeping the signed status lists, and the list of revocations, up with what is published.

What is listed is the state at the newest published checkpoint, so it lags behind the log as the
portal does and by a few seconds more. A list is signed anew once something in it has changed, and
from time to time so that its age says that nothing has.
"""

import asyncio
import logging
from datetime import datetime, timedelta
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.clock import Clock
from registry.entry import ChangeKind, Issued, StatusChange, parse_entry
from registry.errors import ChainBroken, NothingPublished, RegistryUnavailable
from registry.log.checkpoint import Checkpoint
from registry.proving import latest_checkpoint
from registry.status import Verdict
from registry.status_list import (
    LIFETIME,
    TIME_TO_LIVE,
    SignedAt,
    Statuses,
    StatusList,
    list_uri,
)
from registry.status_token import sign_cwt, sign_jwt
from registry.store import Store
from registry.store.listing import ChangeRow, RevocationRow, SignedList

_log = logging.getLogger(__name__)

#: A day of many revocations makes one list in so many seconds, not one each.
_LEAST_AGE: Final = timedelta(seconds=5)
#: A list in which nothing changes is renewed when this old, long before it expires.
_MOST_AGE: Final = timedelta(hours=1)
_AT_ONCE: Final = 2048
_LEADS_TO: Final[dict[ChangeKind, Verdict]] = {
    "suspended": "suspended",
    "reinstated": "valid",
    "revoked": "revoked",
    "superseded": "superseded",
}


class StatusLists:
    """All lists at one checkpoint, in memory; rebuilt from the log by whoever starts."""

    def __init__(self, store: Store, key: Ed25519PrivateKey, portal_url: str, clock: Clock) -> None:
        self._store = store
        self._key = key
        self._portal_url = portal_url
        self._clock = clock
        self._size = 0
        self._lists: dict[int, Statuses] = {}
        self._changed: set[int] = set()
        self._signed_at: dict[int, datetime] = {}

    async def advance(self) -> None:
        """Take in what was published since, sign what is due.

        Needs `registry_publisher`. Raises RegistryUnavailable, NothingPublished; ChainBroken when
        what is stored contradicts itself: nothing is signed then.
        """
        checkpoint = await latest_checkpoint(self._store)
        await self._follow(checkpoint.size)
        async with self._store.listing() as listing:
            newest = await listing.newest_list()
        for number in range(newest + 1):
            if self._is_due(number):
                await self._sign(number, checkpoint)

    async def _follow(self, size: int) -> None:
        async with self._store.listing() as listing:
            listed = await listing.last_revocation()
            while self._size < size:
                rows = await listing.changes(self._size, size, _AT_ONCE)
                revoked = [one for row in rows if (one := self._take_in(row))]
                await listing.add_revocations([one for one in revoked if one.entry_index > listed])
                self._size = rows[-1].entry_index + 1 if len(rows) == _AT_ONCE else size

    def _take_in(self, row: ChangeRow) -> RevocationRow | None:
        change, issued = parse_entry(row.body), parse_entry(row.issued_body)
        if (
            not isinstance(change, StatusChange)
            or not isinstance(issued, Issued)
            or change.code_hash != issued.code_hash
        ):
            raise ChainBroken(f"entry {row.entry_index}: not a change of its copy")
        verdict = _LEADS_TO.get(change.kind)  # erasing leaves the verdict alone
        if row.place is not None and verdict is not None:
            statuses = self._lists.setdefault(row.place.list, Statuses())
            if statuses.set(row.place.index, verdict):
                self._changed.add(row.place.list)
        if change.kind != "revoked":
            return None
        month = change.decided_on.replace(day=1)
        return RevocationRow(row.entry_index, row.issued_index, issued.unit_code, month)

    def _is_due(self, number: int) -> bool:
        signed_at = self._signed_at.get(number)
        if signed_at is None:
            return True
        age = self._clock() - signed_at
        return age >= (_LEAST_AGE if number in self._changed else _MOST_AGE)

    async def _sign(self, number: int, checkpoint: Checkpoint) -> None:
        now = self._clock().replace(microsecond=0)
        said = StatusList(
            uri=list_uri(self._portal_url, number),
            issued_at=now,
            expires_at=now + LIFETIME,
            ttl=int(TIME_TO_LIVE.total_seconds()),
            lst=self._lists.get(number, Statuses()).compressed(),
            checkpoint=SignedAt(
                origin=checkpoint.origin, size=checkpoint.size, root=checkpoint.root_hash
            ),
        )
        signed = SignedList(sign_jwt(self._key, said), sign_cwt(self._key, said), now)
        async with self._store.listing() as listing:
            await listing.add_list(number, checkpoint.size, signed)
        self._changed.discard(number)
        self._signed_at[number] = now


async def keep_status_lists(
    store: Store, key: Ed25519PrivateKey, portal_url: str, clock: Clock, every: float = 1.0
) -> None:
    """`advance` again and again, `every` seconds, until cancelled; ChainBroken ends it."""
    lists = StatusLists(store, key, portal_url, clock)
    while True:
        try:
            await lists.advance()
        except NothingPublished:
            pass
        except RegistryUnavailable:
            _log.warning("no status list is signed: the database is not available")
        await asyncio.sleep(every)
