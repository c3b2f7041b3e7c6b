"""Words on a page as the OCR engine places them, and the rows that they stand in. Pure.

Boxes are in pixels of the recognised picture, origin at its upper left.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median
from typing import Final

import msgspec

CELL_GAP: Final = 2.0  # heights of a line between two words that belong to different cells


class Word(msgspec.Struct, frozen=True, kw_only=True):
    """One word in NFC; `confidence` 0 to 1; `line` tells the engine's own line."""

    text: str
    confidence: float
    left: int
    top: int
    width: int
    height: int
    page: int = 0
    line: tuple[int, int, int] = (0, 0, 0)

    @property
    def right(self) -> int:
        return self.left + self.width

    @property
    def middle(self) -> float:
        return self.top + self.height / 2


class Line(msgspec.Struct, frozen=True):
    """Words from left to right. In `text` one space stands between two of them."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def page(self) -> int:
        return self.words[0].page

    @property
    def left(self) -> int:
        return min(word.left for word in self.words)

    @property
    def right(self) -> int:
        return max(word.right for word in self.words)

    @property
    def top(self) -> int:
        return min(word.top for word in self.words)

    @property
    def bottom(self) -> int:
        return max(word.top + word.height for word in self.words)

    @property
    def height(self) -> float:
        return float(median(word.height for word in self.words))

    def confidence(self, start: int, end: int) -> float:
        """Of the words that `text[start:end]` touches, mean, 0 to 1."""
        position, touched = 0, []
        for word in self.words:
            if position < end and position + len(word.text) > start:
                touched.append(word.confidence)
            position += len(word.text) + 1
        return sum(touched) / len(touched) if touched else 0.0


def parse_tsv(tsv: str, page: int = 0) -> list[Word]:
    """The words of Tesseract's `tsv` output (12 columns, level 5); rows of another shape are
    passed over."""
    words = []
    for row in tsv.splitlines():
        columns = row.split("\t")
        if len(columns) != 12 or columns[0] != "5":
            continue
        text = unicodedata.normalize("NFC", columns[11].strip())
        if not text:
            continue
        block, paragraph, line = (int(column) for column in columns[2:5])
        left, top, width, height = (int(column) for column in columns[6:10])
        confidence = min(max(float(columns[10]) / 100, 0.0), 1.0)
        words.append(
            Word(
                text=text,
                confidence=confidence,
                left=left,
                top=top,
                width=width,
                height=height,
                page=page,
                line=(block, paragraph, line),
            )
        )
    return words


def engine_lines(words: Iterable[Word]) -> list[Line]:
    """Lines as the engine saw them: columns apart, in its reading order."""
    grouped: dict[tuple[int, tuple[int, int, int]], list[Word]] = {}
    for word in words:
        grouped.setdefault((word.page, word.line), []).append(word)
    return [Line(tuple(line)) for line in grouped.values()]


def cell_starts(line: Line) -> list[int]:
    """Indices of the words with which a cell of the form begins; the first is 0."""
    far = CELL_GAP * line.height
    return [0] + [
        index
        for index in range(1, len(line.words))
        if line.words[index].left - line.words[index - 1].right > far
    ]


def in_cells(lines: Iterable[Line]) -> list[Line]:
    """The lines, each cut where a wide gap parts columns that the engine took for one."""
    cells = []
    for line in lines:
        borders = [*cell_starts(line), len(line.words)]
        cells += [Line(line.words[start:end]) for start, end in pairwise(borders)]
    return cells


def rows(lines: Sequence[Line]) -> list[Line]:
    """What stands at one height across the page's columns, from top to bottom.

    Forms print several labels in one row, which the engine may tear into columns.
    """
    joined: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (line.page, _middle([line]))):
        if joined and _level(joined[-1], line):
            joined[-1].append(line)
        else:
            joined.append([line])
    return [
        Line(tuple(sorted((word for line in row for word in line.words), key=lambda w: w.left)))
        for row in joined
    ]


def _middle(row: Sequence[Line]) -> float:
    return float(median(word.middle for line in row for word in line.words))


def _level(row: Sequence[Line], line: Line) -> bool:
    height = min(median(other.height for other in row), line.height)
    apart = abs(_middle(row) - _middle([line]))
    beside = all(line.left >= other.right or line.right <= other.left for other in row)
    return row[0].page == line.page and beside and apart < 0.6 * height
