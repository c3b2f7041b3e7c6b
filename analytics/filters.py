"""The reader's filters: period, unit, document type."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import polars as pl
import streamlit as st

from analytics import look
from analytics.collation import vietnamese_key
from analytics.extract import Extract
from analytics.measures import Selection
from analytics.words import HANOI, Words

PERIODS = ("today", "week", "month", "year", "all", "chosen")


def choose(snapshot: Extract, names: Mapping[str, str], words: Words) -> Selection | None:
    """Draw the filters; None while the reader is still choosing the second day of a period."""
    when, where, what = st.columns([1, 2, 2])
    with when:
        days = _days(_period(words), snapshot, words)
    with where:
        units = _several(
            "unit", sorted(names, key=lambda code: vietnamese_key(names[code])), names.get, words
        )
    with what:
        codes = _distinct(snapshot, "document_type")
        codes.sort(key=lambda code: vietnamese_key(words.document_type(code)))
        types = _several("document-type", codes, words.document_type, words)
    if days is None:
        return None
    return Selection(first=days[0], last=days[1], units=units, document_types=types)


def _period(words: Words) -> str:
    chosen: str = st.selectbox(
        words("filter-period"),
        PERIODS,
        index=PERIODS.index(st.session_state.get("chosen-period", "month")),
        format_func=lambda name: words(f"period-{name}"),
        key=_key("period", words),
    )
    st.session_state["chosen-period"] = chosen
    return chosen


def _several(
    what: str, codes: list[str], name: Callable[[str], str | None], words: Words
) -> list[str]:
    before = st.session_state.get(f"chosen-{what}", [])
    chosen: list[str] = st.multiselect(
        words(f"filter-{what}"),
        codes,
        default=[code for code in before if code in codes],
        format_func=lambda code: name(code) or code,
        placeholder=words(f"filter-all-{what}"),
        key=_key(what, words),
    )
    st.session_state[f"chosen-{what}"] = chosen
    return chosen


def _key(what: str, words: Words) -> str:
    # A control of its own for each language: Streamlit keeps showing a chosen option in the words
    # it was chosen in. What was chosen is carried over under a key that is no widget's.
    return f"{what}-{words.language}"


def unit_names(snapshot: Extract, words: Words) -> Mapping[str, str]:
    """Unit codes to names; units of one name are told apart by their code."""
    columns = ["unit_code", "unit_name"]
    pairs = pl.concat([snapshot.copies.select(columns), snapshot.dossiers.select(columns)]).unique()
    names = dict(pairs.iter_rows())
    spoken = list(names.values())
    return {
        code: name if spoken.count(name) == 1 else words("units-equal-names", name=name, code=code)
        for code, name in names.items()
    }


def period_days(period: str, today: date, earliest: date) -> tuple[date, date]:
    """First and last day of a period that ends today, in Hanoi's calendar."""
    first = {
        "today": today,
        "week": today - timedelta(days=6),
        "month": today - timedelta(days=29),
        "year": today.replace(month=1, day=1),
        "all": min(earliest, today),
    }[period]
    return first, today


def _days(period: str, snapshot: Extract, words: Words) -> tuple[date, date] | None:
    today = snapshot.as_of.astimezone(HANOI).date()
    earliest = _earliest(snapshot, today)
    if period != "chosen":
        return period_days(period, today, earliest)
    chosen = st.date_input(
        words("filter-days"),
        value=period_days("month", today, earliest),
        max_value=today,
        format="DD/MM/YYYY",
        key=_key("days", words),
    )
    if not isinstance(chosen, tuple) or len(chosen) != 2:
        st.html(look.note(words("period-incomplete")))
        return None
    return chosen


def _earliest(snapshot: Extract, today: date) -> date:
    firsts = [snapshot.copies["local_day"].min(), snapshot.dossiers["local_day"].min()]
    return min((first for first in firsts if isinstance(first, date)), default=today)


def _distinct(snapshot: Extract, column: str) -> list[str]:
    return list(set(snapshot.copies[column].unique()) | set(snapshot.dossiers[column].unique()))
