"""The whole life of many copies, in whatever order hypothesis thinks of, against plain Python.

Numbers, several copies of one original, suspensions, reinstatements, revocations, successions and
erasures, alone and by two officers at once, closings of books, time that passes New Year, and the
publications, answers and proofs of absence between them. BANSAO_STATES=thorough tries harder.
"""

import asyncio
import os
import uuid
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, TypeVar

import msgspec
import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from registry.append import Appender
from registry.audit import audit
from registry.book import reserve_number, void_number
from registry.book_line import local_year
from registry.certified_copy import Receipt
from registry.clock import HANOI
from registry.closing import close_year
from registry.code import code_hash, new_code
from registry.entry import parse_entry
from registry.errors import (
    BookClosed,
    DuplicateCopy,
    NothingPublished,
    NotYetPublished,
    NumberIssued,
    NumbersOpen,
    NumberVoid,
    RegistryError,
    YearNotOver,
)
from registry.log.map_proof import check_map_proof
from registry.log.note import parse_verifier
from registry.log.policy import Policy, TrustedLog
from registry.log.proof_file import check_proof
from registry.lookup import Found, find_by_code, find_by_digest
from registry.proving import inclusion_proof, map_proof
from registry.publish import publish
from registry.status import status_on
from registry.store import Store
from tests.testkit.copies import LOG_KEY, ORIGIN, VKEY, decided, made_up_copy
from tests.testkit.life_model import ACTS, Asked, Book, Line, LivingCopy, agrees
from tests.testkit.postgres import Database
from tests.testkit.running_log import begin_anew

THOROUGH: Final = os.environ.get("BANSAO_STATES") == "thorough"
UNITS: Final = ("00004", "00070")
#: The year is about to end, and so may many more: nothing is entered in the future.
BEGIN: Final = datetime(2001, 12, 31, 20, 0, tzinfo=HANOI).astimezone(UTC)
#: Lawful for a copy in force, mostly.
WAYS: Final = (
    ("suspend", "reinstate"),
    ("suspend", "reinstate", "suspend"),
    ("suspend", "revoke"),
    ("supersede", "revoke"),
    *((act,) for act in ACTS),
)
POLICY: Final = Policy((TrustedLog(parse_verifier(VKEY)),))
T = TypeVar("T")


