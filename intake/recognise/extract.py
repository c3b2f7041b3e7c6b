"""The main fields of a document of a known form. Pure.

A value that is not of its field's kind (a date that is none, a number of eleven digits) is left
out: an absent field is asked for, a wrong one may be overlooked.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final

from intake.recognise.dates import parse_date, parse_date_in_words
from intake.recognise.folding import fold
from intake.recognise.forms import FORMS, Form, Kind
from intake.recognise.labels import cell_offsets, labelled_values
from intake.recognise.naming import Named
from intake.recognise.reading import DocumentType, Field
from intake.recognise.surnames import mended_surname
from intake.recognise.words import Line, rows

_DIGIT_LOOK_ALIKES: Final = str.maketrans("OoIl|", "00111")
_CODE: Final = re.compile(r"[A-ZĐ]{0,4}[\s.]?\d[\w./\-–]*(?:\s?[/\-]\s?[\wĐ.\-]+)*")
AROUND_NAMES: Final = ".,:;-()'\""
_DATED: Final = re.compile(r"ng[ao]y\s.{0,3}\d.{0,4}\s?thang\s.{0,4}\s?nam\s?\d{4}")
_SERIAL: Final = re.compile(r"(?<!\w)([A-ZĐ]{2})\s?(\d{6,8})(?!\w)")
_SUBJECT_ENDS: Final = ("can cu", "theo de nghi", "xet de nghi", "quyet dinh", "so")
_OFFICES: Final = tuple(
    fold(text)
    for text in (
        "CHỦ TỊCH", "PHÓ CHỦ TỊCH", "HIỆU TRƯỞNG", "PHÓ HIỆU TRƯỞNG", "GIÁM ĐỐC", "PHÓ GIÁM ĐỐC",
        "BỘ TRƯỞNG", "THỨ TRƯỞNG", "CỤC TRƯỞNG", "TRƯỞNG PHÒNG", "PHÓ TRƯỞNG PHÒNG", "THỦ TƯỚNG",
        "VIỆN TRƯỞNG", "CHÁNH VĂN PHÒNG", "NGƯỜI KÝ GIẤY KHAI SINH", "NGƯỜI KÝ", "TRƯỞNG BAN",
    )
)  # fmt: skip


def extract_fields(named: Named, lines: Sequence[Line]) -> list[Field]:
    """Fields of the named document, each once, in reading order; `lines` without old stamps."""
    form = FORMS.get(named.document_type)
    if form is None:
        return []
    table = rows([line for line in lines if line not in named.lines])
    found = [*_labelled(form, table), *_by_place(named, form, lines, table)]
    first: dict[str, Field] = {}
    for field in found:
        first.setdefault(field.name, field)
    return list(first.values())


def _labelled(form: Form, table: Sequence[Line]) -> list[Field]:
    fields = []
    for value in labelled_values(form.labels, table):
        text = _OF_KIND[value.label.kind](value.text)
        if text:
            fields.append(
                Field(name=value.label.field, value=text, confidence=round(value.confidence, 3))
            )
    return fields


def _by_place(
    named: Named, form: Form, lines: Sequence[Line], table: Sequence[Line]
) -> list[Field]:
    fields = _place_and_date(form, table)
    if form.signed and (signatory := _signatory(lines)) is not None:
        fields.append(signatory)
    if named.document_type == "decision":
        fields += [found for found in (_agency(lines), _subject(named, lines)) if found]
    if named.document_type == "land_use_certificate":
        fields += _serial(lines)
    return fields


def _text(text: str) -> str:
    return text if any(character.isalnum() for character in text) else ""


def _name(text: str) -> str:
    """A person's name: capitalised words up to the first word that cannot belong to it."""
    words = []
    for word in text.replace(",", " ").split():
        bare = word.strip(AROUND_NAMES)
        if not bare.isalpha() or not bare[0].isupper():
            break
        words.append(bare)
    if not 2 <= len(words) <= 8:
        return ""
    return " ".join([mended_surname(words[0]), *words[1:]])


def _date(text: str) -> str:
    parsed = parse_date(text) or parse_date_in_words(text)
    return parsed.isoformat() if parsed else ""


def _code(text: str) -> str:
    match = _CODE.search(text)
    return "".join(match[0].split()).strip(".-–/") if match else ""


def _personal_id(text: str) -> str:
    match = re.search(r"(?:\d[\s.]?){9,12}", text.translate(_DIGIT_LOOK_ALIKES))
    digits = re.sub(r"\D", "", match[0]) if match else ""
    return digits if len(digits) in {9, 12} else ""


