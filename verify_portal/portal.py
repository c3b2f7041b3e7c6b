"""One running portal: what its routes and pages share."""

import asyncio
import secrets
import time
from datetime import date
from functools import cached_property
from typing import Final

import msgspec
import structlog

from registry.clock import HANOI, Clock, utc_now
from registry.code import code_hash, parse_code
from registry.errors import MalformedCode, RegistryError
from verify_portal.agency.disclosing import Disclosures
from verify_portal.agency.tries import Tries
from verify_portal.answer import Answer
from verify_portal.batch.together import Together
from verify_portal.file.beside import Pair, pairs_of
from verify_portal.file.verify_file import FileReader, verify_pdf
from verify_portal.for_a_moment import ForAMoment
from verify_portal.freshness import Freshness
from verify_portal.ledger import Ledger, Standing
from verify_portal.limiting.at_once import MOST_AT_ONCE, AtOnce
from verify_portal.limiting.limits import Limits
from verify_portal.limiting.shared_counts import ROLE as LIMITER
from verify_portal.limiting.sharing import Sharing
from verify_portal.limiting.source import Source
from verify_portal.measures import Measures, code_tag
from verify_portal.receipt.making import Receipts
from verify_portal.settings import Settings
from verify_portal.telling import around_its_moment
from verify_portal.texts import Language
from verify_portal.verdicts import registered_code
from verify_portal.verify import verify_code, verify_digest, verify_text

_log = structlog.get_logger()
_STATE_SECONDS: Final = 0.25
_ENCODER: Final = msgspec.json.Encoder()
#: A photograph without a code in it is no guess.
_MISSES: Final = {("code", "unknown"), ("code", "malformed"), ("photo", "unknown")}


class Portal:
    """Asks, counts and logs. Made once a process; `close()` ends its processes and connections."""

    def __init__(
        self, settings: Settings, *, ledger: Ledger, reader: FileReader, clock: Clock = utc_now
    ) -> None:
        self.settings = settings
        self.ledger = ledger
        self.reader = reader
        self.measures = Measures(ledger)
        self.together = Together(ledger, self.measures, clock)
        self.limits = Limits(time.monotonic)
        self.at_once = AtOnce(MOST_AT_ONCE)
        self.tries = Tries(time.monotonic)
        self.receipts = Receipts.from_settings(settings, ledger, clock)
        self._freshness = Freshness(time.monotonic)
        self._state = ForAMoment(
            self._asked_state, seconds=_STATE_SECONDS, monotonic=time.monotonic
        )
        self._clock = clock
        # A new key each start: lines can be linked within a run and not matched with guesses later.
        self._tag_key = secrets.token_bytes(32)
        self._sharing: asyncio.Task[None] | None = None

    @classmethod
    def open(cls, settings: Settings) -> "Portal":
        """With the database and the bounded processes that the settings name."""
        ledger = Ledger.from_settings(settings.registry, settings.replica_url)
        return cls(settings, ledger=ledger, reader=FileReader.open(settings.registry.trust))

    def begin(self) -> None:
        """Hear of publications, and count together with the other workers, until closed."""
        self.ledger.copies.listen()
        url = self.settings.registry.role_url(LIMITER)
        sharing = Sharing(self.limits, url, time.monotonic, self.tries.shared)
        self._sharing = asyncio.create_task(sharing.run(), name="limits shared")

    @cached_property
    def disclosures(self) -> Disclosures:
        """What more than the public sees, with its own way to the database, opened when needed."""
        return Disclosures.from_settings(self.settings, self.ledger)

    def today(self) -> date:
        """In Hanoi."""
        return self._clock().astimezone(HANOI).date()

    def from_memory(self, text: str, language: Language) -> bytes | None:
        """The body that answers a code of which all is known; None when it takes more than that.

        Counted like any other, and not logged: a line costs more than the answer.
        """
        try:
            remembered = self.ledger.copies.recall(code_hash(text))
        except MalformedCode:
            return None
        if remembered is None:
            return None
        found = remembered.found
        if language not in remembered.answers:
            code, now = parse_code(text), self._clock()
            answer = registered_code(found, code=code, asked="code", checked_at=now)
            attested = self.ledger.attesting.attested(answer)
            remembered.answers[language] = around_its_moment(attested, language)
        before, after = remembered.answers[language]
        self.measures.verdicts(found.status.verdict, "code").inc()
        return before + _ENCODER.encode(self._clock()) + after

    async def by_code(self, code: str, on: date | None = None) -> Answer:
        """`on` is a day not after today."""
        return self._told(await verify_code(code, ledger=self.ledger, clock=self._clock, on=on))

    def charge(self, client: Source, *answers: Answer) -> None:
        """Take what finds no copy from what its client may miss. Codes can be guessed, digests
        cannot; those in a document have been charged when they were looked up.
        """
        missed = sum((one.asked, one.verdict) in _MISSES for one in answers)
        if missed:
            self.limits.missed(client, missed)

    async def by_text(self, text: str) -> Answer:
        address = self.settings.portal_url
        answer = await verify_text(
            text,
            ledger=self.ledger,
            clock=self._clock,
            portal_url=address,
            seal_keys=self.reader.seal_keys,
        )
        return self._told(answer)

    async def by_digest(self, digest: str) -> Answer:
        return self._told(await verify_digest(digest, ledger=self.ledger, clock=self._clock))

    async def by_file(
        self, content: bytes, *, named_pdf: bool = False, client: Source | None = None
    ) -> Answer:
        """`client` pays for each code in it that no copy has."""

        def missed() -> None:
            if client is not None:
                self.limits.missed(client)

        answer = await verify_pdf(
            content,
            ledger=self.ledger,
            clock=self._clock,
            reader=self.reader,
            portal_url=self.settings.portal_url,
            named_pdf=named_pdf,
            missed=missed,
        )
        return self._told(answer)

    async def beside(self, content: bytes, answer: Answer) -> tuple[Pair, ...]:
        """Pictures of what was changed in a file, for who sent it."""
        if answer.changes is None:
            return ()
        return await pairs_of(content, answer.changes, self.reader.examiner)

    async def state(self) -> tuple[bool, Standing]:
        """Whether an answer could be given, and who gives it; asked once for all who want to know,
        who are not limited and must not take the visitors' connections.
        """
        return await self._state.get()

    async def _asked_state(self) -> tuple[bool, Standing]:
        return await self._ready(), await self.ledger.standing()

    async def _ready(self) -> bool:
        """Whether an answer could be given now, and about what was issued a moment ago too."""
        try:
            checkpoint = await self.ledger.checkpoint()
            lags = await self.ledger.lags(checkpoint)
        except RegistryError:
            return False
        return self._freshness.holds(checkpoint.size, lags=lags)

    async def exposition(self) -> bytes:
        """What Prometheus scrapes, as it is now."""
        _, standing = await self.state()
        return self.measures.exposition(standing)

    async def close(self) -> None:
        if self._sharing is not None:
            self._sharing.cancel()
            await asyncio.wait({self._sharing})
        await self._state.close()
        if "disclosures" in self.__dict__:
            await self.disclosures.close()
        await self.ledger.close()
        self.reader.examiner.close()
        if self.receipts is not None:
            self.receipts.close()

    def _told(self, answer: Answer) -> Answer:
        self.measures.verdicts(answer.verdict, answer.asked).inc()
        tag = code_tag(self._tag_key, answer.code) if answer.code else None
        _log.info("answered", verdict=answer.verdict, asked=answer.asked, code_tag=tag)
        return answer
