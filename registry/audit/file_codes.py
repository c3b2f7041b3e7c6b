"""Codes and PDFs over a whole log's files: issued once, changed lawfully (pure)."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

import numpy as np

from registry.audit.law import History, judge_history
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

    def repeated(self) -> Iterator[tuple[int, bytes]]:
        """Entries that issue what an earlier one has issued, and the hash."""
        alike = np.flatnonzero(self._begun[1:] == self._begun[:-1]).tolist()
        for at in sorted({*alike, *(at + 1 for at in alike)}):
            index, value = self._issue(at)
            if self.first(value) != index:
                yield index, value

    def first(self, value: bytes) -> int | None:
        """The first entry that issued this hash."""
        return self.firsts([value])[0]

    def firsts(self, values: Sequence[bytes]) -> list[int | None]:
        """The first entry that issued each of these hashes."""
        begun = np.frombuffer(b"".join(value[:8] for value in values), np.int64)
        begins = np.searchsorted(self._begun, begun).tolist()
        ends = np.searchsorted(self._begun, begun, "right").tolist()
        return [
            min(
                (index for index, one in map(self._issue, range(*places)) if one == value),
                default=None,
            )
            for value, *places in zip(values, begins, ends, strict=True)
        ]

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
    changed = list(dict.fromkeys(change.code_hash for _, change in changes))
    histories = dict(zip(changed, map(_begun, codes.firsts(changed)), strict=True))

    def history_of(code_hash: bytes) -> History:
        if code_hash not in histories:
            histories[code_hash] = _begun(codes.first(code_hash))
        return histories[code_hash]

    for index, change in changes:
        history_of(change.code_hash).append((index, change))
    for history in histories.values():
        history.sort(key=lambda one: one[0])
    for history in list(histories.values()):
        judge_history(history, history_of, entry_place, findings)


def _begun(issued: int | None) -> History:
    """The history of a code, before it was ever changed."""
    return [] if issued is None else [(issued, _ISSUED)]
