"""A month of the book, on paper and as a spreadsheet: read back as a reader would."""

import re
import unicodedata
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pypdfium2
import pytest

from intake.book.cells import cells_of
from intake.book.month_pdf import month_pdf
from intake.book.month_xlsx import month_xlsx
from intake.certify.fonts import FontFiles
from registry.book_line import BookNumber, FiledLine, Totals, totals_of
from registry.book_reading import FiledMonth, Month
from registry.clock import HANOI
from tests.testkit.copies import made_up_columns

NOVEMBER = Month(2026, 11)
UNIT_NAME = "Ủy ban nhân dân phường Hoàn Kiếm"
BEFORE = Totals(numbers=10, issued=9, void=1, copies=12, gross=40_000, subsidy=4_000, net=36_000)
LONG = "Giấy chứng nhận quyền sử dụng đất, quyền sở hữu nhà ở và tài sản khác " * 4


def a_line(number: int = 11, **changes: Any) -> FiledLine:
    """Number 11 is of 2 November, and so on."""
    book = changes.pop("book", "01/2026-SCTĐT/BS")
    at = datetime(2026, 11, 2, 9, 30, tzinfo=HANOI) + timedelta(hours=number - 11)
    fields: dict[str, Any] = {
        "issued": 1,
        "void_reason": None,
        "columns": made_up_columns(),
        "erased": False,
        "revocations": [],
    }
    line = BookNumber(book=book, number=number, reserved_at=at)
    return FiledLine(number=line, **(fields | changes))


LINES = [
    a_line(11),
    a_line(12, columns=made_up_columns(subsidy=4_000, net=0, requester="=1+1", papers="+84 1")),
    a_line(
        13,
        issued=0,
        void_reason="Người yêu cầu rút hồ sơ",
        columns=made_up_columns("", papers="", title="", note=""),
    ),
    a_line(14, issued=2, columns=made_up_columns(copies=2, gross=8_000, net=8_000, title=LONG)),
    a_line(15, revocations=["12/QĐ-UBND"], book="02/2026-SCTĐT/BS"),
    a_line(16, erased=True, columns=made_up_columns("", papers="", title="", note="")),
    a_line(17, issued=0),
]
FILED = FiledMonth(lines=LINES, before=BEFORE)


