"""The first page: the main numbers, copies per day, processing time, hours of the day."""

from typing import Any

import streamlit as st

from analytics import figures, look, measures
from analytics.savings import PaperByHand, hours_saved, sheets_saved
from analytics.view import View, handed_over
from analytics.words import Words


def draw(view: View) -> None:
    words, selection = view.words, view.selection
    period = words("period-shown", first=words.day(selection.first), last=words.day(selection.last))
    st.html(look.note(period))
    st.html(look.kpi_row(words("kpi-title"), _kpis(view)))
    if view.copies.is_empty():
        st.html(look.state(words("empty-selection-title"), words("empty-selection-text")))
        return
    _copies_per_day(view)
    _processing_time(view)
    _by_hour(view)


def _kpis(view: View) -> list[look.Kpi]:
    words, copies = view.words, view.copies
    head = measures.headline(copies, view.dossiers)
    shown = {
        "copies": (words.number(head.copies), {"pages": words.number(head.pages)}),
        "time": (words.minutes(head.p50_minutes), {"p90": words.minutes(head.p90_minutes)}),
        "goal": (words.share(head.within_goal), {}),
        "refused": (words.share(head.refused), {}),
        "waiting": (words.number(head.waiting), {}),
        "sheets": (
            words("kpi-sheets-value", n=words.number(sheets_saved(copies, PaperByHand()))),
            {},
        ),
        "hours": (words("kpi-hours-value", n=words.number(hours_saved(copies), 1)), {}),
    }
    return [
        look.Kpi(label=words(f"kpi-{name}"), value=value, note=words(f"kpi-{name}-note", **given))
        for name, (value, given) in shown.items()
    ]


def _copies_per_day(view: View) -> None:
    words, selection = view.words, view.selection
    days = measures.copies_per_day(view.copies, selection.first, selection.last)
    busiest = days.row(days["copies"].arg_max() or 0, named=True)
    summary = words(
        "copies-per-day-summary",
        copies=words.number(view.copies.height),
        span=days.height,
        days=words.number(days.height),
        mean=words.mean(view.copies.height / days.height),
        day=words.day(busiest["local_day"]),
        most=words.number(busiest["copies"]),
    )
    st.header(words("copies-per-day"), anchor=False)
    st.html(look.lead(summary))
    st.altair_chart(figures.copies_per_day(days, selection, words), theme=None, alt=summary)


def _processing_time(view: View) -> None:
    words = view.words
    days = measures.processing_time_per_day(view.copies)
    head = measures.headline(view.copies, view.dossiers)
    summary = words(
        "processing-time-summary",
        p50=words.minutes(head.p50_minutes),
        p90=words.minutes(head.p90_minutes),
        goal=words.share(head.within_goal),
    )
    st.header(words("processing-time"), anchor=False)
    st.html(look.lead(summary) + look.note(words("processing-time-explained")))
    st.altair_chart(
        figures.processing_time_per_day(days, view.selection, words), theme=None, alt=summary
    )
    with st.expander(words("show-table")):
        columns = ("day", "copies", "p50", "p90")
        st.html(
            look.table(
                words("processing-time"),
                [words(f"column-{name}") for name in columns],
                [_day_row(words, day) for day in reversed(days.rows(named=True))],
            )
        )


def _day_row(words: Words, day: dict[str, Any]) -> look.Row:
    minutes = [words.minutes(day[column]) for column in ("p50_minutes", "p90_minutes")]
    return look.Row(
        heading=words.day(day["local_day"]), cells=[words.number(day["copies"]), *minutes]
    )


def _by_hour(view: View) -> None:
    words = view.words
    hours = measures.copies_by_hour(view.copies)
    busiest = hours.row(hours["per_day"].arg_max() or 0, named=True)
    summary = words(
        "by-hour-summary",
        hour=str(busiest["local_hour"]),
        n=words.mean(busiest["per_day"]),
    )
    st.header(words("by-hour"), anchor=False)
    st.html(look.lead(summary))
    st.altair_chart(figures.copies_by_hour(hours, words), theme=None, alt=summary)


draw(handed_over())
