"""The fee of TT 226/2016, on the examples of the circular's formula."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from intake.payment.fee import MOST_A_COPY, Subsidy, fee_for

DAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("pages", "fee"),
    [
        (0, 0),
        (1, 2_000),
        (2, 4_000),
        (3, 5_000),
        (10, 12_000),
        (197, 199_000),
        (198, 200_000),
        (500, 200_000),
    ],
)
def test_the_circulars_table(pages: int, fee: int) -> None:
    assert fee_for(pages, channel="kiosk", on=DAY).net == fee


def test_copies_multiply() -> None:
    assert fee_for(3, channel="kiosk", on=DAY, copies=4).gross == 20_000


def test_the_city_pays_for_online_services_from_2026() -> None:
    fee = fee_for(3, channel="online", on=date(2026, 1, 1))
    assert (fee.gross, fee.subsidy, fee.net) == (5_000, 5_000, 0)
    assert fee_for(3, channel="online", on=date(2025, 12, 31)).net == 5_000
    assert fee_for(3, channel="counter", on=DAY).net == 5_000


def test_the_newest_policy_in_force_counts() -> None:
    lines = (
        Subsidy(channel="kiosk", since=date(2026, 1, 1), percent=100),
        Subsidy(channel="kiosk", since=date(2026, 6, 1), percent=50),
        Subsidy(channel="kiosk", since=date(2027, 1, 1), percent=0),
    )
    assert fee_for(2, channel="kiosk", on=DAY, subsidies=lines).net == 2_000


@given(pages=some.integers(0, 1000), copies=some.integers(1, 20))
def test_nobody_pays_more_than_the_most(pages: int, copies: int) -> None:
    fee = fee_for(pages, channel="kiosk", on=DAY, copies=copies)
    assert 0 <= fee.net <= copies * MOST_A_COPY
    assert fee.net + fee.subsidy == fee.gross
    assert fee.gross <= fee_for(pages + 1, channel="kiosk", on=DAY, copies=copies).gross
