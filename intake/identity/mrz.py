"""The machine-readable zone on an identity card's back: ICAO Doc 9303 part 5, format TD1 (pure).

Three lines of 30 characters. A Vietnamese card's document number is the last nine digits of the
personal ID, and the optional data hold the whole ID, `<<` and a check digit of its own, which no
standard knows and which general MRZ libraries therefore do not check.
"""

import re
from datetime import date

import msgspec

from intake.identity.id_card import Sex
from intake.identity.personal_id import is_digits, parse_personal_id

LINE_LENGTH = 30
WEIGHTS = (7, 3, 1)
SEXES: dict[str, Sex] = {"M": "male", "F": "female"}
# A card without end carries the last day that two-digit years can say.
NO_END = "991231"
LINE_SHAPE = re.compile(r"[A-Z0-9<]{30}")


class Mrz(msgspec.Struct, frozen=True, kw_only=True):
    """What the zone says. `name` is surname and given names in A–Z, at most 29 characters.

    Dates are None when they are no calendar dates; `endless` cards have no `expires_on`.
    `wrong_checks` names the parts that their check digit does not fit (`document_number`, `number`,
    `born_on`, `expires_on`, `composite`): an honest zone, well read, has none.
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
    """The 7-3-1 check digit of `text` (Doc 9303 part 3, 4.9): `<` counts 0, A–Z 10 to 35.

    Raises ValueError for a character outside the zone's alphabet.
    """
    values = (0 if c == "<" else int(c, 36) for c in text)
    return str(sum(v * WEIGHTS[i % 3] for i, v in enumerate(values)) % 10)


def parse_mrz(lines: tuple[str, str, str]) -> Mrz | None:
    """The parts of a zone of three 30-character lines; None when they are not a Vietnamese TD1.

    A wrong check digit does not make it another zone: it is told in `wrong_checks`.
    """
    first, second, third = lines
    if not all(LINE_SHAPE.fullmatch(line) for line in lines):
        return None
    number = parse_personal_id(first[15:27])
    if first[0] != "I" or first[2:5] != "VNM" or number is None:
        return None
    endless = second[8:14] == NO_END
    return Mrz(
        number=number.number,
        document_number=first[5:14],
        name=" ".join(third.replace("<", " ").split()),
        sex=SEXES.get(second[7]),
        # Two digits of a year do not tell the century; the personal ID does.
        born_on=_date(second[:6], number.birth_year // 100),
        expires_on=None if endless else _date(second[8:14], 20),
        endless=endless,
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


def _date(text: str, century: int) -> date | None:
    if not is_digits(text, 6):
        return None
    try:
        return date(100 * century + int(text[:2]), int(text[2:4]), int(text[4:]))
    except ValueError:
        return None
