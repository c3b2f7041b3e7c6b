"""Names as people mean them and as machines spell them (pure)."""

import unicodedata


def plain(name: str) -> str:
    """`name` in capitals A–Z without marks, as an MRZ spells it: Đặng Thị Hoà → DANG THI HOA.

    Đ never decomposes, and Ð (U+00D0) looks just like it: both become D.
    """
    apart = unicodedata.normalize("NFD", name.replace("Đ", "D").replace("đ", "d"))
    bare = "".join(c for c in apart if not unicodedata.combining(c))
    return " ".join(bare.replace("Ð", "D").replace("ð", "d").upper().split())


def same_letters(one: str, other: str) -> bool:
    """Whether two names are spelled alike, marks included; capitals and blanks do not matter."""
    return _spelled(one) == _spelled(other)


def _spelled(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).replace("Ð", "Đ").casefold().split())
