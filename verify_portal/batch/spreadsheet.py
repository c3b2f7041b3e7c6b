"""From a file's bytes to its lines, and from lines with verdicts back to a file of the same kind.

Both run in a bounded process. What is wrong with a file is returned, not raised: there, what is
raised is a parser's trouble.
"""

from typing import Final

from verify_portal.batch.csv_table import read_csv, write_csv
from verify_portal.batch.table import Cell, Fault, Reading, Row, TableRefused, read_lines
from verify_portal.batch.workbook import read_workbook, write_workbook

_ZIP: Final = b"PK\x03\x04"
#: What .xls files and encrypted .xlsx files begin with.
_OLE: Final = b"\xd0\xcf\x11\xe0"
_OTHERS: Final = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"<html", b"<!DOC")


def examine(content: bytes, column: str) -> Reading | Fault:
    """The lines of a workbook or of CSV, told apart by their bytes."""
    try:
        if content.startswith(_OLE):
            return "old-format"
        if content.startswith(_OTHERS):
            return "not-a-table"
        table = read_workbook(content) if content.startswith(_ZIP) else read_csv(content)
        return read_lines(table, column)
    except TableRefused as refusal:
        return refusal.fault


def with_columns(
    reading: Reading, headings: tuple[str, ...], added: dict[int, tuple[Cell, ...]]
) -> bytes:
    """The same table with our columns behind its own; `added` by row."""
    table, width = reading.table, reading.table.width
    ours: dict[int, tuple[Cell, ...]] = dict(added)
    if reading.heading is not None:
        ours[reading.heading] = headings
    rows = [_extended(row, width, ours.get(at, ())) for at, row in enumerate(table.rows)]
    if table.kind == "csv":
        return write_csv(rows, encoding=table.encoding, separator=table.separator)
    return write_workbook(
        rows,
        sheet=table.sheet,
        heading=reading.heading,
        formats=table.formats,
    )


def _extended(row: Row, width: int, ours: tuple[Cell, ...]) -> Row:
    return (*row, *[None] * (width - len(row)), *ours) if ours else row
