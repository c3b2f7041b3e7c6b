"""What the read fields say about each other: DOMAIN's checks, as flags. Pure.

A flag may come from a misreading as well as from the paper: the officer compares.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Final

from intake.flag import Flag
from intake.identity.personal_id import parse_personal_id
from intake.recognise.dates import parse_date_in_words
from intake.recognise.extract import AROUND_NAMES, main_fields
from intake.recognise.forms import PERSONS
from intake.recognise.reading import DocumentType, Field

LEAST_FIELD_CONFIDENCE: Final = 0.6
LEAST_CONFIDENCE: Final = 0.7
YOUNGEST_GRADUATE: Final = 14  # years; lower secondary school ends at 15, some a year early
OLDEST_GRADUATE: Final = 90
ENTERPRISE_WEIGHTS: Final = (31, 29, 23, 19, 17, 13, 7, 5, 3)
ENTERPRISE_DIGITS: Final = 10


def check(
    document_type: DocumentType,
    fields: Sequence[Field],
    *,
    confidence: float,
    words: Sequence[str],
) -> list[Flag]:
    """Flags about the reading as a whole and about its fields.

    `confidence` is that of all words, 0 to 1; `words` are these, as the engine read them.
    """
    if not words:
        return [Flag(code="flag-no-text", severity="warn", about="document")]
    values = {field.name: field.value for field in fields}
    return [
        *_doubts(document_type, fields, confidence),
        *_mended(fields, words),
        *_missing(document_type, values),
        *_contradictions(document_type, values),
    ]


def _mended(fields: Sequence[Field], words: Sequence[str]) -> list[Flag]:
    """Names whose first word was mended to a known surname: the officer hears of it."""
    bare = [word.strip(AROUND_NAMES) for word in words]
    read = set(pairwise(bare))
    return [
        Flag(
            code="flag-surname-mended",
            severity="info",
            about=field.name,
            values={"field": field.name, "surname": field.value.split()[0]},
        )
        for field in fields
        if field.name in PERSONS and field.value and tuple(field.value.split()[:2]) not in read
    ]


def _doubts(document_type: DocumentType, fields: Sequence[Field], confidence: float) -> list[Flag]:
    flags = []
    if confidence < LEAST_CONFIDENCE:
        share = {"percent": f"{confidence * 100:.0f}"}
        flags.append(
            Flag(code="flag-reading-unsure", severity="warn", about="document", values=share)
        )
    if document_type == "other":
        flags.append(Flag(code="flag-type-unknown", severity="info", about="document_type"))
    flags += [
        Flag(
            code="flag-field-unsure",
            severity="info",
            about=field.name,
            values={"field": field.name},
        )
        for field in fields
        if field.confidence < LEAST_FIELD_CONFIDENCE
    ]
    return flags


def _missing(document_type: DocumentType, values: Mapping[str, str]) -> list[Flag]:
    numbers = {"number", "register_number", "enterprise_number", "serial"}
    return [
        Flag(
            code="flag-number-missing" if name in numbers else "flag-field-missing",
            severity="warn" if name in numbers else "info",
            about=name,
            values={"field": name},
        )
        for name in main_fields(document_type)
        if name not in values
    ]


def _contradictions(document_type: DocumentType, values: Mapping[str, str]) -> list[Flag]:
    flags = [*_personal_id_flags(values), *_birth_in_words_flags(values)]
    if document_type == "diploma":
        flags += _graduate_flags(values)
    if document_type == "birth_certificate":
        flags += _registration_flags(values)
    if document_type == "business_licence":
        flags += _enterprise_flags(values)
    return flags


def _day(values: Mapping[str, str], name: str) -> date | None:
    return date.fromisoformat(values[name]) if name in values else None


def _personal_id_flags(values: Mapping[str, str]) -> list[Flag]:
    """Year and sex are digits of the number (NĐ 137/2015)."""
    told = parse_personal_id(values.get("personal_id", ""))
    if told is None:
        return []
    flags = []
    born = _day(values, "birth_date")
    if born is not None and not told.agrees_with_birth(born):
        years = {"number": str(told.birth_year), "date": str(born.year)}
        flags.append(
            Flag(code="flag-id-birth-year", severity="warn", about="personal_id", values=years)
        )
    sex = {"Nam": "male", "Nữ": "female"}.get(values.get("sex", ""))
    if sex is not None and sex != told.sex:
        flags.append(Flag(code="flag-id-sex", severity="warn", about="personal_id"))
    return flags


def _birth_in_words_flags(values: Mapping[str, str]) -> list[Flag]:
    born, words = _day(values, "birth_date"), values.get("birth_date_in_words")
    if born is None or words is None:
        return []
    spelled = parse_date_in_words(words)
    about = "birth_date_in_words"
    if spelled is None:
        return [Flag(code="flag-date-words-unread", severity="info", about=about)]
    if spelled == born:
        return []
    both = {"digits": f"{born:%d/%m/%Y}", "words": f"{spelled:%d/%m/%Y}"}
    return [Flag(code="flag-date-words-differ", severity="warn", about=about, values=both)]


def _graduate_flags(values: Mapping[str, str]) -> list[Flag]:
    born, issued = _day(values, "birth_date"), _day(values, "issue_date")
    if born is None or issued is None:
        return []
    age = issued.year - born.year
    if YOUNGEST_GRADUATE <= age <= OLDEST_GRADUATE:
        return []
    return [
        Flag(
            code="flag-issue-date-implausible",
            severity="warn",
            about="issue_date",
            values={"age": str(age)},
        )
    ]


def _registration_flags(values: Mapping[str, str]) -> list[Flag]:
    born = _day(values, "birth_date")
    registered = _day(values, "registration_date") or _day(values, "issue_date")
    if born is None or registered is None or registered >= born:
        return []
    return [Flag(code="flag-registered-before-birth", severity="warn", about="registration_date")]


def _enterprise_flags(values: Mapping[str, str]) -> list[Flag]:
    number = values.get("enterprise_number")
    if number is None or is_enterprise_number(number):
        return []
    return [Flag(code="flag-enterprise-number", severity="warn", about="enterprise_number")]


def is_enterprise_number(text: str) -> bool:
    """Ten digits, the last being 10 less the weighted sum of the others modulo 11."""
    if len(text) != ENTERPRISE_DIGITS or not text.isascii() or not text.isdecimal():
        return False
    *digits, told = (int(character) for character in text)
    weighted = sum(weight * digit for weight, digit in zip(ENTERPRISE_WEIGHTS, digits, strict=True))
    return 10 - weighted % 11 == told
