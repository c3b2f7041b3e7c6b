"""How often one client may ask. Pure but for the clock that is handed in.

The count lives in this process: several workers each grant the full rate.
"""

import ipaddress
import math
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from msgspec import Struct

from verify_portal.errors import TooManyAtOnce

#: Clients remembered; the one not seen for longest is forgotten first.
_MOST_CLIENTS: Final = 20_000


class Rate(Struct, frozen=True, kw_only=True):
    """`burst` questions at once, refilled at `per_minute`."""

    burst: int
    per_minute: float


#: A person with a stack of copies stays below; a guesser of 80-bit codes gets nowhere.
LOOKUPS: Final = Rate(burst=120, per_minute=240)
#: Who audits a log of millions fetches tens of thousands of tiles, and is welcome.
LOG_READS: Final = Rate(burst=1000, per_minute=6000)
#: A file costs us seconds of a core.
FILES: Final = Rate(burst=20, per_minute=20)
#: Files of one client in our hands at a time, so that costly ones hold up nobody else.
MOST_AT_ONCE: Final = 2


class RateLimit:
    """A token bucket for each client."""

    def __init__(self, rate: Rate, monotonic: Callable[[], float]) -> None:
        self._rate = rate
        self._monotonic = monotonic
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, client: str) -> int:
        """0 and one token taken, or the whole seconds until there is one."""
        now = self._monotonic()
        per_second = self._rate.per_minute / 60
        tokens, since = self._buckets.pop(client, (float(self._rate.burst), now))
        tokens = min(self._rate.burst, tokens + (now - since) * per_second)
        granted = tokens >= 1
        self._buckets[client] = (tokens - 1 if granted else tokens, now)
        if len(self._buckets) > _MOST_CLIENTS:
            self._buckets.popitem(last=False)
        return 0 if granted else max(1, math.ceil((1 - tokens) / per_second))


class AtOnce:
    """How many things of one client may be under way; no clock, no queue."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._running: Counter[str] = Counter()

    @contextmanager
    def one(self, client: str) -> Iterator[None]:
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


def client_network(address: str) -> str:
    """Whom a limit applies to: an IPv4 address, or an IPv6 /64, which is one customer's."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(parsed, ipaddress.IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped or ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
