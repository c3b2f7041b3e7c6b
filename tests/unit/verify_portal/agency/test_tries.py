"""A few tries an hour, for each copy and for each client."""

import pytest

from verify_portal.agency.refusals import TooManyTries
from verify_portal.agency.tries import Tries
from verify_portal.limiting.source import Source


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def client(number: int) -> Source:
    return Source(f"10.0.{number}.1", f"10.0.{number}.0")


@pytest.fixture
def clock() -> Clock:
    return Clock()


def tried(tries: Tries, copy: str, who: Source) -> int:
    """The seconds to wait; 0 when it was granted."""
    try:
        tries.try_name(copy, who)
    except TooManyTries as refused:
        return refused.seconds
    return 0


def test_a_copys_tries_end_whoever_tries(clock: Clock) -> None:
    tries = Tries(clock)
    waits = [tried(tries, "a", client(number)) for number in range(100)]
    assert waits[:4] == [0] * 4
    assert all(waits[4:])
    assert tried(tries, "b", client(0)) == 0  # its neighbour is served


def test_a_clients_tries_end_whatever_is_tried(clock: Clock) -> None:
    tries = Tries(clock)
    waits = [tried(tries, f"copy {number}", client(1)) for number in range(100)]
    assert waits.count(0) == 8
    assert tried(tries, "copy 99", client(2)) == 0  # what was refused was not counted


def test_the_time_to_wait_is_true(clock: Clock) -> None:
    tries = Tries(clock)
    for _ in range(4):
        tries.try_name("a", client(1))
    seconds = tried(tries, "a", client(1))
    clock.now += seconds - 1.5
    assert tried(tries, "a", client(1))
    clock.now += 1.5
    assert tried(tries, "a", client(1)) == 0


def test_a_day_of_guessing_stays_below_a_hundred(clock: Clock) -> None:
    tries, granted = Tries(clock), 0
    for minute in range(24 * 60):
        clock.now += 60
        granted += tried(tries, "a", client(minute % 250)) == 0
    assert granted <= 100


def test_a_key_is_counted_by_itself(clock: Clock) -> None:
    tries = Tries(clock)
    for _ in range(300):
        tries.use_key("one")
    with pytest.raises(TooManyTries):
        tries.use_key("one")
    tries.use_key("another")
