"""Answering many questions at one checkpoint: each as it would be answered alone, from what a few
queries have told before.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import structlog
from msgspec import Struct

from registry.clock import Clock
from registry.code import code_hash
from registry.errors import ChainBroken, RegistryError, RegistryUnavailable
from registry.log.checkpoint import Checkpoint
from registry.lookup import Found
from verify_portal.answer import Answer, CheckpointSeen, Verdict
from verify_portal.attested import Attesting
from verify_portal.batch.turns import in_turns
from verify_portal.copies import Outcome
from verify_portal.errors import UnprovenEntry
from verify_portal.ledger import Ledger
from verify_portal.measures import Measures
from verify_portal.question import CodeQuestion, DigestQuestion, Question
from verify_portal.verify import verify

#: Copies asked for in one query: some milliseconds of this process, in which nobody else is served.
_EACH_QUERY: Final = 125
#: Seconds after which a slow registry is asked nothing more for one batch: others wait behind it.
_PATIENCE_SECONDS: Final = 10.0

_log = structlog.get_logger()


class Answers(Struct, frozen=True, kw_only=True):
    """In the order of the questions. `checkpoint` is null when none could be had."""

    answers: tuple[Answer, ...]
    checkpoint: CheckpointSeen | None

    @property
    def summary(self) -> dict[Verdict, int]:
        """How many answers have each verdict that occurs."""
        return dict(Counter(answer.verdict for answer in self.answers))


class Moment:
    """What the registry told about one batch at one checkpoint; asked as a ledger is."""

    def __init__(
        self,
        attesting: Attesting,
        checkpoint: Checkpoint | RegistryError,
        outcomes: Mapping[bytes, Outcome],
        code_hashes: Mapping[bytes, bytes | RegistryError],
    ) -> None:
        self.attesting = attesting
        self._checkpoint = checkpoint
        self._outcomes = outcomes
        self._code_hashes = code_hashes

    @property
    def copies(self) -> "Moment":
        return self

    async def moment(self) -> Checkpoint:
        if isinstance(self._checkpoint, RegistryError):
            raise self._checkpoint
        return self._checkpoint

    async def by_code(self, code: str) -> Found | None:
        return self._found(code_hash(code))

    async def by_digest(self, pdf_digest: bytes) -> Found | None:
        hashed = self._code_hashes.get(pdf_digest)
        if isinstance(hashed, RegistryError):
            raise hashed
        found = None if hashed is None else self._found(hashed)
        if found is not None and found.entry.pdf_digest != pdf_digest:
            raise ChainBroken("a digest leads to another copy's entry")
        return found

    def _found(self, hashed: bytes) -> Found | None:
        outcome = self._outcomes.get(hashed)
        if isinstance(outcome, (RegistryError, UnprovenEntry)):
            raise outcome
        return outcome


class Together:
    """One batch at a time in a process: the tree that it is proven in stays, and single lookups are
    served between its parts.
    """

    def __init__(self, ledger: Ledger, measures: Measures, clock: Clock) -> None:
        self._ledger = ledger
        self._measures = measures
        self._clock = clock
        self._one = asyncio.Lock()

    async def answer(self, questions: Sequence[Question]) -> Answers:
        """Nothing is raised for a question or for an outage: each has its own verdict."""
        async with self._one:
            moment = await _moment(self._ledger, questions)
        answers = [
            await verify(question, ledger=moment, clock=self._clock)
            async for question in in_turns(questions)
        ]
        named = (answer.checkpoint for answer in answers if answer.checkpoint is not None)
        told = Answers(answers=tuple(answers), checkpoint=next(named, None))
        self._count(told)
        return told

    def _count(self, told: Answers) -> None:
        for answer in told.answers:
            self._measures.verdicts(answer.verdict, answer.asked).inc()
        _log.info("batch answered", lines=len(told.answers), **told.summary)


async def _moment(ledger: Ledger, questions: Sequence[Question]) -> Moment:
    """Everything that the questions ask the registry. The checkpoint comes first: what is not found
    afterwards was certainly not in it.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _PATIENCE_SECONDS
    try:
        checkpoint = await ledger.checkpoint()
    except RegistryError as outage:
        return Moment(ledger.attesting, outage, {}, {})
    digests = {one.pdf_digest for one in questions if isinstance(one, DigestQuestion)}
    by_digest = await ledger.copies.code_hashes_of(sorted(digests)) if digests else {}
    codes = {code_hash(one.code) for one in questions if isinstance(one, CodeQuestion)}
    wanted = codes.union(one for one in by_digest.values() if isinstance(one, bytes))
    outcomes: dict[bytes, Outcome] = {}
    for part in _parts(sorted(wanted)):
        if loop.time() < deadline:
            outcomes |= await ledger.copies.find_at(checkpoint, part)
        else:
            outcomes |= dict.fromkeys(part, RegistryUnavailable("too slow for a whole batch"))
    return Moment(ledger.attesting, checkpoint, outcomes, by_digest)


def _parts(code_hashes: Sequence[bytes]) -> Iterable[Sequence[bytes]]:
    for start in range(0, len(code_hashes), _EACH_QUERY):
        yield code_hashes[start : start + _EACH_QUERY]
