"""typst as this station uses it: one compiler a process, fonts of ours only."""

import os
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Self

import typst

from intake.certify.fonts import FontFiles, covered_characters

TEMPLATES = Path(__file__).parent / "templates"

#: x1, y1, x2, y2 in points from a page's lower left corner, as PDF counts.
Box = tuple[int, int, int, int]


class MemoryFiles:
    """Files that typst can open and no disk ever holds: pages are somebody's documents.

    A context manager; the names that `add` gives are good inside it, below `root`.
    """

    root = "/proc/self/fd"

    def __init__(self) -> None:
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def add(self, content: bytes) -> str:
        """The name of a new file with this content."""
        handle = os.memfd_create("typst")
        self._stack.callback(os.close, handle)
        os.truncate(handle, len(content))
        os.pwrite(handle, content, 0)
        return str(handle)


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
