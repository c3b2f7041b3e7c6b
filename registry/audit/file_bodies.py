"""The entries of one stretch of a log's files, as their bodies tell them (pure)."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np

from registry.audit.bodies import Batch, read_bodies
from registry.audit.bundles import Bundles
from registry.audit.entries import Edge
from registry.audit.file_reading import TOGETHER
from registry.audit.matrix import Bytes, Integers
from registry.audit.reconcile import entry_place
from registry.audit.report import FileFindings
from registry.entry import Closed, Issued, StatusChange, parse_entry
from registry.errors import MalformedEntry
from registry.log.tiles import WIDTH
from registry.log.tree import HASH_BYTES

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_UNKNOWN: Final = np.iinfo(np.int64).min


class StretchBodies:
    """`leaves`: one hash an entry, zeros for a bundle that could not be read.

    Of the issued copies: `issued`, their entries' indexes; `codes` and `pdfs`, a hash a row.
    """

    def __init__(self, start: int, end: int, bundles: Iterable[Bundles]) -> None:
        self.findings = FileFindings()
        self.leaves = np.zeros((end - start, HASH_BYTES), np.uint8)
        self.changes: list[tuple[int, StatusChange]] = []
        self.closings: list[tuple[int, Closed]] = []
        self._start = start
        self._at = np.full(end - start, _UNKNOWN)
        self._issued: list[Integers] = []
        self._hashes: dict[str, list[Bytes]] = {"code_hash": [], "pdf_digest": []}
        for at, some in enumerate(bundles):
            self._read(some, at * TOGETHER * WIDTH)
        self._judge_times()

    @property
    def issued(self) -> Integers:
        return np.concatenate([np.empty(0, np.int64), *self._issued]) + self._start

    def hashes(self, name: str) -> Bytes:
        """`code_hash` or `pdf_digest` of the issued copies, in the order of `issued`."""
        return np.concatenate([np.empty((0, HASH_BYTES), np.uint8), *self._hashes[name]])

    def edges(self) -> tuple[Edge | None, Edge | None]:
        """The times of the first and the last entry; files do not tell what links them."""
        return self._edge(0), self._edge(-1)

    def _edge(self, at: int) -> Edge | None:
        return None if self._at[at] == _UNKNOWN else Edge(b"", _moment(self._at[at]))

    def _read(self, bundles: Bundles, first: int) -> None:
        """Bundles of which the first entry's place in the stretch is `first`."""
        places, bodies = bundles.places + first, bundles.bodies
        self.leaves[places] = bodies.leaf_hashes()
        unread = np.ones(len(places), np.bool_)
        for batch in read_bodies(bodies):
            unread[batch.rows[batch.sound]] = False
            self._take(batch, places)
        for at in np.flatnonzero(unread).tolist():
            self._read_exactly(int(places[at]), bodies.body(at))

    def _take(self, batch: Batch, places: Integers) -> None:
        """Keep what its sound bodies say."""
        for name, hashes in self._hashes.items():
            hashes.append(batch.hashes(name))
        rows = places[batch.rows[batch.sound]]
        self._issued.append(rows)
        self._at[rows] = batch.times["occurred_at"][batch.sound]

    def _read_exactly(self, at: int, body: bytes) -> None:
        try:
            entry = parse_entry(body)
        except MalformedEntry as error:
            where = entry_place(self._start + at)
            self.findings.add("body", where, "body", "a canonical body", error)
            return
        self._at[at] = (entry.occurred_at - _EPOCH) // _MICROSECOND
        if isinstance(entry, Issued):
            self._issued.append(np.array([at]))
            for name, hashes in self._hashes.items():
                hashes.append(np.frombuffer(getattr(entry, name), np.uint8).reshape(1, -1))
        elif isinstance(entry, StatusChange):
            self.changes.append((self._start + at, entry))
        else:
            self.closings.append((self._start + at, entry))

    def _judge_times(self) -> None:
        known = np.flatnonzero(self._at != _UNKNOWN)
        moments = self._at[known]
        for late in np.flatnonzero(moments[1:] < moments[:-1]).tolist():
            where = entry_place(self._start + int(known[late + 1]))
            expected = f"not before {_moment(moments[late]).isoformat()}"
            found = _moment(moments[late + 1]).isoformat()
            self.findings.add("time", where, "occurred_at", expected, found)


def _moment(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=int(microseconds))
