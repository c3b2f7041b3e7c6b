"""A guesser is slowed down; a neighbour is not."""

import pytest

from verify_portal.errors import TooManyAtOnce
from verify_portal.limits import AtOnce, Rate, RateLimit, client_network


class StoppedClock:
    """A clock for tests that moves only when told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def limit(clock: StoppedClock) -> RateLimit:
    return RateLimit(Rate(burst=3, per_minute=60), clock)


def test_a_burst_is_served_and_the_next_has_to_wait(limit: RateLimit) -> None:
    assert [limit.wait("guesser") for _ in range(4)] == [0, 0, 0, 1]
    assert limit.wait("neighbour") == 0


def test_waiting_as_told_is_enough(limit: RateLimit, clock: StoppedClock) -> None:
    for _ in range(3):
        limit.wait("guesser")
    clock.now += limit.wait("guesser")
    assert limit.wait("guesser") == 0


def test_asking_while_refused_does_not_prolong_the_wait(
    limit: RateLimit, clock: StoppedClock
) -> None:
    for _ in range(50):
        limit.wait("guesser")
    clock.now += 1
    assert limit.wait("guesser") == 0


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("", ""),
    ],
)
def test_one_customer_is_one_client(address: str, network: str) -> None:
    assert client_network(address) == network


def test_one_client_holds_few_places_and_gives_them_back() -> None:
    at_once = AtOnce(2)
    with at_once.one("greedy"), at_once.one("greedy"):
        with pytest.raises(TooManyAtOnce), at_once.one("greedy"):
            pass
        with at_once.one("neighbour"):
            pass
    with pytest.raises(ZeroDivisionError), at_once.one("greedy"):
        raise ZeroDivisionError
    with at_once.one("greedy"), at_once.one("greedy"):
        pass
