"""Comparing Vietnamese text that was read imperfectly: case and diacritics folded away. Pure."""

import unicodedata

from rapidfuzz import fuzz

_UNDECOMPOSED = {"đ": "d", "ð": "d", "ơ": "o", "ư": "u"}


def fold(text: str) -> str:
    """Lower case without diacritics, one character for each of the NFC text's: offsets stay true.

    hòa, hoà and HOA fold alike; Đ, which has no decomposition, becomes d.
    """
    return "".join(_folded(character) for character in unicodedata.normalize("NFC", text))


def _folded(character: str) -> str:
    base = unicodedata.normalize("NFD", character)[0]
    lowered = base.lower()
    return _UNDECOMPOSED.get(lowered, lowered if len(lowered) == 1 else base)


class Match(tuple[int, int, float]):
    """(start, end, score): a stretch of the searched text and its likeness, 0 to 100."""

    __slots__ = ()


def find_like(folded_text: str, folded_phrase: str, least: float) -> Match | None:
    """The stretch most like the phrase, beginning where a word begins; None below `least`."""
    if len(folded_text) < len(folded_phrase) - 2:
        return None
    found = fuzz.partial_ratio_alignment(folded_phrase, folded_text, score_cutoff=least)
    if found is None:
        return None
    start, end = found.dest_start, found.dest_end
    if start > 0 and folded_text[start - 1].isalnum() and folded_text[start].isalnum():
        return None
    return Match((start, end, found.score))
