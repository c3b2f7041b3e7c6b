"""What a reader sees of the two signatures: drawings by typst, one small PDF page each."""

from collections.abc import Mapping
from datetime import datetime

from intake.certify.fonts import FontFiles
from intake.certify.typesetting import TEMPLATES, Box, drawn_characters, typeset
from intake.certify.words import printable, words
from registry.clock import HANOI


def officer_stamp(name: str, at: datetime, box: Box, fonts: FontFiles, *, sealed: float) -> bytes:
    """The person's mark: a blue name as if by hand, who signed and when (TT 01/2019).

    The lines keep clear of the box's first `sealed` points, over which the agency's seal will lie.
    """
    say = words("vi")
    shown = printable(name, drawn_characters(fonts))
    values = {
        "name": shown,
        "signed_by": say("stamp-signed-by", name=shown),
        "signed_at": say("stamp-signed-at", time=shown_time(at)),
        "sealed": sealed,
    }
    return _draw("officer.typ", values, box, fonts)


def seal_stamp(
    agency: str, mark: str, at: datetime, box: Box, fonts: FontFiles, *, diameter: float
) -> bytes:
    """The agency's red seal on a transparent ground, `diameter` points wide, with agency and time.

    `mark` is the short text below the star.
    """
    shown = printable(agency, drawn_characters(fonts))
    values = {
        "ring": shown.upper(),
        "mark": printable(mark, drawn_characters(fonts)),
        "agency": shown,
        "diameter": diameter,
        "signed_at": words("vi")("stamp-signed-at", time=shown_time(at)),
    }
    return _draw("seal.typ", values, box, fonts)


def shown_time(at: datetime) -> str:
    """`22/11/2026 09:15:30 +07:00`: local time, not parted from its UTC offset at a line's end."""
    local = at.astimezone(HANOI)
    return f"{local:%d/%m/%Y %H:%M:%S}\N{NO-BREAK SPACE}{local.isoformat()[-6:]}"


def _draw(template: str, values: Mapping[str, object], box: Box, fonts: FontFiles) -> bytes:
    left, bottom, right, top = box
    stamp = {**values, "width": right - left, "height": top - bottom}
    return typeset(TEMPLATES / template, stamp, fonts, pdf_tags=False, timestamp=0)
