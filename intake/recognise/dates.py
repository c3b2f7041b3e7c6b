"""Dates as Vietnamese papers write them. Pure."""

import re
from datetime import date
from typing import Final

from intake.recognise.folding import fold
from intake.recognise.spelled_numbers import number_from_words, spelled

# A digit as the engine may see it; letters count only beside the separators of a date.
_D: Final = "[0-9oil|]"
_NUMERIC: Final = re.compile(
    rf"(?<!\w)({_D}{{1,2}})\s?[/.\-]\s?({_D}{{1,2}})\s?[/.\-]\s?({_D}{{4}})(?!\w)"
)
_WRITTEN: Final = re.compile(
    rf"({_D}{{1,2}})\s*th[ae]ng\s*({_D}{{1,2}})\s*n[ae]m\s*({_D}{{4}})(?!\w)"
)
_LOOK_ALIKES: Final = str.maketrans("oil|", "0111")
_EARLIEST, _LATEST = 1850, 2199


def parse_date(text: str) -> date | None:
    """The first date in digits: `17/09/2003`, `17-9-2003`, `ngày 17 tháng 9 năm 2003`."""
    folded = fold(text)
    found = [match for form in (_NUMERIC, _WRITTEN) if (match := form.search(folded))]
    for match in sorted(found, key=re.Match.start):
        day, month, year = (int(part.translate(_LOOK_ALIKES)) for part in match.groups())
        if (parsed := _date(year, month, day)) is not None:
            return parsed
    return None


def parse_date_in_words(text: str) -> date | None:
    """`Ngày mười bảy tháng chín năm hai nghìn không trăm linh ba`; None when any word is unclear.

    năm is both `year` and `five`: every reading is tried until one makes a date.
    """
    words = re.findall(r"[a-z]+", fold(text))
    if "thang" not in words:
        return None
    middle = words.index("thang")
    before = [word for word in words[:middle] if word not in {"mong", "mung"}]
    day = number_from_words(before[_after_last("ngay", before) :])
    after = words[middle + 1 :]
    for index, word in enumerate(after):
        if word != "nam" or index == 0:
            continue
        month, year = _month(after[:index]), number_from_words(after[index + 1 :])
        if day is not None and month is not None and year is not None:
            parsed = _date(year, month, day)
            if parsed is not None:
                return parsed
    return None


def date_in_words(day: date) -> str:
    """As a birth certificate repeats it in words."""
    year, month = spelled(day.year), "tư" if day.month == 4 else spelled(day.month)
    return f"Ngày {spelled(day.day)} tháng {month} năm {year}"


def _after_last(wanted: str, words: list[str]) -> int:
    return len(words) - words[::-1].index(wanted) if wanted in words else 0


def _month(words: list[str]) -> int | None:
    named = {"gieng": 1, "chap": 12}
    return named.get(words[0]) if words[0] in named else number_from_words(words)


def _date(year: int, month: int, day: int) -> date | None:
    if not _EARLIEST <= year <= _LATEST:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
