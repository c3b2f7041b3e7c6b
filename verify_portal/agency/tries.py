"""How often names may be tried, and a key used. Pure but for the clock that is handed in.

The counts are shared with other workers and hosts like those of all other limits.
"""

import math
from collections.abc import Callable, Mapping
from typing import Final

from verify_portal.agency.refusals import TooManyTries
from verify_portal.limiting.debts import Debts, Rate
from verify_portal.limiting.limits import Budget, Limit
from verify_portal.limiting.source import Source

#: A code shows a name's initials, and a few hundred family and given names make up most of them: a
#: hundred tries a day, of whoever, must find nothing.
TRIES_OF_A_COPY: Final = Rate(burst=4, per_minute=4 / 60)
#: Several people behind one address look at their papers; a guesser with many codes does not.
TRIES_OF_A_CLIENT: Final = Budget(
    name="names",
    client=Rate(burst=8, per_minute=8 / 60),
    network=Rate(burst=40, per_minute=40 / 60),
)
#: A counter that is never idle stays below; who has got hold of a key copies no registry with it.
USES_OF_A_KEY: Final = Rate(burst=300, per_minute=60)


class Tries:
    """The counts of this process, and what it has heard of the others."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._clients = Limit(TRIES_OF_A_CLIENT)
        self._copies = Debts(TRIES_OF_A_COPY)
        self._keys = Debts(USES_OF_A_KEY)

    @property
    def shared(self) -> Mapping[str, Debts]:
        """By the names under which other processes know them."""
        return {
            "names, client": self._clients.clients,
            "names, network": self._clients.networks,
            "names, copy": self._copies,
            "keys": self._keys,
        }

    def try_name(self, copy: str, client: Source) -> None:
        """Counts, whether there is such a copy or not; raises TooManyTries."""
        now = self._monotonic()
        _refuse_before(max(self._clients.wait(client, now), self._copies.wait(copy, now)))
        self._clients.charge(client, now)
        self._copies.charge(copy, now)

    def use_key(self, key: str) -> None:
        """Raises TooManyTries."""
        now = self._monotonic()
        _refuse_before(self._keys.wait(key, now))
        self._keys.charge(key, now)


def _refuse_before(seconds: float) -> None:
    if seconds > 0:
        raise TooManyTries(math.ceil(seconds))
