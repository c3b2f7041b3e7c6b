"""Making receipts: the proofs of one moment, the statement that follows from them, signed."""

from typing import Self

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.clock import Clock
from registry.code import code_hash
from registry.log.policy import Policy
from registry.lookup import Found
from verify_portal.answer import public_facts
from verify_portal.errors import NotAttested, NothingToAttest, UnsignedCheckpoint
from verify_portal.ledger import Ledger
from verify_portal.question import CodeQuestion, DigestQuestion, code_question, digest_question
from verify_portal.receipt.checking import check_statement
from verify_portal.receipt.printing import Printer
from verify_portal.receipt.statement import Question, Statement, sign_receipt, stated
from verify_portal.settings import Settings
from verify_portal.verdicts import RETRY_AFTER
from verify_portal.verify import OUTAGES, outage_of

_log = structlog.get_logger()


class Receipts:
    """Signs what it has checked itself. `printer` is None where no certificate is at hand."""

    def __init__(
        self,
        key: Ed25519PrivateKey,
        *,
        ledger: Ledger,
        policy: Policy,
        portal_url: str,
        clock: Clock,
        printer: Printer | None,
    ) -> None:
        self._key = key
        self._ledger = ledger
        self._policy = policy
        self._portal_url = portal_url
        self._clock = clock
        self._printer = printer

    @classmethod
    def from_settings(cls, settings: Settings, ledger: Ledger, clock: Clock) -> Self | None:
        """None without `receipt_key.pem`; no PDF without `portal.p12` and `portal.pass`."""
        registry = settings.registry
        key = registry.receipt_key()
        policy = registry.policy()
        if key is None:
            return None
        return cls(
            key,
            ledger=ledger,
            policy=policy,
            portal_url=settings.portal_url,
            clock=clock,
            printer=Printer.open(registry.secrets, policy),
        )

    @property
    def prints(self) -> bool:
        """Whether receipts come as PDF too."""
        return self._printer is not None

    async def attest(self, *, code: str | None = None, sha256: str | None = None) -> Statement:
        """About a code, a file by its SHA-256, or a file that carries a code; checked, not signed.

        Raises NothingToAttest, NotAttested.
        """
        question = _question(code, sha256)
        try:
            statement = await self._stated(question)
        except OUTAGES as fault:
            raise NotAttested(RETRY_AFTER[outage_of(fault)]) from fault
        _log.info("receipt made", verdict=statement.verdict)
        return statement

    def in_json(self, statement: Statement) -> bytes:
        """Signed."""
        return sign_receipt(self._key, statement)

    async def in_pdf(self, statement: Statement) -> bytes:
        """On a signed page, which carries the JSON form as a file. Only where this portal `prints`;
        raises NotAttested.
        """
        if self._printer is None:
            raise NothingToAttest
        try:
            return await self._printer.print(statement, self.in_json(statement))
        except OUTAGES as fault:
            raise NotAttested(RETRY_AFTER[outage_of(fault)]) from fault

    def close(self) -> None:
        if self._printer is not None:
            self._printer.close()

    async def _stated(self, question: Question) -> Statement:
        # Before the lookup: what is not found afterwards was certainly not in it.
        checkpoint = await self._ledger.moment()
        question, found = await self._found(question)
        hashed = _hash_of(question, found)
        history = await self._ledger.proven_history(hashed) if hashed else None
        statement = stated(
            question,
            history.entries if history else (),
            history.latest if history else None,
            checkpoint=history.latest.checkpoint if history else checkpoint,
            portal=self._portal_url,
            copy=public_facts(found.facts) if found and found.facts else None,
            checked_at=self._clock(),
            pdf_signers=self._printer.certificates if self._printer else (),
        )
        *_, last = check_statement(statement, self._policy)
        if last.outcome == "failed":
            raise UnsignedCheckpoint(last.said)
        return statement

    async def _found(self, question: Question) -> tuple[Question, Found | None]:
        """The copy, and the question as far as it is about that."""
        copies, code, sha256 = self._ledger.copies, question.code, question.sha256
        if sha256 is not None and (found := await copies.by_digest(bytes.fromhex(sha256))):
            if code is not None and code_hash(code) != found.entry.code_hash:
                question = Question(sha256=sha256)
            return question, found
        found = await copies.by_code(code) if code is not None else None
        if found is None and sha256 is not None:
            # Not registered, whatever code it carries: nothing links the two.
            question = Question(sha256=sha256)
        return question, found


def _question(code: str | None, sha256: str | None) -> Question:
    asked = [code_question(code)] if code is not None else []
    asked += [digest_question(sha256)] if sha256 is not None else []
    question = Question()
    for one in asked:
        match one:
            case CodeQuestion():
                question = Question(code=one.code, sha256=question.sha256)
            case DigestQuestion():
                question = Question(code=question.code, sha256=one.pdf_digest.hex())
            case _:
                raise NothingToAttest
    return question


def _hash_of(question: Question, found: Found | None) -> bytes | None:
    if found is not None:
        return found.entry.code_hash
    return code_hash(question.code) if question.code is not None else None
