"""Names a document by its title. Pure."""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from statistics import median
from typing import Final

import msgspec
from rapidfuzz import fuzz

from intake.recognise.folding import find_like, fold
from intake.recognise.forms import FORMS
from intake.recognise.reading import DocumentType
from intake.recognise.words import Line

LEAST_LIKENESS: Final = 84.0  # of 100; one letter in six may be misread
LEAST_CAPITALS: Final = 0.7  # titles are set in capitals, mentions in running text are not
LEAST_SHARE: Final = 0.45  # of its line that a title fills: "GIẤY KHAI SINH (BẢN SAO)" has more
LEAST_TITLE_CONFIDENCE: Final = 0.6  # 0 to 1, for a title that no form confirms
MOST_LINES: Final = 4  # over which a long title is broken
# Printed in capitals above the title of an administrative paper (NĐ 30/2020, annex I).
_HEADINGS: Final = tuple(
    fold(text)
    for text in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "ĐỘC LẬP - TỰ DO - HẠNH PHÚC",
        "SOCIALIST REPUBLIC OF VIET NAM",
        "INDEPENDENCE - FREEDOM - HAPPINESS",
    )
)
_AUTHORITIES: Final = tuple(
    fold(text)
    for text in (
        "ỦY BAN", "UBND", "HỘI ĐỒNG", "BỘ", "SỞ", "TỈNH", "THÀNH PHỐ", "HUYỆN", "QUẬN", "PHƯỜNG",
        "XÃ", "CỤC", "TỔNG CỤC", "VĂN PHÒNG", "TRƯỜNG", "CÔNG TY", "TRUNG TÂM", "CHÍNH PHỦ",
        "QUỐC HỘI", "VIỆN", "TÒA ÁN", "BAN", "PHÒNG", "CHI CỤC", "TP",
    )
)  # fmt: skip
# The other kinds of administrative paper (NĐ 30/2020 art. 7): their diacritics are certain.
_KINDS: Final = {
    fold(text): text
    for text in (
        "NGHỊ QUYẾT", "CHỈ THỊ", "QUY CHẾ", "QUY ĐỊNH", "THÔNG CÁO", "THÔNG BÁO", "HƯỚNG DẪN",
        "CHƯƠNG TRÌNH", "KẾ HOẠCH", "PHƯƠNG ÁN", "ĐỀ ÁN", "DỰ ÁN", "BÁO CÁO", "BIÊN BẢN",
        "TỜ TRÌNH", "HỢP ĐỒNG", "CÔNG ĐIỆN", "BẢN GHI NHỚ", "BẢN THỎA THUẬN", "GIẤY ỦY QUYỀN",
        "GIẤY MỜI", "GIẤY GIỚI THIỆU", "GIẤY NGHỈ PHÉP", "PHIẾU GỬI", "PHIẾU CHUYỂN", "PHIẾU BÁO",
    )
}  # fmt: skip


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """`title` as the form prints it, or as read for a document of no known form.

    `lines` are the title's own, empty when none was found.
    """

    document_type: DocumentType
    title: str
    lines: tuple[Line, ...] = ()


def name_document(lines: Sequence[Line]) -> Named:
    """By the likest, most prominent title; `other` where no title of a form is found."""
    usual = median(line.height for line in lines) if lines else 1.0
    best, best_score = None, 0.0
    for stretch in _stretches(lines):
        height = max(line.height for line in stretch)
        prominence = min(max(height / max(usual, 1.0), 0.8), 1.6)
        for kind, title, likeness in _titles_like(" ".join(line.text for line in stretch)):
            if likeness * prominence > best_score:
                best_score = likeness * prominence
                best = Named(document_type=kind, title=title, lines=stretch)
    return best or _of_no_form(lines)


def _stretches(lines: Sequence[Line]) -> Iterator[tuple[Line, ...]]:
    """Runs of neighbouring lines in capitals that one title may be broken over."""
    for start in range(len(lines)):
        for end in range(start + 1, min(start + MOST_LINES, len(lines)) + 1):
            stretch = tuple(lines[start:end])
            if not _mostly_capitals(stretch[-1].text) or stretch[-1].page != stretch[0].page:
                break
            yield stretch


def _titles_like(text: str) -> Iterator[tuple[DocumentType, str, float]]:
    folded = fold(text)
    for kind, form in FORMS.items():
        for title in form.titles:
            found = find_like(folded, fold(title), LEAST_LIKENESS)
            if found is None:
                continue
            start, end, score = found
            share = min((end - start) / max(len(folded), 1), 1.0)
            if share >= LEAST_SHARE:
                yield kind, title, score * (0.6 + 0.4 * share)


def _mostly_capitals(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    capitals = sum(character.isupper() for character in letters)
    return len(letters) >= 4 and capitals >= LEAST_CAPITALS * len(letters)


def _of_no_form(lines: Sequence[Line]) -> Named:
    """The first line in capitals below the headings; running text has none."""
    for index, line in enumerate(lines):
        if not _may_be_title(line):
            continue
        title = [line, *takewhile(_may_be_title, lines[index + 1 : index + 3])]
        text = " ".join(part.text for part in title).strip(" .,:;-–_|()@*'\"")
        if len(text.split()) >= 2:
            text = _KINDS.get(fold(text), text)
            return Named(document_type="other", title=text, lines=tuple(title))
    return Named(document_type="other", title="")


def _may_be_title(line: Line) -> bool:
    if not _mostly_capitals(line.text) or _is_heading(line.text):
        return False
    numbered = re.match(r"so\s?[:.]?\s?\d", fold(line.text)) is not None
    return not numbered and line.confidence(0, len(line.text)) >= LEAST_TITLE_CONFIDENCE


def _is_heading(text: str) -> bool:
    folded = fold(text)
    if any(fuzz.partial_ratio(heading, folded) >= 80 for heading in _HEADINGS):
        return True
    return any(folded.startswith(name + " ") or folded == name for name in _AUTHORITIES)
