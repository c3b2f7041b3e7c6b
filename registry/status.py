"""What an issued copy is worth now, from its entries; which changes are lawful."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal

import msgspec

from registry.entry import Entry

Verdict = Literal["valid", "suspended", "revoked", "superseded"]


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """`decision`, `decided_on` and `reason` are of the entry that made the verdict; `since` its time.

    For a copy that was never touched, `since` is its registration. `erased` says that its facts
    are gone on purpose.
    """

    verdict: Verdict
    since: datetime
    decision: str = ""
    decided_on: date | None = None
    reason: str = ""
    erased: bool = False


def status_of(entries: Iterable[Entry]) -> Status:
    """The status after these entries of one code, oldest first; raises IllegalTransition."""
    raise NotImplementedError
