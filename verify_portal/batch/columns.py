"""What we add to each line of somebody's table: the verdict, for people and for programs."""

from datetime import date, datetime
from typing import Final

from registry.clock import HANOI
from verify_portal.answer import Answer
from verify_portal.batch.table import Cell
from verify_portal.texts import Texts

#: In the order in which they stand; the second is the machine's word, in every language.
COLUMNS: Final = (
    "result",
    "verdict",
    "explanation",
    "code",
    "document-type",
    "unit",
    "certified-on",
    "holder",
    "decision",
    "checkpoint-size",
    "checked-at",
)


def headings(words: Texts) -> tuple[str, ...]:
    """Of our columns."""
    return tuple(words(f"batch-column-{name}") for name in COLUMNS)


def cells(answer: Answer, words: Texts) -> tuple[Cell, ...]:
    """Of one line. `code` is the one that was read in the cell, which may hold a link. Dates and
    times are values, so that a table can be sorted by them; `checked-at` is local.
    """
    facts, decision = answer.copy, answer.decision
    decided = ""
    if decision is not None:
        day = words.day(decision.decided_on or "")
        decided = words("fact-decision-value", number=decision.number, day=day)
    return (
        words.title(answer),
        answer.verdict,
        explanation(answer, words),
        answer.code,
        words.document_type(facts.document_type) if facts else None,
        facts.unit if facts else None,
        _day(facts.certified_on) if facts else None,
        facts.holder if facts else None,
        decided or None,
        answer.checkpoint.size if answer.checkpoint else None,
        _local(answer.checked_at),
    )


def explanation(answer: Answer, words: Texts) -> str:
    """Why, in a sentence: what is wrong with a code, else what the verdict speaks of."""
    if answer.verdict in {"malformed", "unavailable"}:
        return words.reason(answer.checks[-1])
    return words.meaning(answer)


def _day(iso: str) -> Cell:
    try:
        return date.fromisoformat(iso)
    except ValueError:
        return iso


def _local(moment: datetime) -> datetime:
    return moment.astimezone(HANOI).replace(tzinfo=None, microsecond=0)
