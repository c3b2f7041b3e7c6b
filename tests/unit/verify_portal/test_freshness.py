"""A checkpoint is stale when the book has outgrown it for long, not when nothing happens."""

from verify_portal.freshness import PATIENCE_SECONDS, Freshness


class StoppedClock:
    """A clock for tests that moves only when told."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_quiet_log_stays_fresh() -> None:
    clock = StoppedClock()
    freshness = Freshness(clock)
    for _ in range(3):
        assert freshness.holds(7, lags=False)
        clock.now += 86_400


def test_a_publisher_that_stopped_is_noticed_and_its_return_too() -> None:
    clock = StoppedClock()
    freshness = Freshness(clock)
    assert freshness.holds(7, lags=True)
    clock.now += PATIENCE_SECONDS
    assert not freshness.holds(7, lags=True)
    assert freshness.holds(8, lags=True)
    assert freshness.holds(9, lags=False)
    clock.now += PATIENCE_SECONDS
    assert freshness.holds(9, lags=True)
