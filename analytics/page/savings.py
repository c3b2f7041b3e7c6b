"""The third page: paper and work saved, each with what it assumes and where that comes from."""

import streamlit as st

from analytics import look
from analytics.collation import vietnamese_key
from analytics.measures import BY_HAND_MINUTES, total
from analytics.savings import HOURS_A_DAY, PaperByHand, hours_saved, saved_by, sheets_saved
from analytics.view import View, handed_over
from analytics.words import Words


def draw(view: View) -> None:
    words = view.words
    if view.copies.is_empty():
        st.html(look.state(words("empty-selection-title"), words("empty-selection-text")))
        return
    by_hand = _paper(view)
    _work(view)
    _by_document_type(view, by_hand)


def _paper(view: View) -> PaperByHand:
    words = view.words
    st.header(words("savings-paper"), anchor=False)
    number, sides = st.columns([1, 2], vertical_alignment="bottom")
    copies = number.number_input(
        words("savings-copies"), min_value=1, max_value=20, value=1, key="copies_by_hand"
    )
    both = sides.toggle(words("savings-both-sides"), value=True, key="both_sides")
    by_hand = PaperByHand(copies=copies, pages_per_sheet=2 if both else 1)
    result = words("savings-paper-result", sheets=words.number(sheets_saved(view.copies, by_hand)))
    assumption = words(
        "savings-paper-assumption",
        copies=words.number(by_hand.copies),
        pages=words.number(total(view.copies, "page_count")),
        **{"per-sheet": words.number(by_hand.pages_per_sheet)},
    )
    st.html(look.result(result) + look.lead(assumption) + look.note(words("savings-paper-source")))
    return by_hand


def _work(view: View) -> None:
    words = view.words
    hours = hours_saved(view.copies)
    result = words(
        "savings-work-result",
        hours=words.number(hours, 1),
        days=words.number(hours / HOURS_A_DAY, 1),
    )
    minutes = words.number(BY_HAND_MINUTES)
    st.header(words("savings-work"), anchor=False)
    st.html(
        look.result(result)
        + look.lead(words("savings-work-assumption", minutes=minutes))
        + look.note(words("savings-work-source", minutes=minutes))
    )


def _by_document_type(view: View, by_hand: PaperByHand) -> None:
    words = view.words
    rows = saved_by(view.copies, "document_type", by_hand).rows()
    rows.sort(key=lambda row: (-row[2], vietnamese_key(words.document_type(row[0]))))
    columns = ("document-type", "copies", "sheets", "hours")
    st.header(words("savings-by-document-type"), anchor=False)
    st.html(
        look.table(
            words("savings-by-document-type"),
            [words(f"column-{column}") for column in columns],
            [_row(words, *row) for row in rows],
        )
    )


def _row(words: Words, code: str, copies: int, sheets: int, hours: float) -> look.Row:
    cells = [words.number(copies), words.number(sheets), words.number(hours, 1)]
    return look.Row(heading=words.document_type(code), cells=cells)


draw(handed_over())
