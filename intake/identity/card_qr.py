"""The text in an identity card's QR code (pure).

`number|old number|full name|ddmmyyyy born|Nam or Nữ|address|ddmmyyyy issued`; the second field may
be empty, and newer cards append fields, which are left alone.
"""

import unicodedata
from datetime import date

from intake.identity.id_card import IdCard, Sex
from intake.identity.personal_id import is_digits, is_old_number, parse_personal_id

FIELD_COUNT = 7
# The chip card's code holds about 200 characters; a text this long was not written by its issuer.
MAX_LENGTH = 1_000
SEXES: dict[str, Sex] = {"Nam": "male", "Nữ": "female"}


def parse_card_qr(text: str) -> IdCard | None:
    """The facts in a card's QR text, or None when it is not such a text.

    Dates must exist in the calendar and the number must have its form; whether the parts agree with
    each other is for `card_checks`.
    """
    if len(text) > MAX_LENGTH:
        return None
    fields = [" ".join(part.split()) for part in unicodedata.normalize("NFC", text).split("|")]
    if len(fields) < FIELD_COUNT:
        return None
    number, old_number, full_name, born, sex, address, issued = fields[:FIELD_COUNT]
    born_on, issued_on = _date(born), _date(issued)
    if parse_personal_id(number) is None or not full_name or sex not in SEXES:
        return None
    if born_on is None or issued_on is None or (old_number and not is_old_number(old_number)):
        return None
    return IdCard(
        number=number,
        old_number=old_number or None,
        full_name=full_name,
        born_on=born_on,
        sex=SEXES[sex],
        address=address or None,
        issued_on=issued_on,
        sources=("qr",),
    )


def _date(text: str) -> date | None:
    if not is_digits(text, 8):
        return None
    try:
        return date(int(text[4:]), int(text[2:4]), int(text[:2]))
    except ValueError:
        return None
