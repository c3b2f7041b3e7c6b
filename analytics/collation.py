"""Vietnamese alphabetical order, as a sort key (pure).

Follows CLDR's `vi` tailoring of the Unicode collation algorithm in its first three levels: letters
of the whole text decide first (a ă â b c d đ e ê …), then tones (level, huyền, hỏi, ngã, sắc,
nặng), then case. Hence An, Anh, Ánh, Ăn, Ân, Bùi, Dương, Đặng.
"""

import unicodedata

SortKey = tuple[tuple[tuple[int, str], ...], tuple[int, ...], tuple[bool, ...], str]

ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
RANK = {letter: rank for rank, letter in enumerate(ALPHABET)}
TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}

SPACE, SIGN, DIGIT, LETTER, OTHER = range(5)


def vietnamese_key(text: str) -> SortKey:
    """Return a key under which `sorted` puts texts into Vietnamese order.

    Distinct texts have distinct keys: what the three levels leave equal is ordered by its NFC form.
    """
    letters: list[tuple[int, str]] = []
    tones: list[int] = []
    upper: list[bool] = []
    for character in unicodedata.normalize("NFC", text):
        letter, tone = _without_tone(character)
        letters.append(_weight(letter.lower()))
        tones.append(tone)
        upper.append(letter.isupper())
    return tuple(letters), tuple(tones), tuple(upper), unicodedata.normalize("NFC", text)


def _without_tone(character: str) -> tuple[str, int]:
    """Split `ậ` into (`â`, nặng); the letter keeps the marks that make it another letter."""
    marks = unicodedata.normalize("NFD", character)
    tone = max((TONES.get(mark, 0) for mark in marks), default=0)
    letter = "".join(mark for mark in marks if mark not in TONES)
    return unicodedata.normalize("NFC", letter), tone


def _weight(letter: str) -> tuple[int, str]:
    # Icelandic eth looks exactly like Đ and is typed for it: it must not sort apart.
    known = RANK.get("đ" if letter == "ð" else letter)
    if known is not None:
        return LETTER, chr(known)
    if letter.isspace():
        return SPACE, ""
    if letter.isdigit():
        return DIGIT, letter
    return (OTHER if letter.isalpha() else SIGN), letter
