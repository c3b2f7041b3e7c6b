"""What each kind of question costs, and what a client and a network are granted. Pure but for the
clock that is handed in.

Who finds nothing pays twice: for the question, and for the miss, of which far fewer are granted.
A desk that scans copies all day hardly ever misses; a guesser does nothing else. Whoever has no
misses left gets no answer at all: to be told only what exists is all that a guesser wants.
"""

import math
from collections.abc import Callable, Iterator
from typing import Final

from msgspec import Struct

from verify_portal.limiting.debts import Debts, Rate
from verify_portal.limiting.source import Source


class Budget(Struct, frozen=True, kw_only=True):
    """`name` tells it from the others where counts are shared. A network is an office behind many
    addresses, or one guesser who has them all: it gets several clients' share, not one for each.
    """

    name: str
    client: Rate
    network: Rate


#: A person with a stack of copies stays below.
LOOKUPS: Final = Budget(
    name="lookups",
    client=Rate(burst=120, per_minute=240),
    network=Rate(burst=1200, per_minute=2400),
)
#: Somebody with bad eyes and a bad photocopy stays below.
MISSES: Final = Budget(
    name="misses",
    client=Rate(burst=20, per_minute=10),
    network=Rate(burst=100, per_minute=50),
)
#: A full batch at once, then as many lines as lookups. Apart from these, so that whoever has sent a
#: table can still look up a single copy.
LINES: Final = Budget(
    name="lines",
    client=Rate(burst=1000, per_minute=240),
    network=Rate(burst=4000, per_minute=960),
)
#: Who audits a log of millions fetches tens of thousands of tiles, and is welcome.
LOG_READS: Final = Budget(
    name="log reads",
    client=Rate(burst=1000, per_minute=6000),
    network=Rate(burst=4000, per_minute=24000),
)
#: A file costs us seconds of a core, and what its codes miss.
FILES: Final = Budget(
    name="files",
    client=Rate(burst=20, per_minute=20),
    network=Rate(burst=100, per_minute=100),
)


class Limit:
    """One budget of everybody. Moments are handed in."""

    def __init__(self, budget: Budget) -> None:
        self.name = budget.name
        self.clients = Debts(budget.client)
        self.networks = Debts(budget.network)

    def wait(self, source: Source, now: float) -> float:
        """The seconds until one unit may be had; not above 0 when it may be had now."""
        return max(self.networks.wait(source.network, now), self.clients.wait(source.client, now))

    def take(self, source: Source, now: float) -> bool:
        """Spend one unit, if it may be had now."""
        if self.networks.take(source.network, now) > 0:
            return False
        if self.clients.take(source.client, now) > 0:
            self.networks.charge(source.network, now, -1)
            return False
        return True

    def charge(self, source: Source, now: float, units: int = 1) -> None:
        """Spend units, also more than are granted: then it takes longer to earn the next."""
        self.networks.charge(source.network, now, units)
        self.clients.charge(source.client, now, units)


class Limits:
    """All budgets of one process. The waits give 0, and one unit is spent; or, as for
    `Retry-After`, the whole seconds after which this client will be served if nobody else of its
    network comes first.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self.lookups = Limit(LOOKUPS)
        self.misses = Limit(MISSES)
        self.lines = Limit(LINES)
        self.log_reads = Limit(LOG_READS)
        self.files = Limit(FILES)

    def wait_to_ask(self, source: Source) -> int:
        """For whatever tells what is registered."""
        now = self._monotonic()
        if self.misses.wait(source, now) <= 0 and self.lookups.take(source, now):
            return 0
        return math.ceil(max(self.misses.wait(source, now), self.lookups.wait(source, now)))

    def wait_to_ask_together(self, source: Source, lines: int) -> int:
        """For a batch, each line of which is a lookup: they are granted together, and a client who
        owes for his last ones waits until he does not.
        """
        now = self._monotonic()
        return self._wait(self.lines, source, now, self.misses.wait(source, now), lines)

    def wait_to_send_a_file(self, source: Source) -> int:
        """A document may hold two dozen guesses, so misses count here too."""
        now = self._monotonic()
        return self._wait(self.files, source, now, self.misses.wait(source, now))

    def wait_to_read_the_log(self, source: Source) -> int:
        return self._wait(self.log_reads, source, self._monotonic())

    def missed(self, source: Source, count: int = 1) -> None:
        """So many questions had no copy for an answer."""
        self.misses.charge(source, self._monotonic(), count)

    def __iter__(self) -> Iterator[Limit]:
        return iter((self.lookups, self.misses, self.lines, self.log_reads, self.files))

    @staticmethod
    def _wait(
        limit: Limit, source: Source, now: float, besides: float = 0.0, units: int = 1
    ) -> int:
        wait = max(besides, limit.wait(source, now))
        if wait > 0:
            return math.ceil(wait)
        limit.charge(source, now, units)
        return 0
