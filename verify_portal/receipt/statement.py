"""What a receipt says, and which verdict the proven entries of the log lead to.

Pure, and of the base installation: who checks a receipt needs no web server. The same `judged`
makes the verdict here and checks it there.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.entry import Closed, CopyEntry, Issued, parse_entry
from registry.jws import sign_flattened
from registry.log.checkpoint import Checkpoint
from registry.log.map_proof import MapProof, map_proof_text
from registry.log.proof_file import ProofFile, proof_text
from registry.status import Status, status_of
from registry.status import Verdict as StatusVerdict
from verify_portal.answer import Decision, PublicFacts
from verify_portal.life import decision_of

#: Of the eight verdicts those that say something about a copy.
Attested = Literal["valid", "superseded", "suspended", "revoked", "altered", "unknown"]

#: The JWS header's `typ`: nothing else that some key signs can pass for a receipt.
KIND: Final = "bansao-receipt+jws"


class Question(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A code as its asker gave it, the SHA-256 of a file (lower-case hexadecimal), or both: a file
    that carries the code.
    """

    code: str | None = None
    sha256: str | None = None


class StatusSaid(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The registered copy's status; `successor` is a code hash in hexadecimal."""

    verdict: StatusVerdict
    since: datetime
    decision: Decision | None = None
    successor: str | None = None
    erased: bool = False


class Statement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The signed payload.

    `entries` proves each entry about the copy (C2SP tlog-proof), oldest first; `latest` that there
    is no other (map-proof). `checkpoint` is the signed note that all of them carry. With neither,
    and for `copy`, `portal` and `checked_at`, there is the portal's word alone. `pdf_signers`
    are the SHA-256 (hexadecimal) of the certificate that signs the PDF form, and of those above it.
    """

    version: Literal[1] = 1
    portal: str
    question: Question
    verdict: Attested
    status: StatusSaid | None
    copy: PublicFacts | None
    checked_at: datetime
    checkpoint: str
    entries: tuple[str, ...] = ()
    latest: str | None = None
    pdf_signers: tuple[str, ...] = ()


def judged(question: Question, entries: Sequence[CopyEntry]) -> tuple[Attested, StatusSaid | None]:
    """The verdict on a question, by every entry about the copy that it is about, oldest first.

    Raises UnknownCopy, IllegalTransition for what is no copy's life.
    """
    if not entries:
        return "unknown", None
    status = status_of(entries)
    same = question.sha256 in {None, registered_digest(entries)}
    return (status.verdict if same else "altered"), _said(status)


def registered_digest(entries: Sequence[CopyEntry]) -> str | None:
    """SHA-256 of the copy's file in hexadecimal, by its issue; None where no issue comes first."""
    first = entries[0] if entries else None
    return first.pdf_digest.hex() if isinstance(first, Issued) else None


def stated(
    question: Question,
    entries: Sequence[ProofFile],
    latest: MapProof | None,
    *,
    checkpoint: Checkpoint,
    portal: str,
    copy: PublicFacts | None,
    checked_at: datetime,
    pdf_signers: tuple[str, ...],
) -> Statement:
    """What the proofs of all entries about a copy say about a question; errors as `judged`, and
    MalformedEntry.
    """
    lives = [parse_entry(proof.body) for proof in entries]
    verdict, status = judged(question, [one for one in lives if not isinstance(one, Closed)])
    return Statement(
        portal=portal,
        question=question,
        verdict=verdict,
        status=status,
        copy=copy,
        checked_at=checked_at,
        checkpoint=checkpoint.note,
        entries=tuple(proof_text(proof) for proof in entries),
        latest=map_proof_text(latest) if latest else None,
        pdf_signers=pdf_signers,
    )


def sign_receipt(key: Ed25519PrivateKey, statement: Statement) -> bytes:
    """The JSON form: a flattened JWS."""
    return sign_flattened(key, KIND, msgspec.json.encode(statement))


def _said(status: Status) -> StatusSaid:
    return StatusSaid(
        verdict=status.verdict,
        since=status.since,
        decision=decision_of(status),
        successor=status.successor.hex() if status.successor else None,
        erased=status.erased,
    )
