"""How many things of one client may be under way. Pure: no clock, no queue."""

from collections import Counter
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from typing import Final

from verify_portal.errors import TooManyAtOnce

#: Files of one client in our hands at a time, so that costly ones hold up nobody else.
MOST_AT_ONCE: Final = 2


class AtOnce:
    """Counts what runs, by client."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._running: Counter[Hashable] = Counter()

    @contextmanager
    def one(self, client: Hashable) -> Iterator[None]:
        """Holds one of the client's places; raises TooManyAtOnce when all are taken."""
        if self._running[client] >= self._most:
            raise TooManyAtOnce
        self._running[client] += 1
        try:
            yield
        finally:
            self._running[client] -= 1
            if not self._running[client]:
                del self._running[client]
