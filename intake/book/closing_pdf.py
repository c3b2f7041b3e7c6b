"""The statement with which a year's book is closed, to be signed and sealed: PDF/A-2b, A4."""

from datetime import datetime

from intake.book.month_pdf import TEMPLATES, letterhead, signatures
from intake.certify.fonts import FontFiles
from intake.certify.typesetting import drawn_characters, typeset
from intake.certify.words import printable
from intake.texts import DEFAULT, texts
from registry.book_reading import FiledYear, Month

_COUNTS = ("numbers", "issued", "void", "copies")
_MONEY = ("gross", "subsidy", "net")


def closing_pdf(filed: FiledYear, year: int, unit_name: str, fonts: FontFiles) -> bytes:
    """The same book gives the same bytes: their SHA-256 stands in the log."""
    end: datetime = Month(year, 12).end
    return typeset(
        TEMPLATES / "closing.typ",
        _printed(filed, year, printable(unit_name, drawn_characters(fonts))),
        fonts,
        timestamp=int(end.timestamp()),
    )


def _printed(filed: FiledYear, year: int, unit_name: str) -> dict[str, object]:
    """The template's input: finished strings."""
    say, totals, which = texts(DEFAULT), filed.totals, str(year)
    rows = [(name, f"{getattr(totals, name):,}".replace(",", ".")) for name in _COUNTS]
    rows += [(name, say("book-money", amount=getattr(totals, name))) for name in _MONEY]
    return {
        "document": say("book-closing-document", unit=unit_name, year=which),
        "unit": letterhead(unit_name),
        "state": [say("book-state-name"), say("book-state-motto")],
        "title": say("book-closing-title", year=which),
        "page": say("book-page"),
        "text": say(
            "book-closing-text",
            unit=unit_name,
            year=which,
            count=len(filed.volumes),
            volumes=", ".join(filed.volumes),
            last=str(totals.numbers),
        ),
        "rows": [[say(f"book-closing-{name}"), value] for name, value in rows],
        "after": say("book-closing-after", year=which),
        "signatures": signatures(),
    }
