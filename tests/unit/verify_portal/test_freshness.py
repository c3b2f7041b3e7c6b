"""A checkpoint is stale when the book has outgrown it for long, not when nothing happens; a replica
when the primary has published more."""

from registry.log.checkpoint import Checkpoint
from verify_portal.freshness import MOST_LAG_SECONDS, PATIENCE_SECONDS, Floor, Freshness


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


def of_size(size: int, root: bytes = bytes(32)) -> Checkpoint:
    return Checkpoint("log.example", size, root, "")


def test_before_the_primary_has_spoken_a_replica_is_not_believed() -> None:
    assert not Floor(StoppedClock()).covers(of_size(7))


def test_a_replica_is_believed_at_what_the_primary_said_a_moment_ago() -> None:
    clock = StoppedClock()
    floor = Floor(clock)
    floor.learn(of_size(7), clock())
    assert [floor.covers(of_size(size)) for size in (6, 7, 8)] == [False, True, True]
    clock.now += MOST_LAG_SECONDS
    assert not floor.covers(of_size(8))
    floor.learn(of_size(7), clock())
    assert floor.covers(of_size(8))


def test_the_moment_counts_from_the_question_not_from_the_answer() -> None:
    clock = StoppedClock()
    floor = Floor(clock)
    asked_at = clock()
    clock.now += MOST_LAG_SECONDS
    floor.learn(of_size(7), asked_at)
    assert not floor.covers(of_size(7))


def test_another_history_of_the_same_size_is_not_believed() -> None:
    clock = StoppedClock()
    floor = Floor(clock)
    floor.learn(of_size(7), clock())
    assert not floor.covers(of_size(7, b"\x01" * 32))


def test_answers_that_overtake_each_other_are_no_log_that_goes_back() -> None:
    clock = StoppedClock()
    floor = Floor(clock)
    asked_at = clock()
    clock.now += 0.1
    assert floor.learn(of_size(8), clock())
    assert floor.learn(of_size(7), asked_at)
    assert floor.checkpoint == of_size(8)


def test_a_log_that_went_back_is_noticed() -> None:
    clock = StoppedClock()
    floor = Floor(clock)
    assert floor.learn(of_size(8), clock())
    clock.now += 1
    assert not floor.learn(of_size(7), clock())


def test_the_lag_of_a_replica_that_moves_on_but_never_arrives_is_told() -> None:
    clock = StoppedClock()
    floor = Floor(clock)
    for size in range(100):
        floor.learn(of_size(size), clock())
        assert floor.seconds_behind(of_size(size)) == 0
        assert floor.seconds_behind(of_size(size - 60)) == min(size, 59)
        clock.now += 1
