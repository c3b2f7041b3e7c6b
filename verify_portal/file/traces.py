"""Which codes a submitted file shows to a person: in its text, and in QR codes drawn on it.

Runs inside a bounded process (`bounded.py`).
"""

import io
from typing import Final

import pypdfium2 as pdfium
import zxingcpp
from msgspec import Struct
from PIL import Image

from registry.code import find_codes
from verify_portal.file.file_bytes import MOST_CODES

_PAGES_READ: Final = 4
_LONGEST_SIDE: Final = 2_400
_MOST_PIXELS: Final = 50_000_000
_PHOTO_FORMATS: Final = ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF")


class Traces(Struct, frozen=True, kw_only=True):
    """Codes and QR texts of a file, in the order in which they were met, each once."""

    codes: tuple[str, ...] = ()
    qr_texts: tuple[str, ...] = ()
    page_count: int = 0


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
