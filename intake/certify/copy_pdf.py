"""Laying out the copy: page images, each page's foot and the lời chứng, as PDF/A-2b.

The template decides how things look; this module decides what is printed. Values reach the template
as JSON and are printed as text, so that nothing in a name or title can act as markup.
"""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

import msgspec
from PIL import Image

from intake.certify.errors import UnreadablePage
from intake.certify.fonts import FontFiles
from intake.certify.qr import qr_svg
from intake.certify.typesetting import (
    TEMPLATES,
    Box,
    MemoryFiles,
    drawn_characters,
    typeset,
)
from intake.certify.words import printable, runs, words
from registry.clock import HANOI

_FORMATS = {"image/jpeg": "jpg", "image/png": "png"}
_A4_HEIGHT = 841.89
#: Where the two visible signatures go on the last page. The officer's is the customary 180 × 60
#: points; the seal's begins with a round stamp of 36 mm, its lines stand below. The stamp lies over
#: the beginning of the officer's handwriting, as is usual, and all print keeps clear of it.
OFFICER_BOX: Box = (125, 570, 305, 630)
SEAL_BOX: Box = (57, 490, 305, 634)
SEAL_DIAMETER = 102
#: How much of the officer's box, from its left, is left to the stamp.
SEALED_WIDTH = SEAL_BOX[0] + SEAL_DIAMETER - OFFICER_BOX[0] + 4


class CopyPage(msgspec.Struct, frozen=True, kw_only=True):
    """One straightened page of the original, `image/jpeg` or `image/png`."""

    image: bytes
    media_type: str


class CopySheet(msgspec.Struct, frozen=True, kw_only=True):
    """All that is printed on a copy.

    `signer_title` may hold several lines (`KT. CHỦ TỊCH` above the office). `check_url` is the
    portal's address of this copy without fragment, `qr_seal` the signed seal that follows it after
    `#` in the last page's QR; `portal_address` is what a person types.
    """

    pages: Sequence[CopyPage]
    code: str
    book: str
    number: int
    certified_at: datetime
    title: str
    holder_name: str
    unit_name: str
    signer_name: str
    signer_title: str
    watermark: str
    portal_address: str
    check_url: str
    qr_seal: str


def lay_out(sheet: CopySheet, fonts: FontFiles) -> bytes:
    """The unsigned PDF/A-2b: one A4 page an image, then the page with the lời chứng.

    The same sheet gives the same bytes. Raises UnreadablePage for an image that cannot be used.
    """
    with MemoryFiles() as files:
        images = [_place(page, number, files) for number, page in enumerate(sheet.pages, 1)]
        drawings = {
            "qr_page": files.add(qr_svg(sheet.check_url)),
            "qr_seal": files.add(qr_svg(f"{sheet.check_url}#{sheet.qr_seal}")),
        }
        printed = _printed(sheet, images, fonts) | drawings
        at = int(sheet.certified_at.timestamp())
        pdf = typeset(TEMPLATES / "copy.typ", printed, fonts, root=files.root, timestamp=at)
    # typst ends with a bare %%EOF, behind which a signature's update would not start on a new line,
    # as PDF/A wants of every object (ISO 19005-2, 6.1.9).
    return pdf + b"\n"


def _printed(
    sheet: CopySheet, images: list[dict[str, object]], fonts: FontFiles
) -> dict[str, object]:
    """The template's input: finished strings, and boxes in points from the upper left corner."""
    say = words("vi")
    drawn = drawn_characters(fonts)
    shown = {
        name: printable(getattr(sheet, name), drawn)
        for name in ("title", "holder_name", "unit_name", "signer_name")
    }
    pages = len(images) + 1
    local = sheet.certified_at.astimezone(HANOI)
    return {
        "document": say("copy-title", code=sheet.code),
        "keywords": ["BANSAO", sheet.code],
        "watermark": printable(sheet.watermark, drawn),
        "pages": images,
        "page_labels": [say("copy-foot-page", page=n, pages=pages) for n in range(1, pages + 1)],
        "foot": {
            "code": runs(say, "copy-foot-code", {"code": sheet.code}),
            "source": say("copy-foot-source", source=say("copy-source", unit=shown["unit_name"])),
            "check": say("copy-foot-check", address=sheet.portal_address),
        },
        "qr_image": say("copy-qr-image", code=sheet.code),
        "attestation": {
            "title": say("copy-attestation"),
            "number": runs(say, "copy-number", {"number": f"{sheet.number:06d}"}),
            "book": runs(say, "copy-book", {"book": sheet.book}),
            "date": runs(say, "copy-date", _date(local)),
            "certifier": say("copy-certifier"),
            "note": say("copy-certifier-note"),
            "signer_title": [printable(line, drawn) for line in sheet.signer_title.splitlines()],
            "signer_name": shown["signer_name"],
            "officer_box": _from_top(OFFICER_BOX),
            "sealed": SEALED_WIDTH,
        },
        "facts_title": say("copy-facts"),
        "facts": [
            [say(f"copy-fact-{key}"), value]
            for key, value in (
                ("original", shown["title"]),
                ("holder", shown["holder_name"]),
                ("pages", str(len(images))),
                ("unit", shown["unit_name"]),
                ("code", sheet.code),
            )
            if value
        ],
        "scan": say("copy-scan"),
        "address": sheet.portal_address,
        "foreign": words("en")("copy-foreign", address=sheet.portal_address, code=sheet.code),
    }


def _place(page: CopyPage, number: int, files: MemoryFiles) -> dict[str, object]:
    """Put one page image where the template finds it, and say how it lies."""
    try:
        with Image.open(BytesIO(page.image)) as image:
            landscape = image.width > image.height
            # typst embeds a JPEG unseen, so it is decoded here, at an eighth of its size: only to
            # know that all of it is there.
            image.draft("L", (image.width // 8, image.height // 8))
            image.load()
        return {
            "file": files.add(page.image),
            "format": _FORMATS[page.media_type],
            "landscape": landscape,
            "alt": words("vi")("copy-page-image", page=number),
        }
    except (OSError, KeyError, ValueError, Image.DecompressionBombError) as error:
        raise UnreadablePage(page=number) from error


def _date(local: datetime) -> dict[str, str]:
    # A day below 10 and a month below 3 are written with two digits, so that none can be added.
    month = f"{local.month:02d}" if local.month < 3 else str(local.month)
    return {"day": f"{local.day:02d}", "month": month, "year": str(local.year)}


def _from_top(box: Box) -> list[float]:
    left, bottom, right, top = box
    return [left, _A4_HEIGHT - top, right - left, top - bottom]
