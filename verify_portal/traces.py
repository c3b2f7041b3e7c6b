"""What a submitted file says it is: which codes it carries, in whatever place they survived.

Runs inside a bounded process (`bounded.py`), except `codes_in_bytes`, which is a plain scan.
"""

import io
import re
from typing import Final, Literal

import pypdfium2 as pdfium
import zxingcpp
from msgspec import Struct
from PIL import Image

from registry.code import find_codes

Kind = Literal["pdf", "image", "other"]

#: A file full of well-formed codes must not turn one question into thousands.
MOST_CODES: Final = 12
_PAGES_READ: Final = 4
_LONGEST_SIDE: Final = 2_400
_MOST_PIXELS: Final = 50_000_000
_PHOTO_FORMATS: Final = ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF")
_MAGIC: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"RIFF", b"II*\x00", b"MM\x00*", b"BM", b"GIF8")
# Printed form only, so that compressed streams do not yield accidental codes.
_PRINTED: Final = re.compile(rb"(?<![0-9A-Z-])[0-9A-Z]{6}-[0-9A-Z]{6}-[0-9A-Z]{6}(?![0-9A-Z-])")


class Traces(Struct, frozen=True, kw_only=True):
    """Codes and QR texts of a file, in the order in which they were met, each once."""

    codes: tuple[str, ...] = ()
    qr_texts: tuple[str, ...] = ()
    page_count: int = 0


def kind_of(content: bytes) -> Kind:
    """By the first bytes only; readers accept a PDF header anywhere in the first 1,024."""
    if b"%PDF-" in content[:1024]:
        return "pdf"
    return "image" if content.startswith(_MAGIC) else "other"


def codes_in_bytes(content: bytes) -> tuple[str, ...]:
    """Well-formed codes that stand uncompressed in a file: XMP, /Reason, plain content streams."""
    found: dict[str, None] = {}
    for match in _PRINTED.finditer(content):
        found.update(dict.fromkeys(find_codes(match.group().decode("ascii"))))
        if len(found) >= MOST_CODES:
            break
    return tuple(found)


def traces_in_pdf(content: bytes) -> Traces:
    """Text and QR codes of the first pages and the last, as PDFium shows them to a person."""
    with pdfium.PdfDocument(content) as document:
        count = len(document)
        codes: dict[str, None] = {}
        texts: dict[str, None] = {}
        for number in sorted({*range(min(count, _PAGES_READ)), count - 1} - {-1}):
            page = document[number]
            codes.update(dict.fromkeys(find_codes(page.get_textpage().get_text_bounded())))
            texts.update(dict.fromkeys(_qr_texts(_rendered(page))))
            page.close()
    for text in texts:
        codes.update(dict.fromkeys(find_codes(text)))
    return Traces(codes=tuple(codes)[:MOST_CODES], qr_texts=tuple(texts), page_count=count)


def traces_in_photo(content: bytes) -> Traces:
    """QR codes of a photograph or screenshot. Raises whatever Pillow raises on a broken one."""
    with Image.open(io.BytesIO(content), formats=_PHOTO_FORMATS) as photo:
        if photo.width * photo.height > _MOST_PIXELS:
            raise Image.DecompressionBombError
        # Lets the JPEG decoder scale while reading; other formats ignore it.
        photo.draft("L", (_LONGEST_SIDE, _LONGEST_SIDE))
        grey = photo.convert("L")
    texts = tuple(_qr_texts(grey))
    codes = dict.fromkeys(code for text in texts for code in find_codes(text))
    return Traces(codes=tuple(codes)[:MOST_CODES], qr_texts=texts, page_count=1)


def _rendered(page: pdfium.PdfPage) -> Image.Image:
    """A page at about 200 dpi for A4, never larger whatever its MediaBox says."""
    width, height = page.get_size()
    scale = min(200 / 72, _LONGEST_SIDE / max(width, height, 1.0))
    picture: Image.Image = page.render(scale=scale, grayscale=True).to_pil()
    return picture


def _qr_texts(image: Image.Image) -> list[str]:
    barcodes = zxingcpp.read_barcodes(
        image, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    )
    return [barcode.text for barcode in barcodes]
