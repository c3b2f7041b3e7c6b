"""A line of the certification book: its number, and the other columns of the form (pure).

The form is the one of TT 01/2020: number, date, requester and papers, name of the original, signer,
number of copies, fee, note.
"""

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
