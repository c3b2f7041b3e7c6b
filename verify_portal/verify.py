"""The acts: from a code, a digest or any text to an `Answer`; `file/` has the files.

Web and command line share them. Nothing here raises for what a visitor brings; an outage of ours
is the verdict `unavailable`.
"""

from collections.abc import Awaitable
from datetime import date
from typing import Final, Protocol

import msgspec
import structlog

from registry.clock import Clock
from registry.errors import (
    MalformedCode,
    NothingPublished,
    NotYetPublished,
    RegistryError,
    RegistryUnavailable,
)
from registry.log.checkpoint import Checkpoint
from registry.lookup import Found
from registry.seal_keys import SealKeys
from verify_portal import verdicts
from verify_portal.answer import Answer, Asked, Check
from verify_portal.attested import Attesting
from verify_portal.errors import (
    ExaminersBusy,
    ExaminersDown,
    UnprovenEntry,
    UnsignedCheckpoint,
)
from verify_portal.question import (
    NO_KEYS,
    CodeQuestion,
    DigestQuestion,
    NoQuestion,
    Question,
    code_question,
    digest_question,
    text_question,
)

_log = structlog.get_logger()


#: What keeps us from an answer, and says nothing about a copy.
OUTAGES: Final = (RegistryError, UnprovenEntry, UnsignedCheckpoint, ExaminersBusy, ExaminersDown)


class Finding(Protocol):
    """Gives copies that are proven; raises NotYetPublished, RegistryUnavailable, UnprovenEntry."""

    async def by_code(self, code: str) -> Found | None: ...
    async def by_digest(self, pdf_digest: bytes) -> Found | None: ...


class Asking(Protocol):
    """What a verdict needs of a ledger."""

    @property
    def attesting(self) -> Attesting: ...
    @property
    def copies(self) -> Finding: ...
    async def moment(self) -> Checkpoint:
        """A published checkpoint: what is not found afterwards was certainly not in it."""
        ...


async def verify(
    question: Question, *, ledger: Asking, clock: Clock, on: date | None = None
) -> Answer:
    """The answer to a question of any kind; `on` is a past day to be spoken of too, for a code."""
    match question:
        case CodeQuestion(code=code, asked=asked):
            ask = _of_code(question, ledger, clock, on)
            return await unless_out(ask, ledger=ledger, code=code, asked=asked, clock=clock)
        case DigestQuestion(pdf_digest=digest):
            ask = _of_digest(question, ledger, clock)
            answer = await unless_out(ask, ledger=ledger, code=None, asked="digest", clock=clock)
            return msgspec.structs.replace(answer, sha256=digest.hex())
        case NoQuestion(fault=fault, asked=asked):
            if isinstance(fault, MalformedCode):
                return verdicts.malformed_code(fault, asked=asked, checked_at=clock())
            return verdicts.malformed_file(fault, asked=asked, checked_at=clock())


async def verify_code(
    text: str,
    *,
    ledger: Asking,
    clock: Clock,
    asked: Asked = "code",
    before: tuple[Check, ...] = (),
    on: date | None = None,
) -> Answer:
    """The status of the copy with this code, typed in any way. `before`: reasons already known."""
    question = code_question(text, asked=asked, before=before)
    return await verify(question, ledger=ledger, clock=clock, on=on)


async def verify_digest(text: str, *, ledger: Asking, clock: Clock) -> Answer:
    """The status of the copy whose PDF has this SHA-256 (64 hexadecimal digits)."""
    return await verify(digest_question(text), ledger=ledger, clock=clock)


async def verify_text(
    text: str,
    *,
    ledger: Asking,
    clock: Clock,
    portal_url: str,
    asked: Asked = "code",
    seal_keys: SealKeys = NO_KEYS,
) -> Answer:
    """What a QR code holds, or what someone pasted."""
    question = text_question(text, portal_url=portal_url, asked=asked, seal_keys=seal_keys)
    return await verify(question, ledger=ledger, clock=clock)


async def _of_code(question: CodeQuestion, ledger: Asking, clock: Clock, on: date | None) -> Answer:
    code, asked, before, seal = question.code, question.asked, question.before, question.seal
    # The checkpoint first: what is not found afterwards was certainly not in it.
    checkpoint = await ledger.moment()
    if found := await ledger.copies.by_code(code):
        return verdicts.registered_code(
            found, code=code, asked=asked, checked_at=clock(), before=before, on=on, seal=seal
        )
    return verdicts.unknown(
        checkpoint, code=code, asked=asked, checked_at=clock(), before=before, seal=seal
    )


async def _of_digest(question: DigestQuestion, ledger: Asking, clock: Clock) -> Answer:
    checkpoint = await ledger.moment()
    if found := await ledger.copies.by_digest(question.pdf_digest):
        return verdicts.registered_file(
            found, code=None, asked="digest", signatures=None, checked_at=clock()
        )
    return verdicts.unknown(checkpoint, code=None, asked="digest", checked_at=clock())


async def unless_out(
    ask: Awaitable[Answer],
    *,
    ledger: Asking,
    code: str | None,
    asked: Asked,
    clock: Clock,
) -> Answer:
    """The answer, or `unavailable` when it is we who cannot give one."""
    try:
        return ledger.attesting.attested(await ask)
    except OUTAGES as fault:
        outage = outage_of(fault)
    return verdicts.unavailable(outage, code=code, asked=asked, checked_at=clock())


def outage_of(fault: Exception) -> verdicts.Outage:
    """Which trouble of ours one of OUTAGES is; logged where somebody must look."""
    match fault:
        case NotYetPublished() | NothingPublished():
            return "unpublished"
        case RegistryUnavailable():
            return "registry"
        case ExaminersBusy():
            return "examiners"
        case ExaminersDown():
            _log.error("an examiner is missing", exc_info=fault)
            return "examiners-down"
        case _:
            # The registry contradicts its own log. Nobody may rely on it until it is audited.
            _log.critical("registry contradicts its log", exc_info=fault)
            return "unproven"
