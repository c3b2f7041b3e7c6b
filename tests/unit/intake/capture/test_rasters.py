"""Decoding, in this process: the pictures are our own."""

import io
import struct
import zlib

import numpy as np
import pikepdf
import pytest
from PIL import Image

from intake.capture.limits import DEFAULT_LIMITS, Limits
from intake.capture.rasters import Raster, format_of, rasters
from intake.errors import (
    DamagedFile,
    EmptyFile,
    PasswordProtected,
    TooLarge,
    TooManyPages,
    TooManyPixels,
    UnreadableScan,
    WrongType,
)
from tests.testkit.pictures import encoded, printed_page

PAGE = printed_page(620, 877)


def decoded(scan: bytes, limits: Limits = DEFAULT_LIMITS) -> list[Raster]:
    return list(rasters(scan, limits))


def tiff(pages: int) -> bytes:
    out, page = io.BytesIO(), Image.fromarray(PAGE)
    page.save(out, "TIFF", save_all=True, append_images=[page] * (pages - 1))
    return out.getvalue()


def pdf(pages: int = 1, **save: object) -> bytes:
    out, document = io.BytesIO(), pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(595, 842))
    document.save(out, **save)  # type: ignore[arg-type]
    return out.getvalue()


def png_announcing(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims to be huge."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(bytes(10_000))
    parts = [(b"IHDR", header), (b"IDAT", body), (b"IEND", b"")]
    chunks = [
        struct.pack(">I", len(content)) + kind + content
        + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in parts
    ]  # fmt: skip
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize(
    ("scan", "error"),
    [
        (b"", EmptyFile),
        (b"GIF89a" + bytes(100), WrongType),
        (b"PK\x03\x04 renamed.jpg", WrongType),
        (encoded(PAGE, "JPEG")[:2000], DamagedFile),
        (encoded(PAGE)[:-2000], DamagedFile),
        (tiff(1)[:3000], DamagedFile),
        (b"%PDF-1.7\nnothing else", DamagedFile),
        (b"\xff\xd8\xff", DamagedFile),
        (pdf(encryption=pikepdf.Encryption(owner="a", user="b")), PasswordProtected),
        (png_announcing(100_000, 100_000), TooManyPixels),
    ],
)
def test_each_bad_file_has_its_own_error(scan: bytes, error: type[UnreadableScan]) -> None:
    with pytest.raises(error):
        decoded(scan)


@pytest.mark.parametrize(
    ("scan", "limits", "error"),
    [
        (encoded(PAGE), Limits(bytes=1000), TooLarge),
        (tiff(4), Limits(pages=3), TooManyPages),
        (pdf(4), Limits(pages=3), TooManyPages),
        (encoded(PAGE), Limits(page_pixels=100_000), TooManyPixels),
        (tiff(4), Limits(total_pixels=3 * PAGE.shape[0] * PAGE.shape[1]), TooManyPixels),
    ],
)
def test_limits_hold(scan: bytes, limits: Limits, error: type[UnreadableScan]) -> None:
    with pytest.raises(error):
        decoded(scan, limits)


def test_a_pdf_without_pages_is_damaged_even_after_a_locked_one() -> None:
    with pytest.raises(PasswordProtected):
        decoded(pdf(encryption=pikepdf.Encryption(owner="a", user="b")))
    with pytest.raises(DamagedFile):
        decoded(pdf(0))


def test_every_frame_of_a_tiff_and_page_of_a_pdf_is_a_page() -> None:
    assert [page.pixels.shape for page in decoded(tiff(3))] == [PAGE.shape] * 3
    pages = decoded(pdf(2))
    assert [page.dpi for page in pages] == [pytest.approx(300, abs=1)] * 2
    assert pages[0].pixels.shape[0] == pytest.approx(3508, abs=2)


def test_the_content_counts_not_the_order_of_bytes_before_it() -> None:
    assert format_of(b"\n\n" + pdf()) == "PDF"


@pytest.mark.parametrize("quarter", [1, 3, 6, 8])
def test_a_phones_orientation_is_followed(quarter: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = quarter
    shown = decoded(encoded(PAGE, "JPEG", exif=exif.tobytes()))[0].pixels
    wide = quarter in {6, 8}
    assert shown.shape[:2] == ((620, 877) if wide else (877, 620))


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "CMYK", "I;16", "I"])
def test_every_kind_of_pixel_ends_as_the_same_page(mode: str) -> None:
    image = Image.fromarray(PAGE)
    if mode == "I;16":
        image = Image.fromarray(np.asarray(image.convert("L")).astype(np.uint16) * 257)
    elif mode == "I":
        image = Image.fromarray(np.asarray(image.convert("L")).astype(np.int32) * 257)
    else:
        image = image.convert(mode)
    out = io.BytesIO()
    image.save(out, "TIFF")
    shown = decoded(out.getvalue())[0].pixels
    assert shown.shape == PAGE.shape
    assert np.abs(shown.astype(int) - PAGE).mean() < 6


def test_transparency_is_paper() -> None:
    clear = np.zeros((80, 80, 4), np.uint8)
    assert (decoded(encoded(clear))[0].pixels == 255).all()


def test_colours_stay() -> None:
    red = np.full((80, 80, 3), (200, 30, 40), np.uint8)
    assert (decoded(encoded(red))[0].pixels == red).all()
