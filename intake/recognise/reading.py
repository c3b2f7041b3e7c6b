"""What was read from the pages of one original."""

from typing import Literal

import msgspec

from intake.flag import Flag

DocumentType = Literal[
    "diploma",
    "birth_certificate",
    "marriage_certificate",
    "id_card",
    "decision",
    "land_use_certificate",
    "business_licence",
    "other",
]


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """`value` is NFC; dates are `YYYY-MM-DD`. `confidence` of the OCR engine, 0 to 1."""

    name: str
    value: str
    confidence: float


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """`text` has one entry a page. `title` is the document's own, empty when none was found.

    `confidence` is that of the words of all pages, 0 to 1; the officer corrects, the flags point.
    """

    document_type: DocumentType
    title: str
    fields: tuple[Field, ...]
    text: tuple[str, ...]
    confidence: float
    flags: tuple[Flag, ...]
