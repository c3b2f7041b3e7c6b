"""What callers ask for, as acts: entries ready for their turn and what stands beside (pure)."""

from datetime import date, datetime
from typing import NotRequired, TypedDict

import msgspec
import rfc8785

from registry.batch import Act, Responsible, change_of, issue_of
from registry.certified_copy import CertifiedCopy, Facts, canonical_facts, committed
from registry.code import code_hash
from registry.entry import ChangeKind, Issued, StatusChange
from registry.errors import IllegalSuccessor, MalformedEntry


class Decided(TypedDict):
    """A decision about a copy, and who answers for it.

    `decision` is its number, `decided_on` its local date, `reason` public words that must not name
    a person. `decided_by` and `entered_by` are officers' identifiers, kept beside the log.
    """

    decision: str
    decided_on: date
    decided_by: str
    entered_by: str
    reason: NotRequired[str]


def issue_act(copy: CertifiedCopy) -> Act:
    """Raises MalformedCode, MalformedEntry."""
    facts = _canonical(copy.facts)
    issued = Issued(
        code_hash=code_hash(copy.code),
        occurred_at=copy.certified_at,  # until its turn comes
        pdf_digest=copy.pdf_digest,
        commitment=_committed(facts, copy.salt),
        signer_fingerprint=copy.signer_fingerprint,
        seal_fingerprint=copy.seal_fingerprint,
        unit_code=copy.unit_code,
        book=copy.book,
        number=copy.number,
        certified_at=copy.certified_at,
    )
    return issue_of(issued, facts, copy.salt)


def change_act(
    code: str, kind: ChangeKind, decided: Decided, now: datetime, successor: str | None = None
) -> Act:
    """`successor` is a code. Raises MalformedCode, MalformedEntry, IllegalSuccessor."""
    change = StatusChange(
        code_hash=code_hash(code),
        occurred_at=now,
        kind=kind,
        decision=decided["decision"],
        decided_on=decided["decided_on"],
        reason=decided.get("reason", ""),
        successor=None if successor is None else code_hash(successor),
    )
    if change.successor == change.code_hash:
        raise IllegalSuccessor("a copy does not take its own place")
    return change_of(change, Responsible(decided["decided_by"], decided["entered_by"]))


def _canonical(facts: Facts) -> bytes:
    try:
        canonical = canonical_facts(facts)
    except (ValueError, rfc8785.CanonicalizationError) as error:
        raise MalformedEntry("the copy's facts have no canonical form") from error
    if b"\\u0000" in canonical and _holds_nul(facts):  # or a backslash, then "u0000"
        raise MalformedEntry("the copy's facts hold U+0000, which PostgreSQL cannot")
    return canonical


def _holds_nul(facts: Facts) -> bool:
    texts = [*msgspec.structs.astuple(facts), *facts.fields, *facts.fields.values()]
    return any(isinstance(text, str) and "\x00" in text for text in texts)


def _committed(canonical: bytes, salt: bytes) -> bytes:
    try:
        return committed(canonical, salt)
    except ValueError as error:
        raise MalformedEntry("the copy's salt does not have 32 bytes") from error
