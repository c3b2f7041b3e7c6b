"""A guesser is slowed down early; a desk and a neighbour are not."""

import pytest

from verify_portal.errors import TooManyAtOnce
from verify_portal.limiting.at_once import AtOnce
from verify_portal.limiting.limits import LOOKUPS, MISSES, Limits
from verify_portal.limiting.source import Source, source_of


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
def limits(clock: StoppedClock) -> Limits:
    return Limits(clock)


def guesses(limits: Limits, client: Source, most: int = 10_000) -> int:
    """How many are answered before one is refused."""
    for count in range(most):
        if limits.wait_to_ask(client):
            return count
        limits.missed(client)
    return most


def test_a_guesser_is_refused_long_before_a_desk(limits: Limits) -> None:
    desk, guesser = source_of("203.0.113.7"), source_of("198.51.100.7")
    assert guesses(limits, guesser) == MISSES.client.burst
    answered = 0
    while not limits.wait_to_ask(desk):
        answered += 1
    assert answered == LOOKUPS.client.burst > 5 * MISSES.client.burst


def test_who_has_no_misses_left_gets_no_hits_either(limits: Limits) -> None:
    guesser = source_of("198.51.100.7")
    guesses(limits, guesser)
    assert limits.wait_to_ask(guesser) > 0
    assert limits.wait_to_send_a_file(guesser) > 0  # codes stand in files too
    assert limits.wait_to_read_the_log(guesser) == 0


def test_a_desk_that_scans_all_day_never_waits(limits: Limits, clock: StoppedClock) -> None:
    desk = source_of("203.0.113.7")
    for number in range(5000):
        clock.now += 0.5
        assert limits.wait_to_ask(desk) == 0
        if number % 25 == 0:
            limits.missed(desk)


def test_what_one_client_is_refused_costs_its_network_nothing(limits: Limits) -> None:
    greedy, others = source_of("203.0.113.1"), [f"203.0.113.{host}" for host in range(2, 250)]
    for _ in range(5 * LOOKUPS.network.burst):
        limits.wait_to_ask(greedy)
    left = LOOKUPS.network.burst - LOOKUPS.client.burst
    served = sum(limits.wait_to_ask(source_of(others[n % 200])) == 0 for n in range(2 * left))
    assert served == left


def test_a_neighbour_is_served_while_a_guesser_is_refused(limits: Limits) -> None:
    guesses(limits, source_of("198.51.100.7"))
    assert limits.wait_to_ask(source_of("198.51.100.8")) == 0


@pytest.mark.parametrize("address", ["198.51.100.{}", "2001:db8:1:{:x}::1"])
def test_many_addresses_of_one_network_are_a_few_clients(limits: Limits, address: str) -> None:
    found = sum(guesses(limits, source_of(address.format(host))) for host in range(200))
    assert found == MISSES.network.burst


@pytest.mark.parametrize("count", [1, 7])
def test_waiting_as_told_is_enough(limits: Limits, clock: StoppedClock, count: int) -> None:
    guesser = source_of("198.51.100.7")
    guesses(limits, guesser)
    limits.missed(guesser, count)
    wait = limits.wait_to_ask(guesser)
    clock.now += wait - 1.01
    assert limits.wait_to_ask(guesser) > 0
    clock.now += 1.01
    assert limits.wait_to_ask(guesser) == 0


@pytest.mark.parametrize(
    ("address", "client", "network"),
    [
        ("203.0.113.7", "203.0.113.7/32", "203.0.113.0/24"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("::ffff:203.0.113.7", "203.0.113.7/32", "203.0.113.0/24"),
        ("fe80::1%eth0", "fe80::/64", "fe80::/48"),
        ("", "", ""),
    ],
)
def test_one_customer_is_one_client(address: str, client: str, network: str) -> None:
    assert source_of(address) == Source(client, network)


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
