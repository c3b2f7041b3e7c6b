"""Who has asked ahead of his rate, and by how much. Pure: moments are handed in.

Each unit is bought on credit, at so many seconds as its rate takes to earn it. A debt is kept as
the moment at which it will be paid off, so that time pays by itself and nothing has to be updated.
Debts of one key in several processes add up, which is how they are shared.
"""

from typing import Final

from msgspec import Struct

#: Keys of one generation. Two are kept: who asks again moves to the newer one, and the older one is
#: forgotten when the newer is full, which costs the same however many addresses somebody has.
MOST_KEYS: Final = 20_000
#: The part of a full credit that one process may keep to itself: most visitors never reach it.
_OWN_PART: Final = 1 / 8
#: Far more than the rounding of sums of seconds, far less than anybody waits.
_ROUNDING: Final = 1e-6


class Rate(Struct, frozen=True, kw_only=True):
    """`burst` units at once, earned again at `per_minute`."""

    burst: int
    per_minute: float


class _Tab:
    __slots__ = ("until", "untold")

    def __init__(self) -> None:
        self.until = 0.0  # paid off since long ago
        self.untold = 0.0


class Debts:
    """One rate, for each key by itself."""

    def __init__(self, rate: Rate, *, most: int = MOST_KEYS) -> None:
        self._price = 60 / rate.per_minute
        self._room = (rate.burst - 1) * self._price + _ROUNDING
        self._own_part = max(self._price, rate.burst * self._price * _OWN_PART) - _ROUNDING
        self._most = most
        self._newer: dict[str, _Tab] = {}
        self._older: dict[str, _Tab] = {}
        self._telling: dict[str, _Tab] = {}

    def wait(self, key: str, now: float) -> float:
        """The seconds until one unit may be had; not above 0 when it may be had now."""
        tab = self._newer.get(key) or self._older.get(key)
        return 0.0 if tab is None else tab.until - now - self._room

    def charge(self, key: str, now: float, units: int = 1) -> None:
        """Add to the debt, also beyond what is granted on credit: that takes longer to pay off."""
        tab = self._newer.get(key) or self._open(key)
        owed = units * self._price
        tab.until = max(tab.until, now) + owed
        tab.untold += owed
        if tab.untold >= self._own_part and len(self._telling) < self._most:
            self._telling[key] = tab

    def take(self, key: str, now: float) -> float:
        """As `wait`; and when that is not above 0, one unit is charged. At once, for those who ask
        most.
        """
        tab = self._newer.get(key) or self._open(key)
        ahead = tab.until - now
        if ahead > self._room:
            return ahead - self._room
        tab.until = now + self._price if ahead < 0 else tab.until + self._price
        tab.untold += self._price
        if tab.untold >= self._own_part and len(self._telling) < self._most:
            self._telling[key] = tab
        return 0.0

    def tell(self, most: int) -> dict[str, float]:
        """Seconds of debt, by key, that other processes should hear of. `learn` what becomes of
        them, or `keep` them.
        """
        told = {}
        for key in list(self._telling)[:most]:
            tab = self._telling.pop(key)
            told[key], tab.untold = tab.untold, 0.0
        return told

    def learn(self, key: str, owed: float, asked_at: float) -> None:
        """All processes together: `owed` seconds at a moment after `asked_at`, what was told
        included. Our own count stays where it is higher: the others may have lost theirs.
        """
        tab = self._newer.get(key) or self._open(key)
        tab.until = max(tab.until, asked_at + owed + tab.untold)

    def keep(self, told: dict[str, float], now: float) -> None:
        """Nobody heard it. What has been paid off meanwhile is no longer worth telling."""
        for key, owed in told.items():
            tab = self._newer.get(key) or self._open(key)
            tab.untold = min(tab.untold + owed, max(0.0, tab.until - now))
            if tab.untold >= self._own_part and len(self._telling) < self._most:
                self._telling[key] = tab

    def __len__(self) -> int:
        return len(self._newer) + len(self._older)

    def _open(self, key: str) -> _Tab:
        tab = self._older.pop(key, None) or _Tab()
        self._newer[key] = tab
        if len(self._newer) >= self._most:
            self._older, self._newer = self._newer, {}
        return tab
