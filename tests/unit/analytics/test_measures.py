from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import measures
from analytics.measures import Selection
from tests.unit.analytics.rows import DAY, copies, dossiers


def seconds(*values: float) -> pl.DataFrame:
    return copies(*({"processing_seconds": value} for value in values))


def test_percentiles_are_in_minutes_and_interpolated() -> None:
    head = measures.headline(seconds(60, 120, 180, 240, 600), dossiers())
    assert head.p50_minutes == pytest.approx(3)
    assert head.p90_minutes == pytest.approx((240 + 0.6 * 360) / 60)


def test_five_minutes_exactly_is_within_the_goal() -> None:
    assert measures.headline(seconds(300, 301), dossiers()).within_goal == pytest.approx(0.5)


def test_nothing_issued_has_no_time_rather_than_a_time_of_zero() -> None:
    head = measures.headline(copies(), dossiers({"received": 2, "open": 2}))
    assert (head.copies, head.pages, head.waiting) == (0, 0, 2)
    assert head.p50_minutes is None
    assert head.within_goal is None
    assert head.refused is None


def test_refusals_are_a_share_of_what_was_decided_not_of_what_waits() -> None:
    rows = dossiers({"received": 10, "issued": 3, "refused": 1, "open": 6})
    assert measures.refused_share(rows) == pytest.approx(0.25)


def test_days_without_copies_are_shown_as_zero() -> None:
    days = measures.copies_per_day(copies({}, {}), DAY - timedelta(days=1), DAY + timedelta(days=1))
    assert days.rows() == [
        (DAY - timedelta(days=1), 0),
        (DAY, 2),
        (DAY + timedelta(days=1), 0),
    ]


def test_processing_time_per_day_runs_in_calendar_order() -> None:
    later = DAY + timedelta(days=1)
    days = measures.processing_time_per_day(
        copies({"local_day": later, "processing_seconds": 600.0}, {}, {})
    )
    assert days["local_day"].to_list() == [DAY, later]
    assert days["p50_minutes"].to_list() == pytest.approx([4, 10])
    assert days["copies"].to_list() == [2, 1]


def test_hours_are_averaged_over_the_days_that_had_copies() -> None:
    rows = copies({}, {}, {"local_day": DAY + timedelta(days=1)}, {"local_hour": 14})
    hours = measures.copies_by_hour(rows)
    assert hours.height == 24
    assert hours.row(9, named=True) == {"local_hour": 9, "copies": 3, "per_day": 1.5}
    assert hours.row(3, named=True)["copies"] == 0


def test_a_unit_that_only_refused_is_still_in_the_breakdown() -> None:
    rows = measures.breakdown(
        copies({"page_count": 3}, {}),
        dossiers(
            {"received": 2, "issued": 2},
            {"unit_code": "00004", "received": 2, "refused": 1, "open": 1},
        ),
        "unit_code",
    )
    busy, refusing = rows.rows(named=True)
    assert (busy["unit_code"], busy["copies"], busy["pages"], busy["refused"]) == ("00070", 2, 4, 0)
    assert (refusing["unit_code"], refusing["copies"], refusing["open"]) == ("00004", 0, 1)
    assert refusing["refused"] == pytest.approx(1.0)
    assert refusing["p50_minutes"] is None


def test_filters_include_both_ends_and_mean_everything_when_empty() -> None:
    rows = copies(
        {"local_day": DAY - timedelta(days=1)},
        {},
        {"unit_code": "00004"},
        {"document_type": "other"},
        {"local_day": DAY + timedelta(days=1)},
    )
    day = Selection(first=DAY, last=DAY)
    assert measures.select(rows, day).height == 3
    only = Selection(first=DAY, last=DAY, units=["00070"], document_types=["diploma"])
    assert measures.select(rows, only)["entry_index"].to_list() == [1]


@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.sampled_from(["a", "b", "c"]), st.floats(0, 1e6)),
        max_size=40,
    )
)
def test_every_view_of_the_same_copies_counts_each_once(
    rows: list[tuple[int, str, float]],
) -> None:
    first = date(2026, 11, 1)
    frame = copies(
        *(
            {"local_day": first + timedelta(days=n), "unit_code": unit, "processing_seconds": time}
            for n, unit, time in rows
        )
    )
    days = measures.copies_per_day(frame, first, first + timedelta(days=9))
    assert days["copies"].sum() == len(rows)
    assert measures.copies_by_hour(frame)["copies"].sum() == len(rows)
    by_unit = measures.breakdown(frame, dossiers(), "unit_code")
    assert by_unit["copies"].sum() == len(rows)
    assert (by_unit["p50_minutes"] <= by_unit["p90_minutes"]).all()
