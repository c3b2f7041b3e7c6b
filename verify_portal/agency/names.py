"""Whether two spellings are one printed name. Pure.

What differs between keyboards and systems does not count: capitals, spaces, composed or decomposed
letters (Unicode NFC, NFD), the old and the new place of a tone mark (hòa, hoà), the Icelandic eth
that some fonts print for đ. What a reader of the paper sees does count, every accent included: the
name is what is secret here.
"""

import hashlib
import hmac
import unicodedata
from typing import Final

#: Grave, acute, hook above, tilde, dot below.
_TONES: Final = frozenset("\u0300\u0301\u0309\u0303\u0323")
_ETH: Final = str.maketrans({"ð": "đ"})


def folded(name: str) -> str:
    """The same text for all spellings of a name."""
    visible = "".join(letter for letter in name if unicodedata.category(letter) != "Cf")
    # Compatibility forms too: what was copied from a PDF may hold ligatures and wide letters.
    plain = unicodedata.normalize("NFKD", visible).casefold().translate(_ETH)
    return " ".join(_tone_last(word) for word in plain.split())


def same_name(one: str, other: str) -> bool:
    """In a time that does not tell how much of it fits."""
    first, second = (
        hashlib.sha256(folded(name).encode("utf-8", "replace")).digest() for name in (one, other)
    )
    return hmac.compare_digest(first, second)


def _tone_last(syllable: str) -> str:
    """A Vietnamese syllable has one tone, so its place in the syllable says nothing."""
    tones = "".join(mark for mark in syllable if mark in _TONES)
    rest = "".join(letter for letter in syllable if letter not in _TONES)
    return unicodedata.normalize("NFD", rest) + tones
