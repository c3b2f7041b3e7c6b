"""The month of the book on paper: to be bound, signed, sealed and cross-stamped, as PDF/A-2b."""

from itertools import accumulate
from pathlib import Path

import msgspec

from intake.book.cells import Cells, cells_of
from intake.certify.fonts import FontFiles
from intake.certify.typesetting import drawn_characters, typeset
from intake.certify.words import printable
from intake.texts import DEFAULT, texts
from registry.book_line import Totals, totals_of
from registry.book_reading import FiledMonth, Month

TEMPLATES = Path(__file__).parent / "templates"

_HEADINGS = ("number", "day", "requester", "original", "signer", "copies", "fee", "note")


def month_pdf(filed: FiledMonth, month: Month, unit_name: str, fonts: FontFiles) -> bytes:
    """A4 landscape; the same book gives the same bytes."""
    return typeset(
        TEMPLATES / "month.typ",
        _printed(filed, month, unit_name, fonts),
        fonts,
        timestamp=int(month.end.timestamp()),
    )


def _printed(
    filed: FiledMonth, month: Month, unit_name: str, fonts: FontFiles
) -> dict[str, object]:
    """The template's input: finished strings, and the totals that have run up to each line."""
    say, drawn = texts(DEFAULT), drawn_characters(fonts)
    name = month_name(month)
    running = accumulate((totals_of([line]) for line in filed.lines), initial=filed.before)
    before = next(running)
    return {
        "document": say("book-print-title", unit=unit_name, month=name),
        "unit": letterhead(printable(unit_name, drawn)),
        "state": [say("book-state-name"), say("book-state-motto")],
        "title": say("book-title"),
        "kind": say("book-kind", month=name),
        "empty": say("book-empty"),
        "page": say("book-page"),
        "headings": [say(f"book-column-{heading}") for heading in _HEADINGS],
        "brought": say("book-brought-forward"),
        "carried": say("book-carried-forward"),
        "before": _running(before),
        "rows": [
            _row(cells_of(line), so_far, drawn)
            for line, so_far in zip(filed.lines, running, strict=True)
        ],
        "summary": summary(filed, month),
        "signatures": signatures(),
    }


def letterhead(unit_name: str) -> list[str]:
    """A committee stands above the place that it is of."""
    committee, ward = "ỦY BAN NHÂN DÂN ", unit_name.upper()
    return (
        [committee.strip(), ward.removeprefix(committee)] if ward.startswith(committee) else [ward]
    )


def month_name(month: Month) -> str:
    """Such as `tháng 11 năm 2026`."""
    return texts(DEFAULT)("book-month", month=f"{month.month:02d}", year=str(month.year))


def summary(filed: FiledMonth, month: Month) -> list[str]:
    """What the month, and the year up to its end, come to."""
    say, totals = texts(DEFAULT), totals_of(filed.lines)
    name = month_name(month)
    lines = [say("book-total-month", month=name, **told(totals))]
    if filed.lines:
        numbers = [line.number.number for line in filed.lines]
        lines.append(say("book-total-range", first=str(numbers[0]), last=str(numbers[-1])))
    lines.append(say("book-total-year", year=str(month.year), **told(filed.before + totals)))
    return lines


def told(totals: Totals) -> dict[str, str | int]:
    """Totals as messages want them."""
    say, counts = texts(DEFAULT), ("numbers", "issued", "void", "open", "copies")
    money = {name: say("book-money", amount=getattr(totals, name)) for name in ("net", "subsidy")}
    return {name: getattr(totals, name) for name in counts} | money


def signatures() -> list[dict[str, str]]:
    """Who signs, and what stands below."""
    say = texts(DEFAULT)
    return [
        {"who": say(f"book-signature-{who}"), "how": say(f"book-signature-{who}-note")}
        for who in ("clerk", "chairman")
    ] + [{"date": say("book-signature-date")}]


def _row(cells: Cells, so_far: Totals, drawn: frozenset[str]) -> dict[str, object]:
    say = texts(DEFAULT)
    fee = [] if cells.net is None else [say("book-money", amount=cells.net)]
    if cells.subsidy:
        fee.append(say("book-subsidised", amount=say("book-money", amount=cells.subsidy)))
    shown = msgspec.structs.asdict(cells) | {
        name: printable(getattr(cells, name), drawn)
        for name in ("requester", "papers", "original", "signer_name", "signer_title", "note")
    }
    return shown | {
        "book_title": say("book-volume", book=cells.book),
        "day": f"{cells.day:%d/%m/%Y}",
        "fee": fee,
        "so_far": _running(so_far),
    }


def _running(totals: Totals) -> dict[str, str]:
    """What a page carries to the next one."""
    say = texts(DEFAULT)
    return {
        "numbers": say("book-numbers", count=totals.numbers),
        "copies": say("book-count", count=totals.copies),
        "net": say("book-money", amount=totals.net),
        "subsidy": say("book-subsidised", amount=say("book-money", amount=totals.subsidy)),
    }
