"""Codes are found wherever they survive in a file."""

import io
import time

import pytest
import qrcode
from PIL import Image

from registry.code import new_code
from tests.unit.verify_portal.evidence import CODE
from verify_portal.file.file_bytes import MOST_CODES, codes_in_bytes, is_cut_off, kind_of
from verify_portal.file.traces import traces_in_pdf, traces_in_photo

URL = f"https://portal.example/c/{CODE}"


def qr_picture(kind: str, text: str = URL) -> bytes:
    """A page with a QR code in its lower part, as JPEG, PNG or PDF."""
    code = qrcode.make(text, box_size=6).convert("RGB")
    page = Image.new("RGB", (1000, 1400), "white")
    page.paste(code, (80, 900))
    content = io.BytesIO()
    page.save(content, kind)
    return content.getvalue()


def test_a_code_survives_in_uncompressed_bytes() -> None:
    torn = b"\x00\xff/Location (BANSAO " + CODE.encode() + b")\x80 and then nothing"
    assert codes_in_bytes(torn) == (CODE,)


def test_a_code_with_a_flipped_bit_is_not_taken_for_another() -> None:
    damaged = CODE.replace("M", "N", 1).encode()
    assert codes_in_bytes(b"BANSAO " + damaged + b" BANSAO " + CODE.encode()) == (CODE,)


def test_lower_case_and_bare_symbols_do_not_count_in_binary_noise() -> None:
    assert codes_in_bytes(CODE.lower().encode() + b" " + CODE.replace("-", "").encode()) == ()


def test_a_file_full_of_codes_is_asked_about_a_few() -> None:
    noise = b" ".join(new_code().encode() for _ in range(200))
    assert len(codes_in_bytes(noise)) == MOST_CODES


def test_a_qr_code_is_read_from_a_page_that_is_a_picture() -> None:
    traces = traces_in_pdf(qr_picture("PDF"))
    assert traces.codes == (CODE,)
    assert traces.page_count == 1


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_qr_code_is_read_from_a_photograph(kind: str) -> None:
    traces = traces_in_photo(qr_picture(kind))
    assert traces.qr_texts == (URL,)
    assert traces.codes == (CODE,)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n", "pdf"),
        (b"junk before it\n%PDF-1.4", "pdf"),
        (b"\xff\xd8\xff\xe0" + bytes(5_000) + b"%PDF-1.7\n", "pdf"),
        (b"\xff\xd8\xff\xe0", "image"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"PK\x03\x04", "other"),
        (b"", "other"),
    ],
)
def test_a_pdf_header_anywhere_makes_a_pdf_and_first_bytes_the_rest(
    content: bytes, kind: str
) -> None:
    assert kind_of(content) == kind


def test_an_enormous_picture_is_refused_before_it_is_decoded() -> None:
    content = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(content, "PNG")
    with pytest.raises(Image.DecompressionBombError):
        traces_in_photo(content.getvalue())


def test_near_misses_without_end_cost_little_time() -> None:
    """Ten seconds before candidates were counted; processor time, since the machine is shared."""
    started = time.process_time()
    for unit in (b"AAAAAA-AAAAAA-AAAAAA ", b"AAAAAA-", b"AAAAAA-AAAAAA-AAAAA "):
        assert codes_in_bytes(unit * (5 * 2**20 // len(unit))) == ()
    misses = b" ".join(b"AAAAAA-AAAAAA-%06d" % number for number in range(250_000))
    codes_in_bytes(misses)
    assert time.process_time() - started < 3


def test_a_pdf_that_ends_is_whole() -> None:
    whole = qr_picture("PDF")
    assert not is_cut_off(whole)
    assert is_cut_off(whole[:-2_000])
