from datetime import date

import pytest

from analytics.filters import period_days, unit_names
from analytics.words import words_in
from tests.unit.analytics.rows import copies, dossiers, snapshot

TODAY, EARLIEST = date(2026, 3, 1), date(2025, 12, 24)


@pytest.mark.parametrize(
    ("period", "first"),
    [
        ("today", TODAY),
        ("week", date(2026, 2, 23)),
        ("month", date(2026, 1, 31)),
        ("year", date(2026, 1, 1)),
        ("all", EARLIEST),
    ],
)
def test_periods_end_today_and_count_it(period: str, first: date) -> None:
    assert period_days(period, TODAY, EARLIEST) == (first, TODAY)


def test_units_of_one_name_are_told_apart_by_code() -> None:
    rows = snapshot(
        copies({}, {"unit_code": "01234", "unit_name": "Xã Hòa Bình"}),
        dossiers({"unit_code": "04321", "unit_name": "Xã Hòa Bình"}),
    )
    assert unit_names(rows, words_in("vi")) == {
        "00070": "Phường Hoàn Kiếm",
        "01234": "Xã Hòa Bình (01234)",
        "04321": "Xã Hòa Bình (04321)",
    }
