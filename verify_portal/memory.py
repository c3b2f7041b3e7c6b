"""Copies that were found a moment ago and of which nothing new has been said since."""

from collections import OrderedDict
from typing import Final

from registry.lookup import Found
from verify_portal.news import News

#: Some 80 MB with their answers; what nobody asks for again goes first.
MOST_COPIES: Final = 20_000


class Remembered:
    """One copy at one checkpoint. `answers` are for whoever gives them: the same for everyone
    until the next checkpoint.
    """

    __slots__ = ("answers", "found")

    def __init__(self, found: Found) -> None:
        self.found = found
        self.answers: dict[str, tuple[bytes, bytes]] = {}


class Memory:
    """By code hash. Holds what was proven; `News` says whether it is still so."""

    def __init__(self, news: News, most: int = MOST_COPIES) -> None:
        self._news = news
        self._most = most
        self._copies: OrderedDict[bytes, Remembered] = OrderedDict()

    def recall(self, code_hash: bytes) -> Remembered | None:
        """None when it is not known, or not certain any more."""
        remembered = self._copies.get(code_hash)
        if remembered is None:
            return None
        if not self._news.holds(code_hash, remembered.found.checkpoint.size):
            if self._news.size is not None:
                del self._copies[code_hash]
            return None
        self._copies.move_to_end(code_hash)
        return remembered

    def keep(self, code_hash: bytes, found: Found) -> Remembered:
        """Takes the place of what was remembered of this copy."""
        remembered = self._copies[code_hash] = Remembered(found)
        self._copies.move_to_end(code_hash)
        if len(self._copies) > self._most:
            self._copies.popitem(last=False)
        return remembered
