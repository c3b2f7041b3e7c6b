"""A line of the certification book: its number, and the other columns of the form (pure).

The form is the one of TT 01/2020: number, date, requester and papers, name of the original, signer,
number of copies, fee, note.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from registry.clock import HANOI


class BookNumber(msgspec.Struct, frozen=True, kw_only=True):
    """One line of one unit's book of one year, e.g. book `01/2026-SCTĐT/BS`, number 123.

    `reserved_at` is the moment that the copy and the book give for the act; its local year is the
    book's.
    """

    book: str
    number: int
    reserved_at: datetime


class LineColumns(msgspec.Struct, frozen=True, kw_only=True):
    """What the form has besides number and date. Money is whole đồng, gross = subsidy + net.

    `requester`, `papers`, `title` (what the original calls itself) and `note` are personal and are
    lost when a person is erased; the rest stays for good.
    """

    requester: str
    papers: str
    title: str
    note: str
    document_type: str
    page_count: int
    copies: int
    signer_name: str
    signer_title: str
    gross: int
    subsidy: int
    net: int


def local_year(moment: datetime) -> int:
    """The register's year, which is Hanoi's."""
    return moment.astimezone(HANOI).year


def volume_name(volume: int, year: int) -> str:
    """What a volume of the electronic book is called: `NN/YYYY-SCTĐT/BS`."""
    return f"{volume:02d}/{year}-SCTĐT/BS"


class FiledLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line as the book holds it now.

    `issued` counts its copies; `void_reason` is None unless it ended void; a line with neither is
    open. `columns` is None for a number from before the book held them; its personal columns are
    empty once the person is `erased`, and where the number is void, which takes them as well.
    `revocations` are the decisions that have cancelled copies of it.
    """

    number: BookNumber
    issued: int
    void_reason: str | None
    columns: LineColumns | None
    erased: bool
    revocations: list[str]

    @property
    def open(self) -> bool:
        return not self.issued and self.void_reason is None


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """Of a stretch of the book: numbers = issued + void + open; `copies` and đồng are those of the
    issued ones, since a void number is not paid for.
    """

    numbers: int = 0
    issued: int = 0
    void: int = 0
    copies: int = 0
    gross: int = 0
    subsidy: int = 0
    net: int = 0

    @property
    def open(self) -> int:
        return self.numbers - self.issued - self.void

    def __add__(self, other: "Totals") -> "Totals":
        return Totals(
            **{name: getattr(self, name) + getattr(other, name) for name in self.__struct_fields__}
        )


def totals_of(lines: Iterable[FiledLine]) -> Totals:
    """Their sum."""
    return sum(map(_totals_of_line, lines), Totals())


def _totals_of_line(line: FiledLine) -> Totals:
    if not line.issued:
        return Totals(numbers=1, void=int(line.void_reason is not None))
    fee = line.columns
    return Totals(
        numbers=1,
        issued=1,
        copies=line.issued,
        gross=fee.gross if fee else 0,
        subsidy=fee.subsidy if fee else 0,
        net=fee.net if fee else 0,
    )
