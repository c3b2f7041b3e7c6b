"""Appending to the book: the one write there is.

Group commit: while one transaction is on its way, new calls wait together and become the next one.
Several processes take turns through the database's advisory lock. A batch is planned for where the
book will probably end at its turn; the turn itself, or the link trigger, says where it does.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Sequence
from datetime import datetime
from typing import Final, Self, Unpack

import msgspec

from registry.acts import Decided, change_act, issue_act
from registry.batch import Act, Book, Outcome, Plan, Responsible, change_of, plan
from registry.certified_copy import CertifiedCopy, Receipt
from registry.clock import Clock
from registry.entry import Closed, Issued, StatusChange
from registry.errors import HeadMoved, RegistryError, RegistryUnavailable
from registry.store import Store
from registry.store.writing import Turn, Writing

_log = logging.getLogger(__name__)

#: Bounds the memory and the lock time of one transaction.
_MAX_BATCH: Final = 512
#: One batch is prepared, and stands next in the database's queue, while another is written.
_LANES: Final = 2
#: So many calls are worth two transactions.
_CROWD: Final = 12


class _NothingKept(RegistryUnavailable):
    """As its root, but it is known that none of the acts is in the book."""


class _Waiting(msgspec.Struct, frozen=True):
    act: Act
    outcome: "asyncio.Future[Receipt]"


class Appender:
    """Coalesces concurrent calls of one process into few transactions.

    `async with Appender(store, clock) as appender`; leaving waits until every accepted call is
    decided. A caller that is cancelled leaves the others alone; its act may still be kept.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._waiting: deque[_Waiting] = deque()
        self._called = asyncio.Event()
        self._open = False
        self._lanes: list[asyncio.Task[None]] = []
        self._busy = 0
        #: Where the book will end, should what is under way be kept and nobody else append.
        self._end: Turn | None = None

    async def __aenter__(self) -> Self:
        self._open = True
        self._lanes = [
            asyncio.create_task(self._run(), name=f"registry appender {lane}")
            for lane in range(_LANES)
        ]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._open = False
        self._called.set()
        if self._lanes:
            await asyncio.wait(self._lanes)  # unlike gather, it lets them go on when cancelled

    async def register(self, copy: CertifiedCopy) -> Receipt:
        """Enter a signed copy. Returns once it is durable.

        Idempotent: the same code and PDF get the first receipt. Raises DuplicateCopy,
        UnknownReservation, NumberVoid, MalformedCode, MalformedEntry; RegistryUnavailable when it
        is not known whether the entry was kept: call again.
        """
        return await self._enqueue(issue_act(copy))

    async def revoke(self, code: str, **decided: Unpack[Decided]) -> Receipt:
        """Cancel a copy's legal value, publicly.

        Idempotent: the same change again, while it is the copy's latest, gets the first receipt.
        Raises UnknownCopy, IllegalTransition (what the copy's status does not allow, such as a
        second revocation), MalformedCode, MalformedEntry, RegistryUnavailable.
        """
        return await self._enqueue(change_act(code, "revoked", decided, self._clock()))

    async def suspend(self, code: str, **decided: Unpack[Decided]) -> Receipt:
        """Take a copy's value away for a time; as `revoke`."""
        return await self._enqueue(change_act(code, "suspended", decided, self._clock()))

    async def reinstate(self, code: str, **decided: Unpack[Decided]) -> Receipt:
        """End a suspension; as `revoke`."""
        return await self._enqueue(change_act(code, "reinstated", decided, self._clock()))

    async def supersede(self, code: str, *, successor: str, **decided: Unpack[Decided]) -> Receipt:
        """Let the copy with the code `successor`, which must be in force, take this one's place.

        As `revoke`; raises IllegalSuccessor too.
        """
        act = change_act(code, "superseded", decided, self._clock(), successor)
        return await self._enqueue(act)

    async def erase(self, code: str, **decided: Unpack[Decided]) -> Receipt:
        """Erase a copy's facts and their salt, for ever, in the transaction that enters it.

        The status stays. As `revoke`.
        """
        return await self._enqueue(change_act(code, "erased", decided, self._clock()))

    async def close_book(
        self,
        unit_code: str,
        year: int,
        *,
        numbers: int,
        void: int,
        pdf_digest: bytes,
        decided_by: str,
        entered_by: str,
    ) -> Receipt:
        """Close a unit's book of a local year for ever.

        `numbers` is its last number, `void` how many of them ended void, `pdf_digest` the SHA-256
        of the closing print. Idempotent. Raises ClosingRefused when the book does not hold just
        that or a number is open still; BookClosed, MalformedEntry, RegistryUnavailable.
        """
        closed = Closed(
            occurred_at=self._clock(),
            unit_code=unit_code,
            year=year,
            numbers=numbers,
            void=void,
            pdf_digest=pdf_digest,
        )
        return await self._enqueue(change_of(closed, Responsible(decided_by, entered_by)))

    def _enqueue(self, act: Act) -> "asyncio.Future[Receipt]":
        if not self._open:
            raise RegistryUnavailable("the appender is not running")
        outcome: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(act, outcome))
        self._called.set()
        return outcome

    async def _run(self) -> None:
        """One lane: settles what waits, again and again, until no more calls come."""
        while self._open or self._waiting:
            if batch := await self._take():
                self._busy += 1
                await self._settle(batch)
                self._busy -= 1

    async def _take(self) -> list[_Waiting]:
        """What waits by now, but for those who were cancelled before their turn.

        The lanes share a crowd: the callers of the one half are prepared while the database works
        on the other.
        """
        while self._open and not self._waiting:
            self._called.clear()
            await self._called.wait()
        count = len(self._waiting)
        if count >= _CROWD and not self._busy:
            count //= 2
        taken = [self._waiting.popleft() for _ in range(min(count, _MAX_BATCH))]
        return [waiting for waiting in taken if not waiting.outcome.done()]

    async def _settle(self, batch: Sequence[_Waiting]) -> None:
        """Give every caller of the batch its own outcome, whatever happens."""
        try:
            outcomes: Sequence[Outcome] = await self._commit([waiting.act for waiting in batch])
        except RegistryError as refusal:
            if len(batch) > 1 and not isinstance(refusal, RegistryUnavailable):
                # One of them offends the database: halving finds it and spares the others.
                middle = len(batch) // 2
                await self._settle(batch[:middle])
                await self._settle(batch[middle:])
                return
            outcomes = [refusal] * len(batch)
        except Exception:  # noqa: BLE001  -- every caller must get an answer
            _log.exception("an append failed in a way that nobody foresaw")
            outcomes = [RegistryUnavailable("the append failed; the log says why")] * len(batch)
        _tell(batch, outcomes)

    async def _commit(self, acts: Sequence[Act]) -> Sequence[Outcome]:
        """Decide the acts: first as if all were sound, since nearly always they are.

        What is not is refused by the database's own rules; then the acts are compared with what
        it holds, and each gets its outcome. Changes of status are decided by what is stored, so
        that they are always compared.
        """
        if all(isinstance(act.entry, Issued) for act in acts):
            try:
                return await self._insist(acts, compared=False)
            except RegistryUnavailable:
                raise
            except RegistryError:
                pass  # one of them is not sound; which one, and why, the comparison says
        return await self._insist(acts, compared=True)

    async def _insist(self, acts: Sequence[Act], *, compared: bool) -> Sequence[Outcome]:
        """One transaction; when the connection breaks and nothing was kept, once more."""
        try:
            return await self._write(acts, compared=compared)
        except _NothingKept:
            return await self._write(acts, compared=compared)

    async def _write(self, acts: Sequence[Act], *, compared: bool) -> Sequence[Outcome]:
        end, self._end = self._end, None
        tried: Plan | None = None
        try:
            if end and not compared:
                tried = self._planned(end, None, acts)
                with contextlib.suppress(HeadMoved):  # the book ends elsewhere
                    async with self._store.at_once() as writing:
                        if tried.rows:
                            await writing.insert_at_once(tried.rows, tried.copies)
                    return tried.outcomes
            async with self._store.writing() as writing:
                turn = await writing.begin()
                book = await _book_of(writing, acts) if compared else None
                tried = self._planned(turn, book, acts)
                if tried.rows:
                    await writing.insert(tried.rows, tried.copies, tried.changes)
        except RegistryUnavailable as lost:
            if tried is None or not await self._was_kept(tried):
                raise _NothingKept(str(lost)) from None
        return tried.outcomes

    def _planned(self, end: Turn, book: Book | None, acts: Sequence[Act]) -> Plan:
        """What the acts become at this end of the book; the next ones are planned after them."""
        planned = plan(end.head, book, acts, self._moment(end.last_at))
        self._end = Turn(planned.head, planned.now)
        return planned

    def _moment(self, last_at: datetime | None) -> datetime:
        """Now, but not before the last entry: clocks are set back, and several machines append."""
        now = self._clock()
        return now if last_at is None else max(now, last_at)

    async def _was_kept(self, tried: Plan) -> bool:
        """Whether a transaction whose COMMIT got no answer was committed.

        Taking the append lock waits for its end, should the server still be working on it.
        """
        if not tried.rows:
            return False
        link, _ = tried.rows[0]
        async with self._store.writing() as writing:
            await writing.begin()
            return await writing.entry_hash_at(link.index) == link.entry_hash


def _tell(batch: Sequence[_Waiting], outcomes: Sequence[Outcome]) -> None:
    for waiting, outcome in zip(batch, outcomes, strict=True):
        if waiting.outcome.done():
            continue
        if isinstance(outcome, RegistryError):
            waiting.outcome.set_exception(outcome)
        else:
            waiting.outcome.set_result(outcome)


async def _book_of(writing: Writing, acts: Sequence[Act]) -> Book:
    """What the book holds about the acts."""
    entries = [act.entry for act in acts]
    codes = [entry.code_hash for entry in entries if not isinstance(entry, Closed)]
    changes = [entry for entry in entries if isinstance(entry, StatusChange)]
    stored = await writing.stored(
        [*codes, *(change.successor for change in changes if change.successor is not None)],
        [entry.pdf_digest for entry in entries if isinstance(entry, Issued)],
    )
    if years := [(one.unit_code, one.year) for one in entries if isinstance(one, Closed)]:
        stored += await writing.closings(years)
    lines = await writing.lines([act.line for act in acts if act.line])
    return Book(stored=stored, lines=lines)
