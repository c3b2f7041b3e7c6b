"""Pages of a submitted file as pictures, as PDFium shows them.

Runs inside a bounded process (`bounded.py`).
"""

import io
from collections.abc import Sequence
from typing import Final

import pypdfium2 as pdfium
from PIL import Image

_LONGEST_SIDE: Final = 1_000
_QUALITY: Final = 75


def rendered(content: bytes, pages: Sequence[int]) -> tuple[bytes, ...]:
    """A JPEG of each page, counted from 1, with its annotations and form fields."""
    with pdfium.PdfDocument(content) as document:
        if document.get_formtype():
            document.init_forms()
        return tuple(_jpeg(document[number - 1]) for number in pages)


def _jpeg(page: pdfium.PdfPage) -> bytes:
    """Never larger, whatever its MediaBox says."""
    scale = _LONGEST_SIDE / max(*page.get_size(), 1.0)
    picture: Image.Image = page.render(scale=scale).to_pil()
    content = io.BytesIO()
    picture.convert("RGB").save(content, "JPEG", quality=_QUALITY)
    return content.getvalue()
