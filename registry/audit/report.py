"""What an audit says: contradictions, each named exactly."""

from collections.abc import Callable
from typing import Any, Final

import msgspec

from registry.log.tree import leaf_hash

#: A broken log of millions need not be listed whole: the first findings say where it broke.
MAX_FINDINGS: Final = 1000

#: Of one kind in one file.
_NAMED: Final = 8

Progress = Callable[[int, int], None]


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One contradiction: its kind, `where` (table and row, or file), the field, expected, found."""

    what: str
    where: str
    field: str
    expected: str
    found: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """`entries` were walked; `checkpoint_size` is the newest checkpoint's, 0 without one.

    `start` is above 0 when an interrupted walk was taken up there.
    """

    entries: int
    checkpoint_size: int
    findings: list[Finding]
    start: int = 0

    @property
    def clean(self) -> bool:
        return not self.findings


class Findings:
    """A growing list that stops at MAX_FINDINGS."""

    def __init__(self) -> None:
        self.all: list[Finding] = []

    def add(self, what: str, where: str, field: str, expected: object, found: object) -> None:
        one = Finding(
            what=what, where=where, field=field, expected=_shown(expected), found=_shown(found)
        )
        self.extend([one])

    def compare(self, what: str, where: str, field: str, expected: object, found: object) -> None:
        if expected != found:
            self.add(what, where, field, expected, found)

    def extend(self, findings: list[Finding]) -> None:
        self.all += findings[: MAX_FINDINGS - len(self.all)]


class FileFindings(Findings):
    """Of a log's files. One that is out of place contradicts everything in it: of the findings of
    a kind in one file the first are named, and then how many follow.
    """

    def __init__(self) -> None:
        super().__init__()
        self._counts: dict[tuple[str, str, str], int] = {}
        self._following: dict[tuple[str, str, str], int] = {}

    def add(self, what: str, where: str, field: str, expected: object, found: object) -> None:
        file = where.rpartition(" in ")[2]
        kind = (what, field.partition(" ")[0], file)
        count = self._counts[kind] = self._counts.get(kind, 0) + 1
        if count <= _NAMED:
            super().add(what, where, field, expected, found)
            return
        following = Finding(
            what=what,
            where=file,
            field=kind[1],
            expected="what those before name",
            found=f"{count - _NAMED} more that contradict it, the last: {where}, {field}",
        )
        at = self._following.setdefault(kind, len(self.all))
        self.all[at : at + 1] = [following][: MAX_FINDINGS - at]


def _shown(value: Any) -> str:
    if isinstance(value, bytes):
        long = f"{len(value)} bytes, leaf hash {leaf_hash(value).hex()}"
        return value.hex() if len(value) <= 32 else long
    return str(value)
