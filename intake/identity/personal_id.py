"""Vietnamese personal identification numbers (pure).

Twelve digits: place of birth registration (3), century and sex (1), year of birth (2), random (6);
there is no check digit (NĐ 137/2015 art. 13; Law 26/2023 art. 12). The 63 province codes are those
of before the merger of 1/7/2025: numbers do not change when provinces do. Codes from 100 name a
country, for a birth registered abroad. The identity card before it (CMND) had nine digits.
"""

from datetime import date
from typing import Final

import msgspec

from intake.identity.id_card import Sex

FIRST_COUNTRY_CODE: Final = 100
# fmt: off
PROVINCE_CODES: Final = frozenset((
    1, 2, 4, 6, 8, 10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27, 30, 31, 33, 34, 35,
    36, 37, 38, 40, 42, 44, 45, 46, 48, 49, 51, 52, 54, 56, 58, 60, 62, 64, 66, 67, 68, 70,
    72, 74, 75, 77, 79, 80, 82, 83, 84, 86, 87, 89, 91, 92, 93, 94, 95, 96,
))
# fmt: on


class PersonalId(msgspec.Struct, frozen=True, kw_only=True):
    """A number's parts. `birth_year` is complete, the century taken from the fourth digit."""

    number: str
    place_code: str
    sex: Sex
    birth_year: int

    @property
    def place_is_known(self) -> bool:
        """Whether the first three digits name a province or may name a country."""
        place = int(self.place_code)
        return place in PROVINCE_CODES or place >= FIRST_COUNTRY_CODE

    def agrees_with_birth(self, born_on: date) -> bool:
        """Whether the number's year is the birth date's."""
        return self.birth_year == born_on.year


def parse_personal_id(text: str) -> PersonalId | None:
    """The parts of a twelve-digit number; None when `text` is not one.

    Only ASCII digits count: a number pasted with full-width digits would not be found again.
    """
    if not is_digits(text, 12):
        return None
    century, female = divmod(int(text[3]), 2)
    return PersonalId(
        number=text,
        place_code=text[:3],
        sex="female" if female else "male",
        birth_year=1900 + 100 * century + int(text[4:6]),
    )


def is_old_number(text: str) -> bool:
    """Whether `text` has the form of a CMND number: nine digits."""
    return is_digits(text, 9)


def is_digits(text: str, count: int) -> bool:
    """Whether `text` is exactly `count` ASCII digits."""
    return len(text) == count and text.isascii() and text.isdecimal()
