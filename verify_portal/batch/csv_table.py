"""CSV as spreadsheets write it, read and written. Pure.

Vietnamese Excel separates by semicolons, since the comma is in its numbers; its "Unicode text" is
UTF-16 with tabs; what older programs write is Windows-1258.
"""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Final

from verify_portal.batch.table import MOST_ROWS, Cell, Table, TableRefused, cell_text, strength

_SEPARATORS: Final = (",", ";", "\t", "|")
_MARKS: Final = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_SAMPLED_ROWS: Final = 50
_SAMPLED_BYTES: Final = 4096
#: Excel's own first line about its separator.
_SEPARATOR_LINE: Final = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
# What a spreadsheet takes for a formula, in half and full width (OWASP, "CSV injection").
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER: Final = re.compile(r"[+-]?\d[\d ]*([.,]\d+)*%?")


def read_csv(content: bytes) -> Table:
    """Raises TableRefused."""
    text, encoding = decoded(content)
    if "\x00" in text:
        raise TableRefused("not-a-table")
    named = _SEPARATOR_LINE.match(text)
    text = text[named.end() :] if named else text
    separator = named[1] if named else _separator(text)
    rows = _rows(text, separator, MOST_ROWS + 1)
    if len(rows) > MOST_ROWS:
        raise TableRefused("too-many-rows")
    return Table(kind="csv", rows=tuple(rows), encoding=encoding, separator=separator)


def write_csv(rows: Iterable[Sequence[Cell]], *, encoding: str, separator: str) -> bytes:
    """With a byte order mark, without which Excel takes Vietnamese for another language; UTF-16
    stays what it is, everything else becomes UTF-8.
    """
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=separator)
    writer.writerows([harmless(_shown(cell)) for cell in row] for row in rows)
    kept = "utf-16" if encoding.startswith("utf-16") else "utf-8-sig"
    return written.getvalue().encode(kept, "replace")


def harmless(text: str) -> str:
    """The same text; with an apostrophe before it if a spreadsheet would run it as a formula."""
    if text.lstrip(" ").startswith(_FORMULA) and not _NUMBER.fullmatch(text.strip()):
        return f"'{text}"
    return text


def decoded(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding, which is guessed where no mark says it."""
    for mark, marked in _MARKS.items():
        if content.startswith(mark):
            return content[len(mark) :].decode(marked, "replace"), marked
    if unmarked := _unmarked_utf_16(content[:_SAMPLED_BYTES]):
        return content.decode(unmarked, "replace"), unmarked
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        # Its accents are letters of their own, after the vowel.
        text = content.decode("cp1258", "replace")
        return unicodedata.normalize("NFC", text), "windows-1258"


def _unmarked_utf_16(sample: bytes) -> str | None:
    """By the zero bytes beside separators, digits and line ends, which every table has."""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 4 < len(sample) // 2 or not sample:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _separator(text: str) -> str:
    """The one that isolates most codes, then the one that makes most rows alike."""

    def merit(separator: str) -> tuple[int, int]:
        rows = _rows(text, separator, _SAMPLED_ROWS)
        widths = [len(row) for row in rows if len(row) > 1]
        alike = max(map(widths.count, set(widths)), default=0)
        return sum(strength(cell) == 2 for row in rows for cell in row), alike

    return max(_SEPARATORS, key=merit)


def _rows(text: str, separator: str, most: int) -> list[list[str]]:
    """The first rows. A quote that is never closed is text, so that it swallows no line."""
    lines = io.StringIO(text, newline="")
    try:
        return list(islice(csv.reader(lines, delimiter=separator, strict=True), most))
    except csv.Error:
        lines.seek(0)
    try:
        plain = csv.reader(lines, delimiter=separator, quoting=csv.QUOTE_NONE)
        return list(islice(plain, most))
    except csv.Error:
        raise TableRefused("unreadable") from None


def _shown(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, date):
        return cell.isoformat()
    return cell if isinstance(cell, str) else cell_text(cell)
