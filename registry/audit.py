"""Re-walking the whole book."""

from collections.abc import Callable

import msgspec

from registry.store import Store


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One contradiction: `what` kind, `where` (table and row), `field`, `expected`, `found`."""

    what: str
    where: str
    field: str
    expected: str
    found: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    entries: int
    checkpoint_size: int
    findings: list[Finding]

    @property
    def clean(self) -> bool:
        return not self.findings


async def audit(
    store: Store, vkey: str | None = None, progress: Callable[[int, int], None] | None = None
) -> Report:
    raise NotImplementedError
