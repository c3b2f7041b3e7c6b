"""A table that somebody sent, and which of its cells are questions. Pure.

People put a title above the heading, leave rows empty and name columns as they like. So the column
is found by what stands in it, and every line from the first one that could be a question on is
asked about: a line without a verdict would be taken for one that holds.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final, Literal

from msgspec import Struct

from registry.code import SYMBOLS, is_ambiguous
from verify_portal.question import NoQuestion, code_question, digest_question, text_question

Cell = str | int | float | bool | datetime | date | time | timedelta | None
Row = Sequence[Cell]

MOST_LINES: Final = 1_000
#: Also empty ones: a sheet formatted to its last row has a million of them.
MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 200
#: Rows that are looked at for a heading.
_TOP: Final = 50
#: Words of headings over codes, without accents.
_HEADINGS: Final = re.compile(r"\b(ma|code|codes|qr|sha\W?256|hash|digest|link|url|lien ket)\b")
_FEWEST_SIGNS: Final = 10

Fault = Literal[
    "empty",
    "too-large",
    "too-many-lines",
    "too-many-rows",
    "too-many-columns",
    "no-codes",
    "no-such-column",
    "old-format",
    "not-a-table",
    "too-costly",
    "unreadable",
    "no-questions",
]


class TableRefused(Exception):
    """A table that cannot be answered line by line."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault: Fault = fault


class Table(Struct, frozen=True, kw_only=True):
    """One sheet. CSV has an `encoding` and a `separator`; a workbook a `sheet` and the number
    formats, by row and column, of cells that have one. Rows may differ in length.
    """

    kind: Literal["csv", "xlsx"]
    rows: tuple[Row, ...]
    encoding: str = ""
    separator: str = ""
    sheet: str = ""
    formats: dict[tuple[int, int], str] = {}

    @property
    def width(self) -> int:
        """Columns of the widest row."""
        return max(map(len, self.rows), default=0)


class Reading(Struct, frozen=True, kw_only=True):
    """A table and where its questions are: `column`, and by row from 0 the text of each line.
    `heading` is the row above the first line, if there is one.
    """

    table: Table
    column: int
    heading: int | None
    lines: dict[int, str]

    @property
    def column_letters(self) -> str:
        """As spreadsheets name it: A, B, … Z, AA."""
        return letters_of(self.column)

    @property
    def column_heading(self) -> str:
        """What stands above the codes."""
        return self.heading_of(self.column)

    @property
    def columns(self) -> list[tuple[str, str]]:
        """Letters and heading of every column."""
        return [(letters_of(at), self.heading_of(at)) for at in range(self.table.width)]

    def heading_of(self, column: int) -> str:
        """What stands above a column; empty without a heading."""
        row = () if self.heading is None else self.table.rows[self.heading]
        return cell_text(row[column]) if column < len(row) else ""


def read_lines(table: Table, column: str = "") -> Reading:
    """Where the questions are; `column` is a letter or a heading when somebody has named it.

    Raises TableRefused.
    """
    if table.width > MOST_COLUMNS:
        raise TableRefused("too-many-columns")
    chosen = _named(table, column) if column.strip() else _likeliest(table)
    texts = [cell_text(row[chosen]) if chosen < len(row) else "" for row in table.rows]
    heading, first = _beginning(texts)
    lines = {
        at: texts[at]
        for at in range(first, len(table.rows))
        if any(cell_text(cell) for cell in table.rows[at])
    }
    if not lines:
        raise TableRefused("empty")
    if len(lines) > MOST_LINES:
        raise TableRefused("too-many-lines")
    return Reading(table=table, column=chosen, heading=heading, lines=lines)


def cell_text(cell: Cell) -> str:
    """What the cell shows, about; a whole number without its decimal point."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell).strip()


def strength(text: str) -> int:
    """2 for a code, a link with one, or a digest, alone in a cell; 1 for codes among words."""
    if len(text) < SYMBOLS:
        return 0
    if not isinstance(digest_question(text), NoQuestion):
        return 2
    if not isinstance(code_question(text), NoQuestion):
        return 2
    if isinstance(text_question(text, portal_url=""), NoQuestion):
        return int(is_ambiguous(text))
    return 1 if "/" not in text or any(map(str.isspace, text)) else 2


def letters_of(column: int) -> str:
    """0 is A, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _named(table: Table, wanted: str) -> int:
    wanted = wanted.strip()
    for column in range(table.width):
        if letters_of(column) == wanted.upper():
            return column
    for row in table.rows[:_TOP]:
        for column, cell in enumerate(row):
            if _plain(cell_text(cell)) == _plain(wanted):
                return column
    raise TableRefused("no-such-column")


def _likeliest(table: Table) -> int:
    """The column with most codes; without any, the one whose heading promises them."""
    scores = [0] * table.width
    for row in table.rows[: _TOP + MOST_LINES]:
        for column, cell in enumerate(row):
            scores[column] += strength(cell_text(cell))
    best = max(scores, default=0)
    if best:
        return scores.index(best)
    for row in table.rows[:_TOP]:
        for column, cell in enumerate(row):
            if _is_heading(cell_text(cell)):
                return column
    raise TableRefused("no-codes" if table.rows else "empty")


def _beginning(texts: Sequence[str]) -> tuple[int | None, int]:
    """The row of the heading, if any, and the first line, of a column's texts."""
    top = texts[:_TOP]
    first = next((at for at, text in enumerate(top) if strength(text)), None)
    before = range(first if first is not None else len(top))
    headings = [at for at in before if _is_heading(top[at])]
    if headings:
        # The last one above a code: the title of a sheet may speak of codes too.
        heading = headings[-1] if first is not None else headings[0]
        return heading, heading + 1
    attempt = next((at for at in before if _is_attempt(top[at])), first)
    if attempt is None:
        return None, 0
    above = attempt - 1
    return (above if above >= 0 and top[above] else None), attempt


def _is_heading(text: str) -> bool:
    return not strength(text) and _HEADINGS.search(_plain(text)) is not None


def _is_attempt(text: str) -> bool:
    """Whether somebody may have meant a code: no line may go unanswered as part of a title."""
    signs = sum(sign.isascii() and sign.isalnum() for sign in text)
    return _FEWEST_SIGNS <= signs <= 2 * SYMBOLS and any(map(str.isdigit, text))


def _plain(text: str) -> str:
    """Lower case without accents, so that `Mã` is `ma`."""
    spread = unicodedata.normalize("NFD", text.casefold())
    return "".join(sign for sign in spread if not unicodedata.combining(sign)).strip()
