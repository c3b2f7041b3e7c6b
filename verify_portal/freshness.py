"""Whether the newest checkpoint is too old for what is already in the book. Pure.

A quiet log needs no new checkpoint, so age alone says nothing: stale is a checkpoint that has left
registered entries uncovered for longer than `PATIENCE_SECONDS`.
"""

from collections.abc import Callable
from typing import Final

#: A publisher signs every half second; this long without it, somebody should look.
PATIENCE_SECONDS: Final = 15.0


class Freshness:
    """Remembers since when a checkpoint has lagged; told about it at every probe."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._lagging: tuple[int, float] | None = None

    def holds(self, size: int, *, lags: bool) -> bool:
        """Whether a checkpoint of `size`, which `lags` behind the book or not, is fresh enough."""
        if not lags:
            self._lagging = None
            return True
        now = self._monotonic()
        if self._lagging is None or self._lagging[0] != size:
            self._lagging = (size, now)
        return now - self._lagging[1] < PATIENCE_SECONDS
