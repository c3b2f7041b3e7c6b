"""What the officer vouches for about a document: the reading, as corrected (pure)."""

import re
import unicodedata
from datetime import date

import msgspec

from intake.identity.identity import Identity
from intake.recognise.reading import Reading

# Names under which the recogniser gives the person that a document is about, best first.
HOLDER_FIELDS = ("holder_name", "owner_name", "husband_name", "company_name")

_STORED_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_SHOWN_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """The facts that will stand in the copy; text is NFC. Stored whole, also when nothing changed.

    `document_type` is one of the recogniser's; `fields` maps its field names to values.
    """

    document_type: str
    title: str
    holder_name: str
    fields: dict[str, str] = {}


def as_read(reading: Reading, identity: Identity | None) -> Correction:
    """The reading taken at its word: what the officer's form shows before any correction."""
    fields = {field.name: field.value for field in reading.fields}
    holder = next((fields[name] for name in HOLDER_FIELDS if fields.get(name)), "")
    if not holder and identity is not None and identity.card is not None:
        holder = identity.card.full_name
    return Correction(
        document_type=reading.document_type,
        title=reading.title,
        holder_name=holder,
        fields={name: value for name, value in fields.items() if name != "holder_name"},
    )


def normalised(correction: Correction) -> Correction:
    """NFC, single spaces, no empty fields: what is stored, signed and committed to."""
    return Correction(
        document_type=correction.document_type,
        title=_tidy(correction.title),
        holder_name=_tidy(correction.holder_name),
        fields={
            name: as_stored(tidy)
            for name, value in correction.fields.items()
            if (tidy := _tidy(value))
        },
    )


def as_shown(value: str) -> str:
    """A stored value as people here write it: `2013-07-15` is shown as `15/07/2013`."""
    match = _STORED_DATE.fullmatch(value)
    return "/".join(reversed(match.groups())) if match else value


def as_stored(value: str) -> str:
    """The reverse of `as_shown`; what is no day of the calendar stays as it was typed."""
    match = _SHOWN_DATE.fullmatch(value)
    if match is None:
        return value
    day, month, year = map(int, match.groups())
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return value


def _tidy(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())
