"""What the officer vouches for about a document: the reading, as corrected (pure)."""

import unicodedata

import msgspec

from intake.identity.identity import Identity
from intake.recognise.reading import Reading

# Names under which the recogniser gives the person that a document is about, best first.
HOLDER_FIELDS = ("holder_name", "owner_name", "husband_name", "company_name")


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
        fields={name: tidy for name, value in correction.fields.items() if (tidy := _tidy(value))},
    )


def _tidy(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())
