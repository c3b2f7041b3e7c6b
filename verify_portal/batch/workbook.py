"""Excel workbooks (.xlsx), read and written: hostile ones too, so only in a bounded process.

Values are read and values are written: no formula, link, macro or picture of a stranger's file gets
into ours. What a formula last showed stays.
"""

import io
import math
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, Final

import xlsxwriter
from openpyxl import load_workbook

from verify_portal.batch.csv_table import harmless
from verify_portal.batch.table import (
    MOST_COLUMNS,
    MOST_ROWS,
    Cell,
    Table,
    TableRefused,
    cell_text,
    strength,
)

#: Unpacked; a table of a thousand lines has some hundred kilobytes.
_MOST_BYTES: Final = 64 * 1024 * 1024
_MOST_PARTS: Final = 1_000
_MOST_SHEETS: Final = 20
_WORKBOOK: Final = "xl/workbook.xml"
#: Excel's limits: of a cell's text, of a sheet's name.
_LONGEST_TEXT: Final = 32_767
_LONGEST_NAME: Final = 31
#: Digits of which a number keeps all; a longer one is a code that was typed into a number cell.
_EXACT: Final = 10**15
_MOST_FORMATS: Final = 100
_WIDEST: Final = 42
_NOT_IN_NAMES: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def read_workbook(content: bytes) -> Table:
    """The first visible sheet with a code in it, else the first with anything; raises TableRefused,
    and whatever the parser does.
    """
    _refuse_bombs(content)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about features that we do not read
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        first: Table | None = None
        for sheet in islice(_visible(book), _MOST_SHEETS):
            table = _table(sheet)
            if any(strength(cell_text(cell)) for row in table.rows for cell in row):
                return table
            if first is None and table.rows:
                first = table
    if first is None:
        raise TableRefused("empty")
    return first


def write_workbook(
    rows: Iterable[Sequence[Cell]],
    *,
    sheet: str,
    heading: int | None,
    formats: dict[tuple[int, int], str],
) -> bytes:
    """One sheet; `heading` is a row, set off from the others."""
    written = io.BytesIO()
    book = xlsxwriter.Workbook(
        written, {"in_memory": True, "nan_inf_to_errors": True, "strings_to_urls": False}
    )
    page = book.add_worksheet(_sheet_name(sheet))
    styles = _Styles(book)
    widths: dict[int, int] = {}
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell is None or cell == "":
                continue
            bold = at == heading
            _write(page, at, column, cell, styles, formats.get((at, column), ""), bold)
            if heading is None or at >= heading:
                widths[column] = max(widths.get(column, 8), len(cell_text(cell)) + 2)
    for column, width in widths.items():
        page.set_column(column, column, min(width, _WIDEST))
    if heading is not None:
        page.freeze_panes(heading + 1, 0)
    book.close()
    return written.getvalue()


class _Styles:
    """A cell format for each look that occurs."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[str, bool, bool], Any] = {}

    def of(self, number_format: str, *, bold: bool = False, text: bool = False) -> Any:
        key = (number_format, bold, text)
        if key not in self._made:
            if len(self._made) >= _MOST_FORMATS:
                return None
            look: dict[str, object] = {"bold": bold, "quote_prefix": text}
            if number_format:
                look["num_format"] = number_format
            self._made[key] = self._book.add_format(look)
        return self._made[key]


def _write(
    page: Any, row: int, column: int, cell: Cell, styles: _Styles, number_format: str, bold: bool
) -> None:
    if isinstance(cell, str):
        # Text it stays, also when somebody edits the cell.
        as_text = harmless(cell) != cell
        page.write_string(row, column, cell[:_LONGEST_TEXT], styles.of("", bold=bold, text=as_text))
    elif isinstance(cell, bool):
        page.write_boolean(row, column, cell, styles.of("", bold=bold))
    elif isinstance(cell, int | float):
        page.write_number(row, column, cell, styles.of(number_format, bold=bold))
    elif isinstance(cell, datetime) and cell.year >= 1900:
        page.write_datetime(
            row,
            column,
            cell.replace(tzinfo=None),
            styles.of(number_format or "dd/mm/yyyy hh:mm:ss"),
        )
    elif isinstance(cell, date) and cell.year >= 1900:
        page.write_datetime(row, column, cell, styles.of(number_format or "dd/mm/yyyy"))
    else:
        page.write_string(row, column, cell_text(cell), styles.of("", bold=bold))


def _refuse_bombs(content: bytes) -> None:
    """By what the archive declares of itself: no more is unpacked than that."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile:
        raise TableRefused("unreadable") from None
    if _WORKBOOK not in {part.filename for part in parts}:
        raise TableRefused("not-a-table")
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_BYTES:
        raise TableRefused("too-costly")


def _visible(book: Any) -> Iterator[Any]:
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            sheet.reset_dimensions()  # what a file says of its size need not be so
            yield sheet


def _table(sheet: Any) -> Table:
    rows: list[list[Cell]] = []
    formats: dict[tuple[int, int], str] = {}
    for at, cells in enumerate(sheet.iter_rows()):
        if at >= MOST_ROWS:
            raise TableRefused("too-many-rows")
        row = [_plain(cell.value) for cell in cells]
        while row and row[-1] in {None, ""}:
            row.pop()
        if len(row) > MOST_COLUMNS:
            raise TableRefused("too-many-columns")
        rows.append(row)
        for column, cell in enumerate(cells[: len(row)]):
            if row[column] is not None and cell.number_format not in {None, "General"}:
                formats[at, column] = cell.number_format
    while rows and not rows[-1]:
        rows.pop()
    return Table(kind="xlsx", rows=tuple(rows), sheet=sheet.title, formats=formats)


def _plain(value: object) -> Cell:
    """A value that can be shown and written; what no cell should hold becomes text."""
    if value is None or isinstance(value, bool | str | datetime | date | time | timedelta):
        return value
    if isinstance(value, int):
        return value if abs(value) < _EXACT else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return str(value)


def _sheet_name(name: str) -> str | None:
    return name.translate(_NOT_IN_NAMES).strip()[:_LONGEST_NAME] or None
