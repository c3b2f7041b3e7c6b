"""What is granted never exceeds burst and rate, however many processes grant it."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify_portal.limiting.debts import Debts, Rate

RATE = Rate(burst=16, per_minute=60)
#: Units a process may have granted without having told it: a little more than an eighth.
OWN = 3
START = 1000.0
#: More than the rounding of moments.
A_MOMENT = 1e-6


def granted(debts: Debts, now: float, key: str = "guesser") -> bool:
    if debts.wait(key, now) > 0:
        return False
    debts.charge(key, now)
    return True


class Table:
    """The shared table in memory: the moments at which debts are paid off."""

    def __init__(self) -> None:
        self.until: dict[str, float] = {}

    def exchange(self, debts: Debts, now: float, *, lost: bool = False) -> None:
        told = debts.tell(1000)
        if lost:
            debts.keep(told, now)
            return
        for key, seconds in told.items():
            self.until[key] = max(self.until.get(key, 0.0), now) + seconds
            debts.learn(key, self.until[key] - now, now)


def test_a_burst_is_granted_and_the_next_has_to_wait() -> None:
    debts = Debts(RATE)
    assert [granted(debts, START) for _ in range(17)] == [True] * 16 + [False]
    assert granted(debts, START, "neighbour")


@given(st.lists(st.floats(0, 30), max_size=80), st.integers(1, 600))
def test_waiting_as_told_is_enough_and_less_is_not(pauses: list[float], per_minute: int) -> None:
    debts = Debts(Rate(burst=5, per_minute=per_minute))
    now = START
    for pause in pauses:
        now += pause
        wait = debts.wait("guesser", now)
        if wait > 0:
            assert not granted(debts, now + wait * 0.99)
            now += wait + A_MOMENT
        assert granted(debts, now)


@given(st.lists(st.floats(0, 5), min_size=1, max_size=200))
def test_no_more_is_granted_than_burst_and_rate(pauses: list[float]) -> None:
    debts = Debts(RATE)
    moments = [START + passed for passed in itertools.accumulate(pauses)]
    count = sum(granted(debts, now) for now in moments)
    assert count <= RATE.burst + (moments[-1] - START) * RATE.per_minute / 60 + 1


@given(st.lists(st.floats(0, 5), max_size=200))
def test_to_take_is_to_wait_and_be_charged(pauses: list[float]) -> None:
    apart, at_once = Debts(RATE), Debts(RATE)
    now = START
    for pause in pauses:
        now += pause
        assert granted(apart, now) == (at_once.take("guesser", now) <= 0)
        assert at_once.wait("guesser", now) == pytest.approx(apart.wait("guesser", now))
    assert at_once.tell(1) == pytest.approx(apart.tell(1))


def test_asking_while_refused_does_not_prolong_the_wait() -> None:
    debts = Debts(RATE)
    for _ in range(500):
        granted(debts, START)
    assert granted(debts, START + 1.001)


def test_what_is_charged_beyond_the_credit_has_to_be_earned() -> None:
    debts = Debts(RATE)
    debts.charge("batch", START, 116)
    assert 100 < debts.wait("batch", START) <= 101
    assert granted(debts, START + 101)


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.floats(0, 0.5), st.booleans(), st.booleans()),
        min_size=1,
        max_size=400,
    )
)
def test_several_processes_grant_one_rate(
    asked: list[tuple[int, float, bool, bool]],
) -> None:
    """Each question goes to some process; some exchange afterwards, and some of that is lost."""
    processes = [Debts(RATE) for _ in range(4)]
    table = Table()
    now, count = START, 0
    for process, pause, exchanges, lost in asked:
        now += pause
        count += granted(processes[process], now)
        if exchanges:
            for other in processes:
                table.exchange(other, now)
        elif lost:
            table.exchange(processes[process], now, lost=True)
    unheard = sum(not exchanges for _, _, exchanges, _ in asked)
    alone = RATE.burst + (now - START) * RATE.per_minute / 60 + 1
    assert count <= alone + min(unheard, (len(processes) - 1) * (RATE.burst + OWN))


def test_processes_that_exchange_often_grant_one_rate_for_as_long_as_it_takes() -> None:
    processes = [Debts(RATE) for _ in range(4)]
    table = Table()
    count, ticks = 0, 40 * 600
    for tick in range(ticks):  # 40 questions a second for ten minutes, to each in turn
        now = START + tick / 40
        count += granted(processes[tick % 4], now)
        if tick % 10 == 0:
            for process in processes:
                table.exchange(process, now)
    earned = ticks / 40 * RATE.per_minute / 60
    assert count >= earned
    assert count <= RATE.burst + earned + len(processes) * (OWN + 10)


def test_without_the_table_the_own_count_holds_and_nothing_piles_up() -> None:
    debts, table = Debts(RATE), Table()
    count = 0
    for tick in range(6000):  # ten minutes
        now = START + tick / 10
        count += granted(debts, now)
        if tick % 3 == 0:
            table.exchange(debts, now, lost=True)
    assert count <= RATE.burst + 601
    table.exchange(debts, START + 600)
    assert table.until["guesser"] <= START + 600 + RATE.burst + 1


def test_a_table_that_forgot_everything_pays_nobodys_debts() -> None:
    debts, table = Debts(RATE), Table()
    for _ in range(16):
        granted(debts, START)
    table.exchange(debts, START)
    table.until.clear()
    table.exchange(debts, START)
    assert not granted(debts, START)


def test_who_asks_a_little_is_not_told_of() -> None:
    debts = Debts(RATE)
    granted(debts, START)
    assert debts.tell(10) == {}
    granted(debts, START)
    assert debts.tell(10) == {"guesser": 2.0}
    assert debts.tell(10) == {}


@given(st.integers(1, 50))
def test_memory_is_bounded_and_who_keeps_asking_is_kept(most: int) -> None:
    debts = Debts(RATE, most=most + 1)
    for _ in range(16):
        granted(debts, START)
    for n in range(most * 20):
        granted(debts, START, f"passer-by {n}")
        if n % max(1, most // 2) == 0:
            assert not granted(debts, START)
            debts.charge("guesser", START, 0)
        assert len(debts) <= 2 * (most + 1)
        debts.tell(1)
