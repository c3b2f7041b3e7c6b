"""What a reader, a printer and a scanner find in a laid-out copy."""

import io
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import msgspec
import pikepdf
import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from intake.certify.copy_pdf import CopyPage, CopySheet, lay_out
from intake.certify.errors import UnreadablePage
from intake.certify.fonts import FontFiles

CODE = "7KQ2M9-XW4T8B-3HNPZR"
URL = f"http://127.0.0.1:8003/c/{CODE}"
SEAL = "hEOhASegWIKiB1IxMjM0NTY3ODkwQUJDREVGR0g" * 7


def page(width: int = 620, height: int = 877, kind: str = "JPEG") -> CopyPage:
    content = io.BytesIO()
    Image.new("RGB", (width, height), "#fdfbf2").save(content, kind)
    return CopyPage(image=content.getvalue(), media_type=f"image/{kind.lower()}")


SHEET = CopySheet(
    pages=[page(), page(877, 620, "PNG")],
    code=CODE,
    book="01/2026-SCTĐT/BS",
    number=123,
    certified_at=datetime(2026, 11, 22, 18, 30, tzinfo=UTC),
    title="Bằng tốt nghiệp đại học",
    holder_name="Nguyễn Thị Ngọc Ánh",
    unit_name="Ủy ban nhân dân phường Ba Đình",
    signer_name="Trần Hữu Nghị",
    signer_title="TUQ. CHỦ TỊCH\nCÔNG CHỨC TƯ PHÁP - HỘ TỊCH",
    watermark="TTPVHCC",
    portal_address="http://127.0.0.1:8003",
    check_url=URL,
    qr_seal=SEAL,
)


def texts(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        raw = []
        for sheet in document:
            text_page = sheet.get_textpage()
            raw.append(text_page.get_text_bounded())
            text_page.close()
            sheet.close()
    return [unicodedata.normalize("NFC", " ".join(text.split())) for text in raw]


def rendered(pdf: bytes, dpi: int) -> list[Image.Image]:
    with pypdfium2.PdfDocument(pdf) as document:
        pictures = []
        for sheet in document:
            pictures.append(sheet.render(scale=dpi / 72).to_pil())
            sheet.close()
    return pictures


@pytest.fixture(scope="module")
def pdf(fonts: FontFiles) -> bytes:
    return lay_out(SHEET, fonts)


def test_the_last_page_certifies_in_the_form_of_the_decree(pdf: bytes) -> None:
    last = texts(pdf)[-1]

    for words in (
        "Chứng thực bản sao đúng với bản chính",
        "Số chứng thực: 000123",
        "Quyển số: 01/2026-SCTĐT/BS",
        "Người thực hiện chứng thực",
        "TUQ. CHỦ TỊCH",
        "Trần Hữu Nghị",
        "Nguyễn Thị Ngọc Ánh",
        "Bằng tốt nghiệp đại học",
        "Certified electronic copy of a paper original",
    ):
        assert words in last


def test_the_day_is_the_local_one(pdf: bytes) -> None:
    assert "Ngày 23 tháng 11 năm 2026" in texts(pdf)[-1]


def test_every_foot_names_code_and_source(pdf: bytes) -> None:
    pages = texts(pdf)

    assert len(pages) == 3
    for number, text in enumerate(pages, 1):
        assert CODE in text
        assert "Bản in từ bản sao điện tử" in text
        assert "TTPVHCC" in text
        assert f"Trang {number}/3" in text


def test_it_never_calls_itself_sao_y(pdf: bytes) -> None:
    everything = " ".join(texts(pdf)).upper()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        title = str(document.docinfo["/Title"])

    assert "SAO Y" not in everything + title.upper()
    assert CODE in title


@pytest.mark.parametrize("dpi", [150, 200])
def test_a_scanner_reads_the_codes_from_a_print(pdf: bytes, dpi: int) -> None:
    read = [
        {found.text for found in zxingcpp.read_barcodes(picture)} for picture in rendered(pdf, dpi)
    ]

    assert read[:2] == [{URL}, {URL}]
    assert read[2] == {URL, f"{URL}#{SEAL}"}


def test_pages_keep_their_orientation_on_a4(pdf: bytes) -> None:
    with pypdfium2.PdfDocument(pdf) as document:
        sizes = [tuple(round(side) for side in sheet.get_size()) for sheet in document]

    assert sizes == [(595, 842), (842, 595), (595, 842)]


def test_it_is_an_archive_file_with_its_fonts_inside(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        fonts = [item for item in document.objects if _is_kind(item, "/FontDescriptor")]
        with document.open_metadata() as metadata:
            level = metadata.pdfa_status

    assert level == "2B"
    assert fonts
    assert all("/FontFile2" in font or "/FontFile3" in font for font in fonts)
    assert all("Tinos" in str(font["/FontName"]) for font in fonts)


def _is_kind(item: object, kind: str) -> bool:
    return isinstance(item, pikepdf.Dictionary) and item.get("/Type") == kind


def test_the_code_stands_in_plain_bytes(pdf: bytes) -> None:
    assert CODE.encode() in pdf


@pytest.mark.parametrize(
    "name",
    [
        '#panic("x") $x^2$ *đậm* _n_ `raw` <nhãn> @ref // chú thích',
        '"; #import "/etc/passwd"',
        "\\u{41} \\ # [ ] { } ~ -- ---",
        "Nguyễn\nVăn\tAn\x00\u202egnaht",
        "字 🙂 \ue000ngoặc\ue001 riêng",
        "x" * 5000,
        " ".join(["Nguyễn"] * 400),
    ],
    ids=["markup", "import", "escapes", "controls", "undrawable", "long", "many"],
)
def test_a_hostile_name_is_printed_not_obeyed(fonts: FontFiles, name: str) -> None:
    hostile = msgspec.structs.replace(
        SHEET, pages=[page()], holder_name=name, title=name, unit_name=name, signer_title=name
    )

    pages = texts(lay_out(hostile, fonts))

    assert len(pages) == 2
    assert "Số chứng thực: 000123" in pages[-1]
    assert CODE in pages[-1]


def test_markup_in_a_name_shows_as_it_was_written(fonts: FontFiles) -> None:
    name = "#let x = *A* $b$ [c] \\ `d`"
    copy = lay_out(msgspec.structs.replace(SHEET, pages=[page()], holder_name=name), fonts)

    assert name in texts(copy)[-1]


@pytest.mark.parametrize(
    "broken",
    [
        CopyPage(image=b"", media_type="image/jpeg"),
        CopyPage(image=b"not an image", media_type="image/png"),
        CopyPage(image=page().image[:900], media_type="image/jpeg"),
        CopyPage(image=page().image, media_type="image/gif"),
    ],
    ids=["empty", "noise", "truncated", "type"],
)
def test_a_page_that_is_no_picture_is_named(fonts: FontFiles, broken: CopyPage) -> None:
    with pytest.raises(UnreadablePage) as refused:
        lay_out(msgspec.structs.replace(SHEET, pages=[page(), broken]), fonts)

    assert refused.value.values == {"page": 2}


def test_the_same_sheet_gives_the_same_bytes(fonts: FontFiles, pdf: bytes) -> None:
    assert lay_out(SHEET, fonts) == pdf


def test_two_copies_may_be_laid_out_at_once(fonts: FontFiles) -> None:
    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(lambda _: lay_out(SHEET, fonts), range(8)))) == 1
