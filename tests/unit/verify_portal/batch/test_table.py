"""Which cells of somebody's table are questions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.code import new_code
from verify_portal.batch.table import (
    MOST_COLUMNS,
    MOST_LINES,
    Row,
    Table,
    TableRefused,
    letters_of,
    read_lines,
    strength,
)

# The same in every process: they become names of tests.
CODES = [
    new_code(lambda bits, seed=seed: seed * 0x9E3779B97F4A7C15F39D % 2**bits)
    for seed in (1, 2, 3, 4)
]
DIGEST = "ab" * 32


def table(*rows: Row) -> Table:
    return Table(kind="xlsx", rows=rows)


def fault(*rows: Row, column: str = "") -> str:
    with pytest.raises(TableRefused) as refused:
        read_lines(table(*rows), column)
    return refused.value.fault


def test_the_column_is_found_by_what_stands_in_it() -> None:
    reading = read_lines(
        table(("STT", "Ghi chú", "Số hiệu"), (1, None, CODES[0]), (2, f"xem {CODES[1]}", CODES[2]))
    )
    assert reading.column == 2
    assert (reading.heading, reading.lines) == (0, {1: CODES[0], 2: CODES[2]})


@pytest.mark.parametrize(
    "text", [CODES[0], CODES[0].lower().replace("-", " "), DIGEST, f"https://x.vn/c/{CODES[0]}#s"]
)
def test_codes_links_and_digests_are_questions(text: str) -> None:
    assert strength(text) == 2
    assert list(read_lines(table(("a", text))).lines.values()) == [text]


def test_titles_above_the_heading_are_no_lines() -> None:
    reading = read_lines(
        table(
            ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",),
            ("Danh sách mã cần kiểm tra năm 2026",),
            (),
            ("Mã bản sao", "Họ tên"),
            (CODES[0], "An"),
            (),
            ("sai rồi", "Bình"),
            (None, "Chi"),
        )
    )
    assert reading.heading == 3
    assert reading.lines == {4: CODES[0], 6: "sai rồi", 7: ""}


def test_a_table_without_a_heading_has_none() -> None:
    reading = read_lines(table((CODES[0],), (CODES[1],)))
    assert reading.heading is None
    assert list(reading.lines) == [0, 1]


def test_a_mistyped_code_in_the_first_line_is_no_title() -> None:
    wrong = CODES[0][:-1]
    assert list(read_lines(table((wrong, "x"), (CODES[1], "y"))).lines) == [0, 1]
    below = read_lines(table(("Mã",), ("hỏng",), (CODES[1],)))
    assert below.lines == {1: "hỏng", 2: CODES[1]}


def test_a_cell_with_two_codes_is_a_line_that_is_asked_about() -> None:
    both = f"{CODES[0]} thay cho bản {CODES[1]}"
    assert read_lines(table((both,), (CODES[2],))).lines == {0: both, 1: CODES[2]}


def test_a_heading_alone_finds_its_column_where_every_code_is_wrong() -> None:
    reading = read_lines(table(("Họ tên", "MÃ BẢN SAO"), ("An", "123"), ("Bình", 1.5e17)))
    assert (reading.column, reading.lines) == (1, {1: "123", 2: "1.5e+17"})


def test_a_column_is_named_by_letter_or_heading() -> None:
    rows = (("Mã", "Mã cũ"), (CODES[0], CODES[1]))
    assert read_lines(table(*rows)).column == 0
    assert read_lines(table(*rows), "b").column == 1
    assert read_lines(table(*rows), "ma CU").column == 1
    assert fault(*rows, column="Z") == "no-such-column"


def test_numbers_and_dates_are_questions_like_others() -> None:
    reading = read_lines(table(("Mã",), (123456789012345678,), (12.0,), (True,)))
    assert reading.lines == {1: "123456789012345678", 2: "12", 3: "True"}


def test_a_thousand_lines_are_taken_and_no_more() -> None:
    lines = [(CODES[0],)] * MOST_LINES
    assert len(read_lines(table(("Mã",), *lines, (), ())).lines) == MOST_LINES
    assert fault(("Mã",), *lines, (CODES[1],)) == "too-many-lines"


def test_what_has_no_lines_is_refused() -> None:
    assert fault() == "empty"
    assert fault(("Mã bản sao",)) == "empty"
    assert fault(("Họ tên",), ("An",)) == "no-codes"
    assert fault((None,) * MOST_COLUMNS + (CODES[0],)) == "too-many-columns"


def test_columns_are_lettered_as_in_spreadsheets() -> None:
    assert [letters_of(at) for at in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


@given(
    top=st.lists(st.sampled_from(["", "Danh sách", "Mã", "Năm 2026"]), max_size=4),
    lines=st.lists(st.sampled_from([*CODES, "hỏng", "123", ""]), min_size=1, max_size=8),
)
def test_no_line_below_the_first_code_goes_unasked(top: list[str], lines: list[str]) -> None:
    cells = [*top, CODES[0], *lines]
    reading = read_lines(table(*((text, "x") for text in cells)))
    assert {at: cells[at] for at in range(len(top), len(cells))}.items() <= reading.lines.items()
