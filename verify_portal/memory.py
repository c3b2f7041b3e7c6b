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
    """By code hash. Holds what was proven; `News` says whether it is still so.

    Up to a half is for what was asked for again, so that thousands of copies that are asked for
    once do not push out what everybody asks for.
    """

    def __init__(self, news: News, most: int = MOST_COPIES) -> None:
        self._news = news
        self._most = most
        self._once: OrderedDict[bytes, Remembered] = OrderedDict()
        self._again: OrderedDict[bytes, Remembered] = OrderedDict()

    def recall(self, code_hash: bytes) -> Remembered | None:
        """None when it is not known, or not certain any more."""
        remembered = self._again.get(code_hash) or self._once.get(code_hash)
        if remembered is None:
            return None
        if not self._news.holds(code_hash, remembered.found.checkpoint.size):
            if self._news.size is not None:
                self._of(code_hash).pop(code_hash)
            return None
        self._asked_again(code_hash)
        return remembered

    def keep(self, code_hash: bytes, found: Found) -> Remembered:
        """Takes the place of what was remembered of this copy."""
        copies = self._of(code_hash)
        remembered = copies[code_hash] = Remembered(found)
        copies.move_to_end(code_hash)
        if len(self._once) + len(self._again) > self._most:
            self._once.popitem(last=False)
        return remembered

    def _of(self, code_hash: bytes) -> OrderedDict[bytes, Remembered]:
        return self._again if code_hash in self._again else self._once

    def _asked_again(self, code_hash: bytes) -> None:
        if code_hash in self._again:
            self._again.move_to_end(code_hash)
            return
        self._again[code_hash] = self._once.pop(code_hash)
        if len(self._again) > self._most // 2:
            oldest, remembered = self._again.popitem(last=False)
            self._once[oldest] = remembered
