"""How long an identity card is valid (pure): Law 26/2023 on identification, article 21."""

from datetime import date
from typing import Final

RENEWAL_AGES: Final = (14, 25, 40, 60)
# A card issued this shortly before such a birthday is valid until the one after it.
GRACE_YEARS: Final = 2


def card_end(born_on: date, issued_on: date) -> date | None:
    """The birthday on which the card ends; None for one issued for life."""
    for age in RENEWAL_AGES:
        if issued_on < birthday(born_on, age - GRACE_YEARS):
            return birthday(born_on, age)
    return None


def birthday(born_on: date, age: int) -> date:
    """The day on which somebody born on `born_on` turns `age`; 1 March for 29 February."""
    try:
        return born_on.replace(year=born_on.year + age)
    except ValueError:
        return date(born_on.year + age, 3, 1)
