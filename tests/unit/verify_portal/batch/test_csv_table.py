"""CSV as spreadsheets and people write it: encodings, separators, quotes, formulas."""

import codecs
import contextlib
import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.code import new_code
from verify_portal.batch.csv_table import decoded, harmless, read_csv, write_csv
from verify_portal.batch.table import MOST_ROWS, TableRefused, read_lines

CODE = "7QK2MD-93WXTR-0HBVS5"
CODES = [new_code() for _ in range(3)]


def vietnamese(separator: str) -> str:
    lines = [f"Họ tên{separator}Mã bản sao{separator}Điểm"]
    lines += [f"Nguyễn Thị Ảnh{separator}{code}{separator}8,5" for code in CODES]
    return "\r\n".join(lines) + "\r\n"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
    ],
)
def test_whatever_excel_writes_is_read(separator: str, encoding: str, mark: bytes) -> None:
    text = vietnamese(separator).replace("8,5", "8" if separator == "," else "8,5")
    table = read_csv(mark + text.encode(encoding))
    assert (table.encoding, table.separator) == (encoding, separator)
    assert table.rows[0][:2] == ["Họ tên", "Mã bản sao"]
    reading = read_lines(table)
    assert list(reading.lines.values()) == CODES
    assert (reading.column_letters, reading.column_heading) == ("B", "Mã bản sao")


def test_windows_1258_has_its_accents_apart() -> None:
    old = "Nguyê\u0303n Thi\u0323 A\u0309nh;".encode("cp1258") + CODE.encode()
    text, encoding = decoded(old)
    assert encoding == "windows-1258"
    assert text.startswith("Nguyễn Thị Ảnh;")


def test_excels_line_about_its_separator_is_no_line() -> None:
    table = read_csv(f"sep=;\r\nMã;Tên\r\n{CODES[0]};A, B\r\n".encode())
    assert table.separator == ";"
    assert table.rows[0] == ["Mã", "Tên"]


def test_a_quote_that_never_ends_swallows_no_line() -> None:
    text = f'mã,tên\n{CODES[0]},"An\n{CODES[1]},Bình\n{CODES[2]},Chi\n'
    assert list(read_lines(read_csv(text.encode())).lines.values()) == CODES


def test_quoted_cells_of_several_lines_stay_one_cell() -> None:
    table = read_csv(f'mã,ghi chú\n{CODES[0]},"một\nhai"\n'.encode())
    assert table.rows[1] == [CODES[0], "một\nhai"]


@pytest.mark.parametrize("content", [bytes(range(256)) * 40, b"\x00" * 5_000, b"a\x00b,c"])
def test_bytes_that_are_no_text_are_no_table(content: bytes) -> None:
    with pytest.raises(TableRefused) as refused:
        read_lines(read_csv(content))
    assert refused.value.fault in {"not-a-table", "no-codes"}


def test_a_million_rows_are_too_many() -> None:
    with pytest.raises(TableRefused) as refused:
        read_csv(b"\n" * (MOST_ROWS + 2))
    assert refused.value.fault == "too-many-rows"


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "  =1", "＝1", "-", "=1"]
)
def test_what_a_spreadsheet_would_run_is_disarmed(text: str) -> None:
    written = write_csv([[text, "x"]], encoding="utf-8", separator=",").decode("utf-8-sig")
    ((cell, _),) = csv.reader(io.StringIO(written, newline=""))
    assert cell == f"'{text}"


@pytest.mark.parametrize("text", ["-5", "+84 912345678", "-1,5", "+7%", "0912", "Ảnh", ""])
def test_numbers_and_plain_text_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text


CELLS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12) | st.sampled_from(
    ['"', 'a"b', "x\ny", "a;b", "a,b", "Nguyễn", "-1"]
)


@given(
    rows=st.lists(st.lists(CELLS, min_size=2, max_size=5), min_size=1, max_size=6),
    separator=st.sampled_from([",", ";", "\t"]),
    encoding=st.sampled_from(["utf-8", "utf-16-le", "windows-1258"]),
)
def test_what_is_written_is_read_again(
    rows: list[list[str]], separator: str, encoding: str
) -> None:
    rows = [[CODE, *row] for row in rows]
    written = write_csv(rows, encoding=encoding, separator=separator)
    table = read_csv(written)
    expected = [[harmless(cell) for cell in row] for row in rows]
    assert [list(row) for row in table.rows] == expected
    assert table.encoding == ("utf-16-le" if encoding == "utf-16-le" else "utf-8")


@given(st.binary(max_size=400))
def test_any_bytes_are_a_table_or_refused(content: bytes) -> None:
    with contextlib.suppress(TableRefused):
        read_lines(read_csv(content))
