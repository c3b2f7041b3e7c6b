"""Codes and PDFs over a whole log's files: issued once, changed lawfully (pure)."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final

import numpy as np

from registry.audit.hashing import Bytes
from registry.audit.law import History, judge_history
from registry.audit.layout import Integers
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
        self._indexes, self._hashes = indexes, hashes

    def repeated(self) -> Iterator[tuple[int, bytes]]:
        """Entries that issue what an earlier one has issued, and the hash."""
        alike = np.flatnonzero(self._begun[1:] == self._begun[:-1])
        for at in np.union1d(alike, alike + 1):
            index, value = self._issue(at)
            if self.first(value) != index:
                yield index, value

    def first(self, value: bytes) -> int | None:
        """The first entry that issued this hash."""
        begun = np.frombuffer(value, np.int64)[0]
        begin, end = (np.searchsorted(self._begun, begun, side) for side in ("left", "right"))
        found = (self._issue(at) for at in range(begin, end))
        return min((index for index, one in found if one == value), default=None)

    def _issue(self, at: int) -> tuple[int, bytes]:
        """By the order of hashes: the entry, and the hash that it issued."""
        row = self._order[at]
        return int(self._indexes[row]), self._hashes[row].tobytes()


def judge_unique(field: str, issues: Issues, findings: Findings) -> None:
    for index, value in sorted(issues.repeated()):
        findings.add("duplicate", entry_place(index), field, "issued once", value)


def judge_changes(
    codes: Issues, changes: Iterable[tuple[int, StatusChange]], findings: Findings
) -> None:
    """`changes` with their entries' indexes, in order."""
    histories: dict[bytes, History] = {}

    def history_of(code_hash: bytes) -> History:
        if code_hash not in histories:
            issued = codes.first(code_hash)
            histories[code_hash] = [] if issued is None else [(issued, _ISSUED)]
        return histories[code_hash]

    for index, change in changes:
        history_of(change.code_hash).append((index, change))
    for history in histories.values():
        history.sort(key=lambda one: one[0])
    for history in list(histories.values()):
        judge_history(history, history_of, entry_place, findings)
