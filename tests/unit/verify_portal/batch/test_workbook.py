"""Excel workbooks: what is kept of them, what is refused, what is disarmed."""

import io
import zipfile
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.code import new_code
from verify_portal.batch.spreadsheet import examine, with_columns
from verify_portal.batch.table import MOST_LINES, MOST_ROWS, Reading

SHEET = "xl/worksheets/sheet1.xml"
CODES = [new_code() for _ in range(3)]


def workbook(*sheets: list[list[Any]], titles: tuple[str, ...] = ("Lớp 12A",)) -> bytes:
    book = openpyxl.Workbook()
    for at, rows in enumerate(sheets):
        page = book.active if at == 0 else book.create_sheet()
        assert page is not None
        page.title = titles[at] if at < len(titles) else f"Sheet {at}"
        for row in rows:
            page.append(row)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def read(content: bytes, column: str = "") -> Reading:
    reading = examine(content, column)
    assert isinstance(reading, Reading), reading
    return reading


def result(reading: Reading, *added: Any) -> Any:
    ours = dict.fromkeys(reading.lines, added)
    content = with_columns(reading, ("Kết quả", "verdict"), ours)
    return openpyxl.load_workbook(io.BytesIO(content)).active


def test_their_columns_are_kept_and_ours_added() -> None:
    rows = [
        ["STT", "Mã", "Ngày", "Điểm", "Đạt"],
        [1, CODES[0], datetime(2026, 11, 22), 8.5, True],
        [2, CODES[1], None, None, False],
    ]
    reading = read(workbook(rows))
    assert (reading.column, reading.column_heading, reading.table.sheet) == (1, "Mã", "Lớp 12A")
    sheet = result(reading, "Mã hợp lệ", "valid", date(2026, 11, 22))
    assert sheet.title == "Lớp 12A"
    values = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert values[0] == [*rows[0], "Kết quả", "verdict", None]
    assert values[1] == [*rows[1], "Mã hợp lệ", "valid", datetime(2026, 11, 22)]
    assert values[2][:5] == rows[2]


def test_a_number_keeps_its_look() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["Mã", "Số"])
    book.active.append([CODES[0], 45])
    book.active["B2"].number_format = "000000"
    saved = io.BytesIO()
    book.save(saved)
    assert result(read(saved.getvalue()), "x")["B2"].number_format == "000000"


def test_the_sheet_with_the_codes_is_read() -> None:
    content = workbook([["Hướng dẫn"]], [["Mã"], [CODES[0]]], titles=("Bìa", "Danh sách"))
    assert read(content).table.sheet == "Danh sách"


@pytest.mark.parametrize("text", ["=1+1", '=HYPERLINK("http://x","y")', "@x", "+1+1", "-1+1"])
def test_text_that_looks_like_a_formula_stays_text(text: str) -> None:
    rows = [["Mã", "Ghi chú"], [CODES[0], "y"]]
    reading = read(workbook(rows))
    hostile = reading.table.rows[0], (CODES[0], text)
    table = openpyxl.load_workbook(
        io.BytesIO(with_columns(_replaced(reading, hostile), ("Kết quả",), {1: (text,)}))
    ).active
    assert table is not None
    for place in ("B2", "C2"):
        assert (table[place].value, table[place].data_type) == (text, "s")
        assert table[place].quotePrefix


def test_a_formulas_last_value_is_what_is_asked() -> None:
    """And without one, as where a program wrote the file, the line is no code."""
    content = workbook([["Mã"], [f'="{CODES[0]}"'], [CODES[1]]])
    assert list(read(content).lines.values()) == [CODES[1]]
    headed = read(content, "Mã")
    assert headed.column == 0


@given(
    st.lists(
        st.lists(
            st.none()
            | st.booleans()
            | st.integers(-(10**14), 10**14)
            | st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8)
            | st.dates(date(1901, 1, 1)).map(lambda day: datetime(day.year, day.month, day.day)),
            max_size=4,
        ),
        max_size=4,
    )
)
def test_what_is_written_is_read_again(rows: list[list[Any]]) -> None:
    first = Reading(
        table=read(workbook([["Mã"], [CODES[0]]])).table, column=0, heading=None, lines={0: ""}
    )
    whole = [[CODES[0], *row] for row in rows] or [[CODES[0]]]
    again = read(with_columns(_replaced(first, tuple(map(tuple, whole))), (), {}))
    for row, wanted in zip(again.table.rows, whole, strict=True):
        kept = [*row, *[None] * (len(wanted) - len(row))]
        assert kept == [None if cell == "" else cell for cell in wanted]


def rewritten(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    saved = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as given,
        zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as written,
    ):
        for name in given.namelist():
            data = given.read(name)
            if name == part:
                assert old in data
                data = data.replace(old, new)
            written.writestr(name, data)
    return saved.getvalue()


def test_what_a_sheet_says_of_its_size_hides_no_line() -> None:
    content = workbook([["Họ tên", "Mã"], ["An", CODES[0]], ["Bình", CODES[1]]])
    lying = rewritten(content, SHEET, b'ref="A1:B3"', b'ref="A1:A2"')
    assert list(read(lying).lines.values()) == CODES[:2]


@pytest.mark.parametrize(
    "cell",
    [
        b"<v>1e999</v></c>",
        b"<v>" + b"9" * 400 + b"</v></c>",
        b"<v>-9999999</v></c>",
    ],
)
def test_numbers_that_are_none_spoil_no_other_line(cell: bytes) -> None:
    content = workbook([["Mã", "Số"], [CODES[0], 77], [CODES[1], 78]])
    odd = rewritten(content, SHEET, b"<v>77</v></c>", cell)
    sheet = result(read(odd), "valid")
    assert [sheet["C2"].value, sheet["C3"].value] == ["valid", "valid"]
    assert sheet["B3"].value == 78


def archive(**parts: bytes) -> bytes:
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in parts.items():
            written.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return saved.getvalue()


def test_bombs_and_strangers_are_refused() -> None:
    good = workbook([["Mã"], [CODES[0]]])
    bomb = archive(xl__workbook_xml=b"x", xl__sharedStrings_xml=bytes(80 * 1024 * 1024))
    assert len(bomb) < 100_000
    assert examine(bomb, "") == "too-costly"
    assert examine(archive(word__document_xml=b"x"), "") == "not-a-table"
    assert examine(good[: len(good) // 2], "") == "unreadable"
    assert examine(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "") == "old-format"
    assert examine(b"%PDF-1.7\n", "") == "not-a-table"
    assert examine(b"", "") == "empty"


def test_rows_and_lines_are_counted() -> None:
    assert examine(workbook([["Mã"], *[[CODES[0]]] * (MOST_LINES + 1)]), "") == "too-many-lines"
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"] = CODES[0]
    book.active.cell(row=MOST_ROWS + 5, column=1, value="x")
    saved = io.BytesIO()
    book.save(saved)
    assert examine(saved.getvalue(), "") == "too-many-rows"


def _replaced(reading: Reading, rows: tuple[Any, ...]) -> Reading:
    table = reading.table.__class__(kind="xlsx", rows=rows, sheet="Lớp 12A")
    return Reading(table=table, column=0, heading=reading.heading, lines=reading.lines)