def _sex(text: str) -> str:
    word = re.match(r"\w+", fold(text))
    return {"nam": "Nam", "nu": "Nữ"}.get(word[0], "") if word else ""


_OF_KIND: Final[dict[Kind, Callable[[str], str]]] = {
    "text": _text,
    "name": _name,
    "date": _date,
    "words": _text,
    "code": _code,
    "personal_id": _personal_id,
    "sex": _sex,
}


def _place_and_date(form: Form, table: Sequence[Line]) -> list[Field]:
    """From "Hà Nội, ngày 20 tháng 6 năm 2012": first in a letterhead, last above a signature."""
    dated = [(row, match) for row in table if (match := _DATED.search(fold(row.text))) is not None]
    if not form.dated or not dated:
        return []
    row, match = dated[0] if form.dated == "first" else dated[-1]
    issued = parse_date(row.text[match.start() :])
    if issued is None:
        return []
    start = max(border for border in cell_offsets(row) if border <= match.start())
    confidence = round(row.confidence(match.start(), match.end()), 3)
    fields = [Field(name="issue_date", value=issued.isoformat(), confidence=confidence)]
    place = row.text[start : match.start()].strip(" ,.;:-")
    if 2 <= len(place) <= 40:
        confidence = round(row.confidence(start, match.start()), 3)
        fields.append(Field(name="issue_place", value=place, confidence=confidence))
    return fields


def _signatory(lines: Sequence[Line]) -> Field | None:
    """The name below the last office in capitals, beneath the space for signature and seal."""
    for office in reversed([line for line in lines if _is_office(line.text)]):
        below = [
            line
            for line in lines
            if line.page == office.page
            and line.top > office.bottom
            and line.left < office.right + office.height
            and line.right > office.left - office.height
        ]
        for line in sorted(below, key=lambda line: line.top):
            name = _name(line.text)
            if name and len(name) == len(line.text.strip(" .,")) and not _is_office(line.text):
                return Field(
                    name="signatory",
                    value=name,
                    confidence=round(line.confidence(0, len(line.text)), 3),
                )
    return None


def _is_office(text: str) -> bool:
    folded = fold(text)
    return text.upper() == text and any(folded.endswith(office) for office in _OFFICES)


def _agency(lines: Sequence[Line]) -> Field | None:
    """The letterhead's left column: the issuing body stands above the number (NĐ 30/2020)."""
    number = next(
        (line for line in lines if re.match(r"so\s?[:.]?\s?\S*\d", fold(line.text))), None
    )
    if number is None:
        return None
    above = [
        line
        for line in lines
        if line.page == number.page
        and line.bottom <= number.top + number.height / 2
        and line.left < number.right + 4 * number.height
        and line.text.upper() == line.text
        and "cong hoa" not in fold(line.text)
    ]
    if not above:
        return None
    text = " ".join(line.text for line in sorted(above, key=lambda line: line.top))
    confidence = min(line.confidence(0, len(line.text)) for line in above)
    return Field(name="agency", value=text.strip(" .-_"), confidence=round(confidence, 3))


def _subject(named: Named, lines: Sequence[Line]) -> Field | None:
    """The lines between the title and the grounds ("Căn cứ …") or the authority in capitals."""
    title = named.lines[-1]
    parts: list[Line] = []
    for line in lines[lines.index(title) + 1 :]:
        folded = fold(line.text)
        if line.page != title.page or folded.startswith(_SUBJECT_ENDS) or len(parts) == 4:
            break
        if len(line.text) > 8 and line.text.upper() == line.text and parts:
            break
        if any(character.isalnum() for character in line.text):
            parts.append(line)
    if not parts:
        return None
    text = " ".join(part.text for part in parts)
    confidence = min(part.confidence(0, len(part.text)) for part in parts)
    return Field(name="subject", value=text, confidence=round(confidence, 3))


def _serial(lines: Sequence[Line]) -> list[Field]:
    for line in lines:
        if (match := _SERIAL.search(line.text)) is not None:
            confidence = round(line.confidence(match.start(), match.end()), 3)
            value = f"{match[1]} {match[2]}"
            return [Field(name="serial", value=value, confidence=confidence)]
    return []


def main_fields(document_type: DocumentType) -> tuple[str, ...]:
    """The fields without which a document of this type is not described."""
    form = FORMS.get(document_type)
    return form.main if form else ()
