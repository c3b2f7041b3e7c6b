"""Codes and PDFs over a whole log's files: issued once, changed lawfully (pure)."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

import numpy as np

from registry.audit.law import Step, judge_steps
from registry.audit.matrix import Bytes, Integers, whole
from registry.audit.reconcile import entry_place
from registry.audit.report import Findings
from registry.entry import Issued, StatusChange
from registry.log.tree import HASH_BYTES

#: No row.
NONE: Final = -1
#: Of an issuing entry the law asks nothing but that it is there.
_ISSUED: Final = Issued(
    code_hash=b"",
    occurred_at=datetime.min.replace(tzinfo=UTC),
    pdf_digest=b"",
    commitment=b"",
    signer_fingerprint=b"",
    seal_fingerprint=b"",
    unit_code="",
    book="",
    number=0,
    certified_at=datetime.min.replace(tzinfo=UTC),
)


class Issues:
    """Which entry issued a hash: `hashes`, one a row, of the entries `indexes`. `order`: the rows,
    sorted by their hashes.
    """

    def __init__(self, indexes: Integers, hashes: Bytes) -> None:
        self.indexes, self.hashes = indexes, np.ascontiguousarray(hashes)
        begun = _beginnings(self.hashes)
        self.order = np.argsort(begun)
        self._begun = begun[self.order]
        same = np.flatnonzero(self._begun[1:] == self._begun[:-1])
        if len(same):  # the first eight bytes do not tell all of them apart
            self.order = np.lexsort(self.hashes.view(">u8").T[::-1])
        #: The rows of the hashes that begin as another one does.
        self._alike = self.order[np.union1d(same, same + 1)].tolist()
        self._firsts: dict[bytes, int] = {}
        for row in sorted(self._alike, key=self.indexes.__getitem__):
            self._firsts.setdefault(self._hash(row), row)

    def repeated(self) -> Iterator[tuple[int, bytes]]:
        """Entries that issue what an earlier one has issued, and the hash."""
        for row in self._alike:
            if self._firsts[self._hash(row)] != row:
                yield int(self.indexes[row]), self._hash(row)

    def firsts(self, values: Sequence[bytes]) -> Integers:
        """The row of the first entry that issued each of these hashes, or NONE."""
        if not len(self.order) or not values:
            return np.full(len(values), NONE)
        wanted = np.frombuffer(b"".join(values), np.uint8).reshape(-1, HASH_BYTES)
        places = np.searchsorted(self._begun, _beginnings(wanted))
        rows: Integers = self.order[np.minimum(places, len(self.order) - 1)]
        rows[~whole(self.hashes[rows] == wanted)] = NONE
        if self._firsts:
            rows = np.array([self._firsts.get(*one) for one in zip(values, rows, strict=True)])
        return rows

    def _hash(self, row: int) -> bytes:
        return bytes(self.hashes[row])


def _beginnings(hashes: Bytes) -> Integers:
    """The first eight bytes as numbers, whose order is that of the bytes."""
    return hashes.view(">u8")[:, 0].astype(np.uint64)


def judge_unique(field: str, issues: Issues, findings: Findings) -> None:
    for index, value in sorted(issues.repeated()):
        findings.add("duplicate", entry_place(index), field, "issued once", value)


def judge_changes(
    codes: Issues, changes: Sequence[tuple[int, StatusChange]], findings: Findings
) -> None:
    """`changes` with their entries' indexes, in order."""
    changed = {change.code_hash for _, change in changes}
    successors = {change.successor for _, change in changes if change.successor is not None}
    wanted = list(changed | successors)
    steps = [
        Step(int(codes.indexes[row]), code_hash, _ISSUED)
        for row, code_hash in zip(codes.firsts(wanted).tolist(), wanted, strict=True)
        if row != NONE
    ]
    steps += [Step(index, change.code_hash, change) for index, change in changes]
    judge_steps(steps, changed, entry_place, findings)
