"""Finds a form's printed labels in the rows of a page, and the values that follow them. Pure."""

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from intake.recognise.folding import find_like, fold
from intake.recognise.forms import Label
from intake.recognise.words import Line, cell_starts

LIKENESS: Final = 85.0
SHORT: Final = 7  # letters; shorter labels are found literally or not at all
MOST_ROWS: Final = 2  # on which a long value runs on
_FILLER: Final = re.compile(r"[.…_·]{2,}|(?:\. ){2,}")
_EDGES: Final = " .,:;-–_…|/\\'\"“”"


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A label at `row.text[start:end]`."""

    label: Label
    row: Line
    start: int
    end: int
    weight: float


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """What stands beside a label, fillers removed; `confidence` 0 to 1."""

    label: Label
    text: str
    confidence: float


def labelled_values(labels: Sequence[Label], rows: Sequence[Line]) -> list[Value]:
    """Values of labels with a field, in reading order; a label may occur more than once."""
    found = [_labels_in(labels, row) for row in rows]
    values = []
    for index, here in enumerate(found):
        for position, label in enumerate(here):
            end = here[position + 1].start if position + 1 < len(here) else len(label.row.text)
            free = _free_rows_below(rows, found, index) if position + 1 == len(here) else []
            value = _value_of(label, end, free)
            if label.label.field and value.text:
                values.append(value)
    return values


def _labels_in(labels: Sequence[Label], row: Line) -> list[Found]:
    folded, cells = fold(row.text), cell_offsets(row)
    candidates = [
        found
        for label in labels
        for phrase in label.phrases
        if (found := _find(label, phrase, row, folded, cells)) is not None
    ]
    chosen: list[Found] = []
    for candidate in sorted(candidates, key=lambda found: -found.weight):
        if all(candidate.end <= other.start or candidate.start >= other.end for other in chosen):
            chosen.append(candidate)
    return sorted(chosen, key=lambda found: found.start)


def _find(label: Label, phrase: str, row: Line, folded: str, cells: set[int]) -> Found | None:
    wanted = fold(phrase)
    if len(wanted) < SHORT:
        return _find_short(label, wanted, row, folded, cells)
    match = find_like(folded, wanted, LIKENESS)
    if match is None:
        return None
    start, end, score = match
    while end < len(folded) and folded[end].isalnum():
        end += 1  # the rest of a word that the label ends in was misread with it
    # In running text the same words are no label.
    if start not in cells and not re.match(r"\w{0,2}\s?[:;]", folded[end:]):
        return None
    # Length counts, so that the label which says more wins; likeness counts for more than that.
    weight = len(wanted) * (score / 100) ** 5
    return Found(label=label, row=row, start=start, end=end, weight=weight)


def _find_short(label: Label, wanted: str, row: Line, folded: str, cells: set[int]) -> Found | None:
    for start in sorted(cells):
        match = re.compile(re.escape(wanted) + r"(?:\s?[:;.]|(?=\s?\d))").match(folded, start)
        if match:
            return Found(label=label, row=row, start=start, end=match.end(), weight=len(wanted))
    return None


def cell_offsets(row: Line) -> set[int]:
    """Offsets in the row's text at which a cell of the form begins."""
    offsets = [0]
    for word in row.words:
        offsets.append(offsets[-1] + len(word.text) + 1)
    return {offsets[index] for index in cell_starts(row)}


def _free_rows_below(
    rows: Sequence[Line], found: Sequence[Sequence[Found]], index: int
) -> list[Line]:
    """Rows right below without any label of their own."""
    free: list[Line] = []
    for below in range(index + 1, min(index + 1 + MOST_ROWS, len(rows))):
        above, row = rows[below - 1], rows[below]
        near = row.page == above.page and row.top - above.bottom < 1.2 * above.height
        if found[below] or not near:
            break
        free.append(row)
    return free


def _value_of(found: Found, end: int, free: Sequence[Line]) -> Value:
    text, stop = _first_cell(found.row, found.end, end)
    if text:
        confidence = found.row.confidence(found.end, stop)
        reaches_margin = stop == len(found.row.text)
        parts, used = [text], list(free) if found.label.over and reaches_margin else []
    else:
        confidence, parts, used = 0.0, [], list(free[:1])
    for row in used:
        more, stop = _first_cell(row, 0, len(row.text))
        parts.append(more)
        confidence = min(confidence or 1.0, row.confidence(0, stop))
    return Value(label=found.label, text=" ".join(filter(None, parts)), confidence=confidence)


def _first_cell(row: Line, start: int, end: int) -> tuple[str, int]:
    """The first text between the offsets that is not filler, and where it ends."""
    borders = [*sorted(border for border in cell_offsets(row) if start < border < end), end]
    position = start
    for border in borders:
        text = _FILLER.sub(" ", row.text[position:border]).strip(_EDGES)
        if any(character.isalnum() for character in text):
            return " ".join(text.split()), border
        position = border
    return "", end