class Registry:
    """The real thing: two officers' appenders over one database, and a clock that is set."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._held = AsyncExitStack()
        self.now = BEGIN

    async def open(self) -> None:
        roles = ("registry_writer", "registry_publisher", "registry_reader", "registry_clerk")
        self.writer, self.publisher, self.reader, self.clerk = [
            await self._held.enter_async_context(
                await Store.connect(self._database.role_url(role), connections=4)
            )
            for role in roles
        ]
        self.appenders = [
            await self._held.enter_async_context(Appender(self.writer, lambda: self.now))
            for _ in range(2)
        ]

    async def close(self) -> None:
        await self._held.aclose()

    async def change(self, officer: int, living: LivingCopy, asked: Asked) -> object:
        act = getattr(self.appenders[officer], asked.act)
        more = {} if asked.successor is None else {"successor": asked.successor.copy.code}
        return await _outcome(
            act(living.copy.code, **decided(asked.decision, asked.decided_on), **more)
        )

    async def at_once(self, living: LivingCopy, asked: list[Asked]) -> list[object]:
        calls = [self.change(officer, living, one) for officer, one in enumerate(asked)]
        return list(await asyncio.gather(*calls))

    async def close_book(self, unit_code: str, year: int) -> object:
        closing = close_year(
            self.clerk,
            self.appenders[0],
            lambda: self.now,
            unit_code=unit_code,
            year=year,
            # Numbers only: another copy under one of them may still come.
            state=lambda filed: f"{unit_code} {year}: {filed.totals.numbers}".encode(),
            decided_by="chairman",
            entered_by="clerk",
        )
        try:
            return (await closing).receipt
        except RegistryError as refusal:
            return refusal

    async def publish(self) -> int:
        return (await publish(self.publisher, LOG_KEY, ORIGIN, lambda: self.now)).size


class CopyLife(RuleBasedStateMachine):
    """The model is in the fields; every rule does the same to `registry`."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.database = database
        self.registry = Registry(database)
        self.run(self.registry.open())
        self.books: dict[tuple[str, int], Book] = {}
        self.living: list[LivingCopy] = []
        self.published = 0
        self.proofs: list[str] = []

    def run(self, act: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(act)

    @property
    def today(self) -> date:
        return self.registry.now.astimezone(HANOI).date()

    @property
    def lines(self) -> list[Line]:
        return [line for book in self.books.values() for line in book.lines]

    def some(self, data: st.DataObject) -> LivingCopy:
        """Mostly one of the first, so that much happens to it."""
        return data.draw(st.sampled_from([*self.living[:3] * 5, *self.living]))

    # Time and numbers -----------------------------------------------------------------------

    @rule(hours=st.integers(1, 40))
    def time_passes(self, hours: int) -> None:
        self.registry.now += timedelta(hours=hours)

    @rule(unit_code=st.sampled_from(UNITS), behind=st.sampled_from([0, 0, 0, 30, 60]))
    def reserve(self, unit_code: str, behind: int) -> None:
        """The clock of the machine that asks may be some hours behind."""
        self._reserve(unit_code, self.registry.now - timedelta(hours=behind))

    def _reserve(self, unit_code: str, at: datetime) -> Line | None:
        year, original = local_year(at), uuid.uuid4()
        book = self.books.setdefault((unit_code, year), Book())
        reserving = reserve_number(
            self.registry.writer, unit_code=unit_code, original_id=original, at=at
        )
        number = self.run(_outcome(reserving))
        if book.closing is not None:
            assert isinstance(number, BookClosed)
            return None
        assert not isinstance(number, RegistryError), number
        line = Line(unit_code, year, number.number, number.book, original)
        book.lines.append(line)
        assert line.number == len(book.lines)
        return line

    @rule(data=st.data())
    def void(self, data: st.DataObject) -> None:
        unused = [line for line in self.lines if not line.copies]
        line = data.draw(st.sampled_from(unused or self.lines))
        act = void_number(self.registry.writer, original_id=line.original, reason="làm lại")
        outcome = self.run(_outcome(act))
        if line.copies:
            assert isinstance(outcome, NumberIssued)
        else:
            assert outcome is None
            line.void = True

    @rule(data=st.data(), late=st.booleans())
    def close_a_book(self, data: st.DataObject, late: bool) -> None:
        unit_code, year = data.draw(st.sampled_from(sorted(self.books)))
        book = self.books[unit_code, year]
        if late:
            new_year = datetime(year + 1, 1, 1, tzinfo=HANOI).astimezone(UTC)
            self.registry.now = max(self.registry.now, new_year)
        outcome = self.run(self.registry.close_book(unit_code, year))
        if book.closing is not None:
            assert outcome == book.closing
        elif year >= local_year(self.registry.now):
            assert isinstance(outcome, YearNotOver)
        elif book.open:
            assert isinstance(outcome, NumbersOpen)
        else:
            assert isinstance(outcome, Receipt), outcome
            book.closing = outcome

    # Copies ---------------------------------------------------------------------------------

    @initialize()
    def begin(self) -> None:
        self.certify()

    @rule()
    def certify(self) -> None:
        """An original in two copies."""
        if line := self._reserve(UNITS[0], self.registry.now):
            self._issue(line)
            self._issue(line)

    @rule(data=st.data())
    def issue(self, data: st.DataObject) -> None:
        self._issue(data.draw(st.sampled_from(self.lines)))

    def _issue(self, line: Line) -> None:
        copy = msgspec.structs.replace(
            made_up_copy(line.book, line.number), unit_code=line.unit_code
        )
        outcome = self.run(_outcome(self.registry.appenders[0].register(copy)))
        if line.void:
            assert isinstance(outcome, NumberVoid)
            return
        assert isinstance(outcome, Receipt), outcome
        self.living.append(LivingCopy(copy, line, outcome, self.today))
        line.copies += 1

    @rule(data=st.data())
    def issue_again(self, data: st.DataObject) -> None:
        living = data.draw(st.sampled_from(self.living))
        register = self.registry.appenders[1].register
        assert self.run(register(living.copy)) == living.receipt
        other = msgspec.structs.replace(living.copy, pdf_digest=bytes(32))
        assert isinstance(self.run(_outcome(register(other))), DuplicateCopy)

    @rule(data=st.data(), way=st.sampled_from(WAYS))
    def change(self, data: st.DataObject, way: tuple[str, ...]) -> None:
        living = self.some(data)
        for act in way:
            asked = self._asked(data, living, act)
            expected = living.expected(asked)
            outcome = self.run(self.registry.change(0, living, asked))
            assert agrees(expected, outcome), (expected, outcome)
            if expected is None and isinstance(outcome, Receipt):
                living.change(asked, outcome, self.today)

    @rule(data=st.data())
    def two_officers_at_once(self, data: st.DataObject) -> None:
        living = self.some(data)
        both = [self._asked(data, living, data.draw(st.sampled_from(ACTS))) for _ in range(2)]
        outcomes = self.run(self.registry.at_once(living, both))
        assert living.fits(both, outcomes, self.today), (both, outcomes)

    def _asked(self, data: st.DataObject, living: LivingCopy, act: str) -> Asked:
        """Of few decisions, so that some are asked for twice. Nothing that is drawn may depend on
        which of two officers was first: hypothesis could not repeat it.
        """
        others = [one for one in self.living if one is not living]
        return Asked(
            act,
            data.draw(st.sampled_from(["1/QĐ-UBND", "2/QĐ-UBND"])),
            self.today - timedelta(days=data.draw(st.integers(0, 1))),
            data.draw(st.sampled_from(others)) if act == "supersede" else None,
        )

    # What is answered -----------------------------------------------------------------------

    @rule(data=st.data())
    def publish(self, data: st.DataObject) -> None:
        self.published = self.run(self.registry.publish())
        index = data.draw(st.integers(0, self.published - 1))
        self.proofs.append(self.run(inclusion_proof(self.registry.reader, index)))

    @rule(data=st.data())
    def ask(self, data: st.DataObject) -> None:
        living = self.some(data)
        self._look_up(living)
        if living.receipt.index < self.published:
            self._ask_about(living, self.today - timedelta(days=data.draw(st.integers(0, 9))))
            nobodys = new_code()
            assert self.run(find_by_code(self.registry.reader, nobodys)) is None
            assert self._proved(nobodys) is None

    def _ask_about(self, living: LivingCopy, day: date) -> None:
        found = self._found(living)
        entries = [found.entry, *(change for _, change in found.changes)]
        status, event = status_on(entries, day), living.event_on(day, self.published)
        if event is None:
            assert status is None
        else:
            assert status is not None
            assert (status.verdict, status.decision) == (event.verdict, event.decision)

    def _look_up(self, living: LivingCopy) -> None:
        event = living.event_in(self.published)
        entries = living.entries_in(self.published)
        if self.published:
            proved = (len(entries), entries[-1]) if entries else None
            assert self._proved(living.copy.code) == proved
        if event is None:
            with pytest.raises((NotYetPublished, NothingPublished)):
                self._found(living)
            return
        found = self._found(living)
        successor = event.successor and code_hash(event.successor.copy.code)
        status = found.status
        assert found.index == living.receipt.index
        assert (status.verdict, status.decision) == (event.verdict, event.decision)
        assert status.successor == successor
        # The person is gone at once, whatever is published.
        assert status.erased == (found.facts is None) == (living.erased_at is not None)
        assert found.facts in (None, living.copy.facts)
        assert [found.index, *(index for index, _ in found.changes)] == entries
        by_digest = self.run(find_by_digest(self.registry.reader, living.copy.pdf_digest))
        assert by_digest == found

    def _found(self, living: LivingCopy) -> Found:
        found = self.run(find_by_code(self.registry.reader, living.copy.code))
        assert found is not None
        return found

    def _proved(self, code: str) -> tuple[int, int] | None:
        """What anybody can be shown: how many entries a code has, and the latest; or that none."""
        hashed = code_hash(code)
        text = self.run(map_proof(self.registry.reader, hashed))
        found = check_map_proof(text, hashed, POLICY).found
        return found and (found.count, found.latest)

    # In the end -----------------------------------------------------------------------------

    def teardown(self) -> None:
        try:
            self.published = self.run(self.registry.publish())
            for living in self.living:
                self._look_up(living)
            for proof in self.proofs:
                parse_entry(check_proof(proof, POLICY).body)
            assert self._stored_lines() == {
                (line.unit_code, line.year, line.number): (line.void, line.copies)
                for line in self.lines
            }
            assert self.run(audit(self.registry.reader)).findings == []
        finally:
            self.run(self.registry.close())
            self.runner.close()

    def _stored_lines(self) -> dict[tuple[str, int, int], tuple[bool, int]]:
        with psycopg.connect(self.database.superuser_url) as connection:
            rows = connection.execute(
                "SELECT n.unit_code, n.year, n.number, v.number IS NOT NULL, count(e.index) "
                "FROM registry.book_number n "
                "LEFT JOIN registry.book_void v USING (unit_code, book, number) "
                "LEFT JOIN registry.entry e USING (unit_code, book, number) GROUP BY 1, 2, 3, 4"
            )
            return {(row[0], row[1], row[2]): (row[3], row[4]) for row in rows}


async def _outcome(act: Coroutine[Any, Any, T]) -> T | RegistryError:
    try:
        return await act
    except RegistryError as refusal:
        return refusal


@pytest.mark.timeout(1200)
def test_any_life_of_copies(database: Database) -> None:
    def begun() -> CopyLife:
        begin_anew(database)
        return CopyLife(database)

    run_state_machine_as_test(
        begun,
        settings=settings(
            max_examples=200 if THOROUGH else 12,
            stateful_step_count=80 if THOROUGH else 40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
