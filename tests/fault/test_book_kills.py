"""Eight processes certify into five books while they are killed, and New Year comes in Hanoi.

BANSAO_FAULT_BOOK_SECONDS says how long, BANSAO_FAULT_SEED repeats a run's choices (their moments
are the machine's). `make fault` runs it for a minute.
"""

import asyncio
import collections
import os
import random
import secrets
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from registry.append import Appender
from registry.book import reserve_number
from registry.book_line import BookNumber, Totals, local_year
from registry.book_reading import read_year
from registry.clock import HANOI, utc_now
from registry.closing import close_year
from registry.errors import BookClosed
from tests.testkit.booking import (
    UNITS,
    Begins,
    Ends,
    Numbered,
    Original,
    certify_for_ever,
    open_certifying,
)
from tests.testkit.children import Child
from tests.testkit.copies import store_of
from tests.testkit.postgres import Database

SECONDS: Final = float(os.environ.get("BANSAO_FAULT_BOOK_SECONDS", "15"))
SEED: Final = int(os.environ.get("BANSAO_FAULT_SEED") or secrets.randbits(32))
PROCESSES: Final = 8
#: One that is past: nothing is entered in the future.
NEW_YEAR: Final = datetime(2026, 1, 1, tzinfo=HANOI).astimezone(UTC)


class Known:
    """What was begun, which number each original was told, and what has ended."""

    def __init__(self) -> None:
        self.originals: dict[uuid.UUID, Original] = {}
        self.lines: dict[uuid.UUID, BookNumber] = {}
        self.ended: set[uuid.UUID] = set()
        self.failures: list[str] = []

    def hear(self, told: Any) -> None:
        match told:
            case Begins(original):
                self.originals[original.id] = original
            case Numbered(original_id, line):
                if self.lines.setdefault(original_id, line) != line:
                    self.failures.append(f"{line} is not the number of before")
            case Ends(original_id):
                self.ended.add(original_id)
            case failed:
                self.failures.append(str(failed))

    @property
    def in_the_new_year(self) -> bool:
        return any(line.reserved_at >= NEW_YEAR for line in list(self.lines.values()))


class Worker:
    """A process, and what it has begun and not ended."""

    def __init__(self, known: Known, *work: Any, left: list[Original], seed: int) -> None:
        self._known = known
        self._open = {original.id: original for original in left}
        self._child = Child(certify_for_ever, *work, left, seed, hears=self._hear)

    def kill(self) -> list[Original]:
        self._child.kill()
        return list(self._open.values())

    def _hear(self, told: Any) -> None:
        if isinstance(told, Begins):
            self._open[told.original.id] = told.original
        elif isinstance(told, Ends):
            self._open.pop(told.original_id, None)
        self._known.hear(told)


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str], pytestconfig: pytest.Config) -> Callable[[str], None]:
    """A line for whoever runs the tests."""

    def line(text: str) -> None:
        with capsys.disabled():
            pytestconfig.get_terminal_writer().line(text)

    return line


@pytest.mark.timeout(180 + 4 * SECONDS)
async def test_numbers_survive_kills_and_new_year(
    database: Database, tell: Callable[[str], None]
) -> None:
    tell(f"\nBANSAO_FAULT_SEED={SEED} BANSAO_FAULT_BOOK_SECONDS={SECONDS:g}")
    url = database.role_url("registry_writer")
    known = Known()

    left = await asyncio.to_thread(evening, known, url)
    shift = NEW_YEAR - utc_now() - timedelta(seconds=SECONDS / 2)
    kills, left = await asyncio.to_thread(storm, known, url, shift, left)
    async with open_certifying(url, shift, known.hear) as certifying:
        for original in left:
            await certifying.certify(original)
    assert known.failures == []
    assert known.ended == known.originals.keys()

    closed = [await closing(database, unit, shift) for unit in UNITS]
    books = await check_lines(database, known)
    tell(f"{'kills':<45}{kills:>7}")
    for (unit, year), count in sorted(books.items()):
        tell(f"{f'numbers of {year} in unit {unit}':<45}{count:>7}")
    assert sum(totals.numbers for totals in closed) == sum(
        count for (_, year), count in books.items() if year == 2025
    )
    assert {year for _, year in books} == {2025, 2026}


def evening(known: Known, url: str) -> list[Original]:
    """One process an hour before: the first takes long to start, and midnight would not wait."""
    shift = NEW_YEAR - utc_now() - timedelta(hours=1)
    first = Worker(known, url, shift, left=[], seed=SEED)
    while not known.ended and not known.failures:
        time.sleep(0.01)
    return first.kill()


def storm(
    known: Known, url: str, shift: timedelta, left: list[Original]
) -> tuple[int, list[Original]]:
    """Kill one of the processes, again and again; another goes on with what it has left."""
    chance = random.Random(SEED)  # noqa: S311 - to be repeated

    def worker(left: list[Original]) -> Worker:
        return Worker(known, url, shift, left=left, seed=chance.getrandbits(32))

    workers = [worker(left), *(worker([]) for _ in range(PROCESSES - 1))]
    deadline = time.monotonic() + SECONDS
    kills = 0
    # A busy machine may have seen midnight from no process yet.
    while not known.failures and (time.monotonic() < deadline or not known.in_the_new_year):
        kills += 1
        time.sleep(chance.uniform(0.05, 0.4))
        at = chance.randrange(PROCESSES)
        workers[at] = worker(workers[at].kill())
    return kills, [original for one in workers for original in one.kill()]


async def closing(database: Database, unit: str, shift: timedelta) -> Totals:
    """The old year is closed while the new one has begun; it has no number to give afterwards."""
    async with (
        store_of(database, "registry_clerk") as clerk,
        store_of(database, "registry_writer") as writer,
        Appender(writer, lambda: utc_now() + shift) as appender,
    ):
        done = await close_year(
            clerk,
            appender,
            lambda: utc_now() + shift,
            unit_code=unit,
            year=2025,
            state=lambda filed: f"{unit}: {filed}".encode(),
            decided_by="chairman",
            entered_by="clerk",
        )
        with pytest.raises(BookClosed):
            await reserve_number(
                writer,
                unit_code=unit,
                original_id=uuid.uuid4(),
                at=NEW_YEAR - timedelta(microseconds=1),
            )
    return done.filed.totals


async def check_lines(database: Database, known: Known) -> dict[tuple[str, int], int]:
    """Numbers 1 to n in each book, each of one original, with just its copies; returns each n."""
    expected: dict[tuple[str, int], list[Original]] = collections.defaultdict(list)
    numbers: dict[tuple[str, int], list[int]] = collections.defaultdict(list)
    for original_id, original in known.originals.items():
        line = known.lines[original_id]
        book = (original.unit_code, local_year(line.reserved_at))
        assert line.book == f"01/{book[1]}-SCTĐT/BS"
        expected[book].append(original)
        numbers[book].append(line.number)
    async with store_of(database, "registry_clerk") as clerk:
        for book, originals in expected.items():
            assert sorted(numbers[book]) == list(range(1, len(originals) + 1))
            filed = await read_year(clerk, unit_code=book[0], year=book[1])
            assert filed.totals == totals_of_originals(originals)
            assert filed.open == []
    return {book: len(originals) for book, originals in expected.items()}


def totals_of_originals(originals: list[Original]) -> Totals:
    issued = [original for original in originals if original.copies]
    fees = sum(original.fee for original in issued)
    return Totals(
        numbers=len(originals),
        issued=len(issued),
        void=len(originals) - len(issued),
        copies=sum(len(original.copies) for original in issued),
        gross=fees,
        subsidy=0,
        net=fees,
    )
