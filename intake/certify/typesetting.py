"""typst as this station uses it: one compiler a process, fonts of ours only."""

import json
import os
from collections.abc import Mapping
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Self

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


# Two copies may be certified at once, and a compiler refuses a second caller ("Already borrowed").
_turn = Lock()


def typeset(
    template: Path, inputs: Mapping[str, object], fonts: FontFiles, **options: Any
) -> bytes:
    """The PDF/A-2b that a template makes of `inputs`, which it finds as JSON in `sys.inputs.it`.

    `options` are typst's own. One caller at a time; the others wait their tens of milliseconds.
    """
    with _turn:
        output = _compiler(fonts.directory).compile(
            template.read_bytes(),
            sys_inputs={"it": json.dumps(inputs, ensure_ascii=False)},
            pdf_standards="a-2b",
            **options,
        )
    # typst answers with a list for several images; a PDF is always one file.
    if not isinstance(output, bytes):
        raise TypeError("typst gave no PDF")
    return output


@cache
def drawn_characters(fonts: FontFiles) -> frozenset[str]:
    """What every face of the family can draw."""
    faces = (fonts.regular, fonts.bold, fonts.italic)
    return frozenset.intersection(*(covered_characters(face) for face in faces))


@cache
def _compiler(fonts: Path) -> typst.Compiler:
    """Reading the fonts costs more than setting a page, so the process keeps its compiler."""
    return typst.Compiler(font_paths=[str(fonts)], ignore_system_fonts=True)
