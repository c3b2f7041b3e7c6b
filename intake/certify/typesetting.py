"""typst as this station uses it: one compiler a process, fonts of ours only."""

from functools import cache
from pathlib import Path

import typst

from intake.certify.fonts import FontFiles, covered_characters

TEMPLATES = Path(__file__).parent / "templates"

#: x1, y1, x2, y2 in points from a page's lower left corner, as PDF counts.
Box = tuple[float, float, float, float]


@cache
def compiler(fonts: Path) -> typst.Compiler:
    """Reading the fonts costs more than setting a page, so the process keeps its compiler."""
    return typst.Compiler(font_paths=[str(fonts)], ignore_system_fonts=True)


@cache
def drawn_characters(fonts: FontFiles) -> frozenset[str]:
    """What every face of the family can draw."""
    faces = (fonts.regular, fonts.bold, fonts.italic)
    return frozenset.intersection(*(covered_characters(face) for face in faces))


def one_file(output: bytes | list[bytes] | None) -> bytes:
    """typst answers with a list for several images; a PDF is always one file."""
    if not isinstance(output, bytes):
        raise TypeError("typst gave no PDF")
    return output
