"""The second page: the same measures by unit, by document type and by channel."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from analytics import look, measures
from analytics.collation import vietnamese_key
from analytics.view import View, handed_over
from analytics.words import Words

COLUMNS = ("copies", "pages", "p50", "p90", "goal", "refused", "waiting")


def draw(view: View) -> None:
    words = view.words
    if view.copies.is_empty() and view.dossiers.is_empty():
        st.html(look.state(words("empty-selection-title"), words("empty-selection-text")))
        return
    _breakdown(view, "unit", "unit_code", view.unit_names.__getitem__)
    _breakdown(view, "document-type", "document_type", words.document_type)
    _breakdown(view, "channel", "channel", lambda code: words(f"channel-{code}"))


def _breakdown(view: View, what: str, key: str, name: Callable[[str], str]) -> None:
    words = view.words
    rows = measures.breakdown(view.copies, view.dossiers, key).rows(named=True)
    rows.sort(key=lambda row: (-row["copies"], vietnamese_key(name(row[key]))))
    most = max(row["copies"] for row in rows)
    headings = [words(f"column-{column}") for column in (what, *COLUMNS)]
    shown = [_row(words, name(row[key]), row, most) for row in rows]
    st.header(words(f"by-{what}"), anchor=False)
    st.html(look.table(words(f"by-{what}"), headings, shown))


def _row(words: Words, heading: str, row: dict[str, Any], most: int) -> look.Row:
    cells = [
        words.number(row["copies"]),
        words.number(row["pages"]),
        words.minutes(row["p50_minutes"]),
        words.minutes(row["p90_minutes"]),
        words.share(row["within_goal"]),
        words.share(row["refused"]),
        words.number(row["open"]),
    ]
    return look.Row(heading=heading, cells=cells, bar=row["copies"] / most if most else 0.0)


draw(handed_over())
