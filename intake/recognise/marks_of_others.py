"""Print on a page that is not the document's own words: stamps of an earlier certification, marks
that forbid or restrict copying. Pure."""

from collections.abc import Sequence
from typing import Final

from rapidfuzz import fuzz

from intake.flag import Flag
from intake.recognise.folding import find_like, fold
from intake.recognise.words import Line

# The stamp of NĐ 23/2015: a line of title, numbers, a date, the certifier's title and name.
_STAMP_PHRASES: Final = tuple(
    fold(text)
    for text in (
        "CHỨNG THỰC BẢN SAO ĐÚNG VỚI BẢN CHÍNH",
        "SAO ĐÚNG VỚI BẢN CHÍNH",
        "Số chứng thực",
        "Người thực hiện chứng thực",
    )
)
_STAMP_BOOK: Final = ("sct/bs", "sctdt/bs", "sct-bs")
_STAMP_LINES_BELOW: Final = 7  # heights of a line, to the certifier's title
_SECRECY: Final = tuple(fold(text) for text in ("MẬT", "TỐI MẬT", "TUYỆT MẬT", "KHÔNG SAO CHỤP"))
_HOUSEHOLD: Final = (fold("SỔ HỘ KHẨU"), fold("SỔ TẠM TRÚ"))


def part_old_certification(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """(the document's own lines, those of an earlier certification's stamp)."""
    anchors = [line for line in lines if _starts_stamp(line.text)]
    stamp = [line for line in lines if any(_belongs(line, anchor) for anchor in anchors)]
    return [line for line in lines if line not in stamp], stamp


def _starts_stamp(text: str) -> bool:
    folded = fold(text)
    if any(book in folded.replace(" ", "") for book in _STAMP_BOOK):
        return True
    return any(find_like(folded, phrase, 85.0) is not None for phrase in _STAMP_PHRASES)


def _belongs(line: Line, anchor: Line) -> bool:
    if line.page != anchor.page:
        return False
    beside = line.left < anchor.right and line.right > anchor.left
    narrow = line.right - line.left <= 1.5 * (anchor.right - anchor.left)
    below = -0.5 <= (line.top - anchor.top) / max(anchor.height, 1.0) <= _STAMP_LINES_BELOW
    return line == anchor or (beside and narrow and below)


def marking_flags(lines: Sequence[Line], stamp: Sequence[Line]) -> list[Flag]:
    """Remarks on such print; the legal grounds are those of NĐ 23/2015 art. 22."""
    flags = []
    if stamp:
        # A certified copy of a certified copy is made from the original or not at all.
        flags.append(Flag(code="flag-old-certification", severity="warn", about="document"))
    folded = [fold(line.text).strip(" .:-()[]|") for line in lines]
    if any(
        text in _SECRECY and line.text.isupper() for text, line in zip(folded, lines, strict=True)
    ):
        flags.append(Flag(code="flag-secret-mark", severity="alarm", about="document"))
    if any(text.strip("()") == "ban sao" or text.endswith("(ban sao") for text in folded):
        flags.append(Flag(code="flag-marked-as-copy", severity="info", about="document"))
    if any(fuzz.ratio(text, book) >= 88 for text in folded for book in _HOUSEHOLD):
        flags.append(Flag(code="flag-household-book", severity="warn", about="document"))
    return flags
