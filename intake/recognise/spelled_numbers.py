"""Vietnamese number words, 0 to 9,999, in both directions. Pure.

Works on folded words (`fold`): mười and mươi, một and mốt then look alike, and their place tells
them apart.
"""

from collections.abc import Sequence
from typing import Final

_DIGITS: Final = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_VALUES: Final = {
    **{word: value for value, word in enumerate(
        ("khong", "mot", "hai", "ba", "bon", "nam", "sau", "bay", "tam", "chin")
    )},
    "tu": 4, "lam": 5, "nham": 5,
}  # fmt: skip
_THOUSAND: Final = ("nghin", "ngan")
_ZERO_TENS: Final = ("linh", "le")


def number_from_words(words: Sequence[str]) -> int | None:
    """The number that folded words spell; None when they spell none."""
    for index, word in enumerate(words):
        if word in _THOUSAND:
            thousands, rest = _digit(words[:index]), _below_thousand(words[index + 1 :])
            return None if thousands is None or rest is None else thousands * 1000 + rest
    if len(words) == 4 and all(word in _VALUES for word in words):
        return int("".join(str(_VALUES[word]) for word in words))  # a year told digit by digit
    return _below_thousand(words) if words else None


def _below_thousand(words: Sequence[str]) -> int | None:
    if "tram" not in words:
        return _below_hundred(words)
    index = words.index("tram")
    hundreds, rest = _digit(words[:index]), _below_hundred(words[index + 1 :])
    return None if hundreds is None or rest is None else hundreds * 100 + rest


def _below_hundred(words: Sequence[str]) -> int | None:
    if not words:
        return 0
    if words[0] in _ZERO_TENS:
        return _digit(words[1:])
    if "muoi" not in words:
        return _digit(words)
    index = words.index("muoi")
    tens = 1 if index == 0 else _digit(words[:index])
    units = 0 if index == len(words) - 1 else _digit(words[index + 1 :])
    return None if tens is None or units is None else tens * 10 + units


def _digit(words: Sequence[str]) -> int | None:
    return _VALUES.get(words[0]) if len(words) == 1 else None


def spelled(number: int) -> str:
    """0 to 9,999 as civil status papers write it: 2005 is hai nghìn không trăm linh năm."""
    if not 0 <= number <= 9999:
        raise ValueError("only numbers from 0 to 9,999 are spelled")
    thousands, below = divmod(number, 1000)
    parts = [_DIGITS[thousands], "nghìn"] if thousands else []
    hundreds, rest = divmod(below, 100)
    if hundreds or (thousands and below):
        parts += [_DIGITS[hundreds], "trăm"]
    if rest or not parts:
        parts += _spelled_below_hundred(rest, after_hundreds=bool(parts))
    return " ".join(parts)


def _spelled_below_hundred(number: int, *, after_hundreds: bool) -> list[str]:
    tens, units = divmod(number, 10)
    if tens == 0:
        return ["linh", _DIGITS[units]] if after_hundreds else [_DIGITS[units]]
    words = ["mười"] if tens == 1 else [_DIGITS[tens], "mươi"]
    if units == 5:
        words.append("lăm")
    elif units == 1 and tens > 1:
        words.append("mốt")
    elif units:
        words.append(_DIGITS[units])
    return words
