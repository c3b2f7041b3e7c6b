"""The throttle of wrong passwords."""

from datetime import UTC, datetime, timedelta

import pytest

from intake.desk.errors import LoginThrottled
from intake.desk.login import MOST_NAMES, TRIES, WINDOW, Throttle

NOON = datetime(2026, 11, 22, 5, tzinfo=UTC)


def test_after_some_failures_a_name_has_to_wait() -> None:
    throttle = Throttle()
    for _ in range(TRIES):
        throttle.check("ha", NOON)
        throttle.failed("ha", NOON)
    with pytest.raises(LoginThrottled) as refused:
        throttle.check("ha", NOON)
    assert refused.value.values == {"minutes": 16}
    throttle.check("binh", NOON)
    throttle.check("ha", NOON + WINDOW)


def test_success_clears_the_count() -> None:
    throttle = Throttle()
    for _ in range(TRIES):
        throttle.failed("ha", NOON)
    throttle.succeeded("ha")
    throttle.check("ha", NOON)


def test_made_up_names_do_not_fill_the_memory() -> None:
    throttle = Throttle()
    for number in range(MOST_NAMES + 100):
        throttle.failed(f"name-{number}", NOON + timedelta(microseconds=number))
    assert len(throttle._failures) <= MOST_NAMES
