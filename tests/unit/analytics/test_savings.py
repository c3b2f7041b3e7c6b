import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.savings import PaperByHand, hours_saved, saved_by, sheets_saved
from tests.unit.analytics.rows import copies


def pages(*counts: int) -> list[dict[str, int]]:
    return [{"page_count": count} for count in counts]


def test_an_odd_page_takes_a_sheet_of_its_own() -> None:
    assert sheets_saved(copies(*pages(1, 2, 3)), PaperByHand()) == 1 + 1 + 2


def test_sheets_of_separate_copies_are_not_shared() -> None:
    assert sheets_saved(copies(*pages(1, 1)), PaperByHand()) == 2


def test_several_photocopies_on_one_side_multiply() -> None:
    by_hand = PaperByHand(copies=3, pages_per_sheet=1)
    assert sheets_saved(copies(*pages(2, 5)), by_hand) == 21


def test_work_saved_is_what_remains_of_fifteen_minutes() -> None:
    assert hours_saved(copies({"processing_seconds": 300.0})) == pytest.approx(10 / 60)


def test_a_copy_that_waited_overnight_saves_nothing_and_costs_nothing() -> None:
    rows = copies({"processing_seconds": 300.0}, {"processing_seconds": 50_000.0})
    assert hours_saved(rows) == pytest.approx(10 / 60)


def test_nothing_issued_saves_nothing() -> None:
    assert sheets_saved(copies(), PaperByHand()) == 0
    assert hours_saved(copies()) == 0


def test_an_impossible_assumption_is_refused() -> None:
    with pytest.raises(ValueError, match="pages per sheet"):
        PaperByHand(pages_per_sheet=0)


@given(
    st.lists(st.tuples(st.sampled_from(["diploma", "other"]), st.integers(1, 300)), max_size=30),
    st.integers(1, 5),
    st.integers(1, 2),
)
def test_parts_add_up_and_a_sheet_never_holds_more_than_it_can(
    rows: list[tuple[str, int]], photocopies: int, per_sheet: int
) -> None:
    frame = copies(*({"document_type": kind, "page_count": count} for kind, count in rows))
    by_hand = PaperByHand(copies=photocopies, pages_per_sheet=per_sheet)
    total = sheets_saved(frame, by_hand)
    parts = saved_by(frame, "document_type", by_hand)
    assert parts["sheets"].sum() == total
    assert parts["hours"].sum() == pytest.approx(hours_saved(frame))
    printed = sum(count for _, count in rows) * photocopies
    assert printed / per_sheet <= total <= printed