def pages(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        texts = [page.get_textpage().get_text_bounded() for page in document]
    return [" ".join(unicodedata.normalize("NFC", text).split()) for text in texts]


def test_the_print_has_every_line_and_what_became_of_it(fonts: FontFiles) -> None:
    printed = " ".join(pages(month_pdf(FILED, NOVEMBER, UNIT_NAME, fonts)))
    for expected in (
        "ỦY BAN NHÂN DÂN PHƯỜNG HOÀN KIẾM",
        "SỔ CHỨNG THỰC BẢN SAO TỪ BẢN CHÍNH (sổ điện tử, tháng 11 năm 2026)",
        "Mang sang: 10 số 12 36.000 đ (ngân sách trả 4.000 đ)",
        "Quyển số: 01/2026-SCTĐT/BS 11 02/11/2026 Nguyễn Văn An Căn cước số 001090000001",
        "=1+1",
        "0 đ ngân sách trả 4.000 đ",
        "13 02/11/2026 — — Bằng tốt nghiệp Trần Thị Bình Chủ tịch — — Số không sử dụng:",
        "Quyển số: 02/2026-SCTĐT/BS 15",
        "Bản sao bị hủy bỏ giá trị pháp lý theo 12/QĐ-UBND",
        "(đã xóa)",
        "Đang thực hiện, chưa cấp bản sao",
        "Cộng dồn từ đầu năm: 17 số 18 56.000 đ (ngân sách trả 8.000 đ)",
        "Cộng tháng 11 năm 2026: 7 số, trong đó 5 số đã cấp bản sao, 1 số không sử dụng, 1 số đang",
        "thực hiện; 6 bản sao; người dân nộp 20.000 đ, ngân sách trả 4.000 đ.",
        "Từ số 11 đến số 17.",
        "CHỦ TỊCH ỦY BAN NHÂN DÂN",
        "Trang 2/2",
        " ".join(LONG.split()[-4:]),
    ):
        assert expected in printed, expected


def test_five_hundred_lines_are_carried_from_page_to_page(fonts: FontFiles) -> None:
    filed = FiledMonth(lines=[a_line(number) for number in range(1, 501)], before=Totals())
    printed = pages(month_pdf(filed, NOVEMBER, UNIT_NAME, fonts))
    assert len(printed) > 20
    assert [page.split()[-1] for page in printed] == [
        f"{at}/{len(printed)}" for at in range(1, len(printed) + 1)
    ]
    brought = [re.search(r"Mang sang: ([\d.]+) số ([\d.]+) ([\d.]+) đ", page) for page in printed]
    carried = [
        re.search(r"Cộng dồn từ đầu năm: ([\d.]+) số ([\d.]+) ([\d.]+) đ", page) for page in printed
    ]
    assert brought[0]
    assert brought[0].groups() == ("0", "0", "0")
    for before, after in zip(carried, brought[1:], strict=False):
        assert before
        assert after
        assert before.groups() == after.groups()
    assert carried[-1]
    assert carried[-1].groups() == ("500", "500", "2.000.000")
    numbers = [int(found) for page in printed for found in re.findall(r"(\d+) \d\d/11/2026", page)]
    assert numbers == list(range(1, 501))


def test_the_same_book_gives_the_same_bytes(fonts: FontFiles) -> None:
    assert month_pdf(FILED, NOVEMBER, UNIT_NAME, fonts) == month_pdf(
        FILED, NOVEMBER, UNIT_NAME, fonts
    )
    assert month_xlsx(FILED, NOVEMBER, UNIT_NAME) == month_xlsx(FILED, NOVEMBER, UNIT_NAME)


def test_a_month_without_numbers_says_so(fonts: FontFiles) -> None:
    [page] = pages(month_pdf(FiledMonth(lines=[], before=BEFORE), NOVEMBER, UNIT_NAME, fonts))
    assert "Trong tháng không có số chứng thực nào." in page
    assert "Mang sang: 10 số" in page


def sheet_of(content: bytes) -> Any:
    return openpyxl.load_workbook(BytesIO(content)).active


def test_the_spreadsheet_has_one_typed_row_a_number() -> None:
    sheet = sheet_of(month_xlsx(FILED, NOVEMBER, UNIT_NAME))
    assert sheet.title == "11-2026"
    assert sheet.freeze_panes == "C5"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.print_title_rows == "$4:$4"
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5, max_row=11)]
    assert [row[1] for row in rows] == list(range(11, 18))
    assert rows[0] == [
        *("01/2026-SCTĐT/BS", 11, datetime(2026, 11, 2), "Nguyễn Văn An"),
        *("Căn cước số 001090000001", "Bằng tốt nghiệp đại học", "Trần Thị Bình", "Chủ tịch"),
        *(1, 4_000, 0, 4_000, "Hồ sơ H26.7-261122-0001"),
    ]
    assert [row[8:12] for row in rows[2:4]] == [[0, None, None, None], [2, 8_000, 0, 8_000]]
    assert rows[5][3:6] == ["(đã xóa)", "(đã xóa)", "Bằng tốt nghiệp"]


@pytest.mark.parametrize("typed", ["=1+1", "+84 90", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0"])
def test_what_people_typed_is_text_in_the_spreadsheet(typed: str) -> None:
    line = a_line(columns=made_up_columns(typed, papers=typed, title=typed, note=typed))
    filed = FiledMonth(lines=[line], before=Totals())
    sheet = sheet_of(month_xlsx(filed, NOVEMBER, UNIT_NAME))
    cells = [sheet.cell(5, column) for column in (4, 5, 6, 13)]
    assert [(cell.value, cell.data_type) for cell in cells] == [(typed, "s")] * 4


def test_a_line_belongs_to_the_day_it_has_in_hanoi() -> None:
    last = datetime(2026, 11, 30, 23, 59, tzinfo=HANOI)
    line = BookNumber(book="01/2026-SCTĐT/BS", number=1, reserved_at=last)
    cells = cells_of(
        FiledLine(
            number=line, issued=1, void_reason=None, columns=None, erased=False, revocations=[]
        )
    )
    assert f"{cells.day:%d/%m/%Y}" == "30/11/2026"
    assert NOVEMBER.start <= last < NOVEMBER.end
    assert Month(2026, 12).start == NOVEMBER.end
    assert Month(2026, 12).end == Month(2027, 1).start


def test_only_issued_lines_are_paid_for() -> None:
    assert totals_of(LINES) == Totals(
        numbers=7, issued=5, void=1, copies=6, gross=24_000, subsidy=4_000, net=20_000
    )
    assert totals_of(LINES).open == 1
