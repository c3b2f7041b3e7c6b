"""The machine-readable zone on an identity card's back: ICAO Doc 9303 part 5, format TD1 (pure).

Three lines of 30 characters. A Vietnamese card's document number is the last nine digits of the
personal ID, and the optional data hold the whole ID, `<<` and a check digit of its own.
"""

import re
from datetime import date

import msgspec

from intake.identity.id_card import Sex
from intake.identity.personal_id import is_digits, parse_personal_id

LINE_LENGTH = 30
WEIGHTS = (7, 3, 1)
SEXES: dict[str, Sex] = {"M": "male", "F": "female"}
# A card without end carries the last day that two digits can say.
NO_END = "991231"
# Where only digits stand, what OCR makes of them.
DIGIT_LOOKALIKES = str.maketrans("OQDUILZSBGTA", "000011258674")
LINE_SHAPE = re.compile(r"[A-Z0-9<]{30}")


class Mrz(msgspec.Struct, frozen=True, kw_only=True):
    """What the zone says. Dates are None when they are no calendar dates.

    `wrong_checks` names the parts whose check digit does not fit: `document_number`, `number`,
    `born_on`, `expires_on`, `composite`. An unforged zone, well read, has none.
    """

    number: str
    document_number: str
    name: str
    sex: Sex | None
    born_on: date | None
    expires_on: date | None
    endless: bool
    nationality: str
    wrong_checks: tuple[str, ...]


def check_digit(text: str) -> str:
    """The 7-3-1 check digit of `text` (ICAO Doc 9303 part 3, 4.9); `<` counts 0, A–Z 10–35."""
    values = (0 if c == "<" else int(c, 36) for c in text)
    return str(sum(v * WEIGHTS[i % 3] for i, v in enumerate(values)) % 10)


def find_mrz(text: str) -> Mrz | None:
    """The first TD1 zone of a Vietnamese card among recognised lines, or None.

    Blanks and the characters that OCR confuses in digit positions are mended first: the check
    digits then tell whether the mending was right.
    """
    lines = [_squeeze(line) for line in text.splitlines()]
    lines = [line for line in lines if line]
    for first, second, third in zip(lines, lines[1:], lines[2:], strict=False):
        zone = _mend(first), _mend_dates(second), _fit(third)
        if first.startswith("I") and first[2:5] == "VNM" and all(map(LINE_SHAPE.fullmatch, zone)):
            return parse_mrz(zone)
    return None


def parse_mrz(lines: tuple[str, str, str]) -> Mrz | None:
    """The parts of a zone of three 30-character lines; None when they are not a Vietnamese TD1.

    A wrong check digit does not make it another zone: it is reported in `wrong_checks`.
    """
    if not all(LINE_SHAPE.fullmatch(line) for line in lines):
        return None
    first, second, third = lines
    number = parse_personal_id(first[15:27])
    if first[0] != "I" or first[2:5] != "VNM" or number is None:
        return None
    return Mrz(
        number=number.number,
        document_number=first[5:14],
        name=_name(third),
        sex=SEXES.get(second[7]),
        born_on=_date(second[:6], number.birth_year // 100),
        expires_on=None if second[8:14] == NO_END else _date(second[8:14], 20),
        endless=second[8:14] == NO_END,
        nationality=second[15:18].rstrip("<"),
        wrong_checks=_wrong_checks(first, second),
    )


def _wrong_checks(first: str, second: str) -> tuple[str, ...]:
    covered = first[5:] + second[:7] + second[8:15] + second[18:29]
    parts = (
        ("document_number", first[5:14], first[14]),
        ("number", first[15:27], first[29]),
        ("born_on", second[:6], second[6]),
        ("expires_on", second[8:14], second[14]),
        ("composite", covered, second[29]),
    )
    return tuple(name for name, text, digit in parts if check_digit(text) != digit)


def _name(line: str) -> str:
    surname, _, given = line.rstrip("<").partition("<<")
    return " ".join(f"{surname}<{given}".replace("<", " ").split())


def _date(text: str, century: int) -> date | None:
    if not is_digits(text, 6):
        return None
    try:
        return date(100 * century + int(text[:2]), int(text[2:4]), int(text[4:]))
    except ValueError:
        return None


def _squeeze(line: str) -> str:
    return "".join(line.split()).upper().replace("«", "<<")


def _fit(line: str) -> str:
    """The name's line with its filler cut or restored: OCR miscounts long runs of `<`."""
    return line.rstrip("<").ljust(LINE_LENGTH, "<")


def _mend(line: str) -> str:
    number, filler = line[5:27].translate(DIGIT_LOOKALIKES), line[27:29]
    return line[:5] + number + filler + line[29:].translate(DIGIT_LOOKALIKES)


def _mend_dates(line: str) -> str:
    born, sex, expires = line[:7], line[7:8], line[8:15]
    return (
        born.translate(DIGIT_LOOKALIKES)
        + sex
        + expires.translate(DIGIT_LOOKALIKES)
        + line[15:18]
        + _last_digit(line[18:])
    )


def _last_digit(tail: str) -> str:
    digit = tail[-1:].translate(DIGIT_LOOKALIKES)
    return tail.rstrip("<0123456789")[:0] + "<" * 11 + digit if tail[:-1].strip("<") == "" else tail
