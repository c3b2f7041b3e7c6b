"""The month of the book as a spreadsheet: one row a number, every column typed.

What people have typed is written as text, cell by cell: a name that begins with `=` stays a name.
"""

from io import BytesIO
from typing import Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from intake.book.cells import Cells, cells_of
from intake.book.month_pdf import month_name, summary
from intake.texts import DEFAULT, texts
from registry.book_reading import FiledMonth, Month

#: Column of `Cells`, the heading's message, width in characters, form.
_COLUMNS: Final = (
    ("book", "volume", 18, "text"),
    ("number", "number", 10, "count"),
    ("day", "day", 12, "day"),
    ("requester", "requester-name", 28, "text"),
    ("papers", "papers", 30, "text"),
    ("original", "original", 36, "text"),
    ("signer_name", "signer-name", 24, "text"),
    ("signer_title", "signer-title", 24, "text"),
    ("copies", "copies", 8, "count"),
    ("gross", "gross", 14, "money"),
    ("subsidy", "subsidy", 14, "money"),
    ("net", "net", 14, "money"),
    ("note", "note", 40, "text"),
)
_FORMS: Final[dict[str, dict[str, object]]] = {
    "text": {"text_wrap": True},
    "count": {"num_format": "#,##0", "align": "center"},
    "day": {"num_format": "dd/mm/yyyy", "align": "center"},
    "money": {"num_format": '#,##0" đ"'},
}
_EVERYWHERE: Final[dict[str, object]] = {
    "font_name": "Times New Roman",
    "font_size": 11,
    "valign": "top",
}
_HEADER_ROW: Final = 3
_A4: Final = 9


def month_xlsx(filed: FiledMonth, month: Month, unit_name: str) -> bytes:
    """An Office Open XML workbook; the same book gives the same bytes."""
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as workbook:
        workbook.set_properties({"created": month.end.replace(tzinfo=None)})
        sheet = workbook.add_worksheet(f"{month.month:02d}-{month.year}")
        forms = {name: workbook.add_format(_EVERYWHERE | own) for name, own in _FORMS.items()}
        title = workbook.add_format(_EVERYWHERE | {"bold": True, "font_size": 14})
        heading = {"bold": True, "text_wrap": True, "align": "center", "border": 1}
        _set_page(sheet)
        _write_heading(
            sheet, (unit_name, month_name(month)), title, workbook.add_format(_EVERYWHERE | heading)
        )
        for at, line in enumerate(filed.lines, _HEADER_ROW + 1):
            _write_line(sheet, at, cells_of(line), forms)
        plain = workbook.add_format(_EVERYWHERE)
        for at, told in enumerate(summary(filed, month), _HEADER_ROW + 2 + len(filed.lines)):
            sheet.write_string(at, 0, told, plain)
    return content.getvalue()


def _set_page(sheet: Worksheet) -> None:
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=1.18, right=0.59, top=0.79, bottom=0.79)  # 30, 15, 20, 20 mm
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEADER_ROW)
    sheet.freeze_panes(_HEADER_ROW + 1, 2)
    sheet.set_footer(f"&R{texts(DEFAULT)('book-page')} &P/&N")
    for at, (_, _, width, _) in enumerate(_COLUMNS):
        sheet.set_column(at, at, width)


def _write_heading(
    sheet: Worksheet, names: tuple[str, str], title: Format, heading: Format
) -> None:
    say = texts(DEFAULT)
    unit, month = names
    sheet.write_string(0, 0, say("book-title"), title)
    sheet.write_string(1, 0, say("book-print-title", unit=unit, month=month), title)
    for at, (_, name, _, _) in enumerate(_COLUMNS):
        sheet.write_string(_HEADER_ROW, at, say(f"book-column-{name}"), heading)


def _write_line(sheet: Worksheet, row: int, cells: Cells, forms: dict[str, Format]) -> None:
    for at, (name, _, _, kind) in enumerate(_COLUMNS):
        value, form = getattr(cells, name), forms[kind]
        if value is None:
            sheet.write_blank(row, at, None, form)
        elif kind == "text":
            sheet.write_string(row, at, value, form)
        elif kind == "day":
            sheet.write_datetime(row, at, value, form)
        else:
            sheet.write_number(row, at, value, form)
