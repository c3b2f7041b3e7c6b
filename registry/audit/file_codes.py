"""Codes and PDFs over a whole log's files: issued once, changed lawfully (pure)."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

import numpy as np

from registry.audit.law import Step, judge_steps
from registry.audit.matrix import Bytes, Integers
from registry.audit.reconcile import entry_place
from registry.audit.report import Findings
from registry.entry import Issued, StatusChange

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
    """Which entry issued a hash: `hashes`, one a row, of the entries `indexes`."""

    def __init__(self, indexes: Integers, hashes: Bytes) -> None:
        begun = hashes.view(np.int64)[:, 0]
        self._order = np.argsort(begun)
        self._begun = begun[self._order]
        self.indexes, self.hashes = indexes, hashes
        #: Of the hashes that begin as another one does.
        self._firsts: dict[bytes, int] = {}
        for index, value in self._alike():
            self._firsts[value] = min(index, self._firsts.get(value, index))

    def repeated(self) -> Iterator[tuple[int, bytes]]:
        """Entries that issue what an earlier one has issued, and the hash."""
        return (issue for issue in self._alike() if self._firsts[issue[1]] != issue[0])

    def firsts(self, values: Sequence[bytes]) -> list[int | None]:
        """The first entry that issued each of these hashes."""
        begun = np.frombuffer(b"".join(value[:8] for value in values), np.int64)
        places = np.searchsorted(self._begun, begun).tolist()
        return [self._first(at, value) for at, value in zip(places, values, strict=True)]

    def _first(self, at: int, value: bytes) -> int | None:
        """`at`: where the hashes that begin so stand."""
        if value in self._firsts:
            return self._firsts[value]
        index, found = self._issue(at) if at < len(self._order) else (None, b"")
        return index if found == value else None

    def _alike(self) -> Iterator[tuple[int, bytes]]:
        same = np.flatnonzero(self._begun[1:] == self._begun[:-1])
        return map(self._issue, np.union1d(same, same + 1).tolist())

    def _issue(self, at: int) -> tuple[int, bytes]:
        """By the order of hashes: the entry, and the hash that it issued."""
        row = self._order[at]
        return int(self.indexes[row]), self.hashes[row].tobytes()


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
        Step(index, code_hash, _ISSUED)
        for index, code_hash in zip(codes.firsts(wanted), wanted, strict=True)
        if index is not None
    ]
    steps += [Step(index, change.code_hash, change) for index, change in changes]
    judge_steps(steps, changed, entry_place, findings)
