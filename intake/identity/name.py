"""Names as people mean them and as machines spell them (pure)."""

import unicodedata

from intake.recognise.folding import fold


def plain(name: str) -> str:
    """`name` in capitals A–Z without marks, as an MRZ spells it: Đặng Thị Hoà → DANG THI HOA."""
    return " ".join(fold(name).upper().split())


def same_letters(one: str, other: str) -> bool:
    """Whether two names are spelled alike, marks included; capitals and blanks do not matter.

    Đ and the Icelandic Ð (U+00D0) look the same to everyone but a machine.
    """
    return _spelled(one) == _spelled(other)


def _spelled(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).replace("Ð", "Đ").casefold().split())
