"""From evidence to verdict. Pure: this is the only place where one of the eight is chosen.

A file is never `valid` by its signatures: only the registry's own digest of it says so. What
pyHanko reports explains an answer and never improves it.
"""

import base64
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Final, Literal

import msgspec

from registry.entry import Issued
from registry.errors import MalformedCode
from registry.log.checkpoint import Checkpoint
from registry.lookup import Found
from verify_portal.answer import (
    Answer,
    Asked,
    Check,
    CheckpointSeen,
    Outcome,
    SignatureFinding,
    Verified,
    numbered,
    public_facts,
)
from verify_portal.file.changes import Changes
from verify_portal.life import decision_of, history, list_place, on_day
from verify_portal.scan.seal_check import SealRead, check_of

FileFault = Literal[
    "empty",
    "too-large",
    "incomplete",
    "misnamed",
    "not-a-document",
    "photo-without-code",
    "digest",
]
Outage = Literal["unpublished", "registry", "examiners", "examiners-down", "unproven"]

#: Seconds: a checkpoint follows within moments, a database within some.
RETRY_AFTER: Final[dict[Outage, int]] = {
    "unpublished": 2,
    "registry": 5,
    "examiners": 10,
    "examiners-down": 30,
    "unproven": 600,
}

_VERIFIED: Final[dict[Asked, Verified]] = {
    "code": "code",
    "photo": "code",
    "digest": "content",
    "file": "content",
}
# The numbers that they mostly have, so that `numbered` finds them right.
_GOOD_CODE: Final = Check(name="code", outcome="passed", number=1)
_NOT_THE_FILE: Final = Check(name="signatures", outcome="skipped", detail="code", number=6)
_NO_FILE: Final = Check(name="code", outcome="skipped", detail="digest")

#: Signatures of a submitted file, or the name of what kept us from reading them.
Signatures = Sequence[SignatureFinding] | str


@lru_cache(8)
def seen(checkpoint: Checkpoint) -> CheckpointSeen:
    """The public form of a checkpoint."""
    return CheckpointSeen(
        origin=checkpoint.origin,
        size=checkpoint.size,
        root=base64.b64encode(checkpoint.root_hash).decode("ascii"),
        note=checkpoint.note,
    )


def registered_code(
    found: Found,
    *,
    code: str,
    asked: Asked,
    checked_at: datetime,
    before: Sequence[Check] = (),
    on: date | None = None,
    seal: SealRead | None = None,
) -> Answer:
    """A code in the log: its status is the verdict, unless it came with a `seal` that is not this
    copy's. What carries the code was not looked at.

    `on` is an earlier day to be spoken of beside.
    """
    sealing = () if seal is None else (check_of(seal, code, found),)
    checks = (
        *before,
        _GOOD_CODE,
        *_log_checks(found),
        *sealing,
        Check(name="content", outcome="skipped", detail=asked, number=5),
        _NOT_THE_FILE,
    )
    refused = any(check.outcome == "failed" for check in sealing)
    answer = _of_copy(
        found,
        "altered" if refused else found.status.verdict,
        code=code,
        asked=asked,
        at=checked_at,
        checks=checks,
    )
    if on is None and seal is None:
        return answer
    return msgspec.structs.replace(
        answer,
        on_day=None if on is None else on_day(found, on),
        sealed=None if seal is None else seal.facts,
    )


def registered_file(
    found: Found,
    *,
    code: str | None,
    asked: Asked,
    signatures: Signatures | None,
    checked_at: datetime,
) -> Answer:
    """A file with the registered SHA-256. `signatures` is None when only the digest came."""
    roles = _with_roles(signatures, found.entry)
    checks = (
        _code_in_file(code) if signatures is not None else _NO_FILE,
        *_log_checks(found),
        Check(name="content", outcome="passed"),
        _signature_check(roles),
    )
    return _of_copy(
        found,
        found.status.verdict,
        code=code,
        asked=asked,
        at=checked_at,
        checks=checks,
        signatures=roles,
    )


def altered_file(
    found: Found,
    *,
    code: str,
    signatures: Signatures,
    checked_at: datetime,
    changes: Changes | None = None,
) -> Answer:
    """A file that carries a registered copy's code and is not that copy. `changes` when it begins
    with that copy.
    """
    roles = _with_roles(signatures, found.entry)
    checks = (
        _code_in_file(code),
        *_log_checks(found),
        Check(name="content", outcome="failed", detail=_kind_of_change(roles, changes)),
        _signature_check(roles),
    )
    answer = _of_copy(
        found, "altered", code=code, asked="file", at=checked_at, checks=checks, signatures=roles
    )
    return answer if changes is None else msgspec.structs.replace(answer, changes=changes)


def unknown(
    checkpoint: Checkpoint,
    *,
    code: str | None,
    asked: Asked,
    checked_at: datetime,
    signatures: Signatures | None = None,
    before: Sequence[Check] = (),
    seal: SealRead | None = None,
) -> Answer:
    """Nothing in the log up to `checkpoint` answers to this code, digest or file."""
    code_check = Check(name="code", outcome="passed") if code else _code_in_file(None)
    checks = (
        *before,
        *((code_check,) if asked != "digest" else ()),
        Check(name="log", outcome="failed", detail=asked, values={"size": checkpoint.size}),
        *((check_of(seal, code, None),) if seal is not None and code is not None else ()),
        *((_signature_check(signatures),) if signatures is not None else ()),
    )
    return Answer(
        verdict="unknown",
        asked=asked,
        verified=_VERIFIED[asked],
        code=code,
        checkpoint=seen(checkpoint),
        checked_at=checked_at,
        sealed=None if seal is None else seal.facts,
        checks=numbered(checks),
        signatures=_listed(signatures),
    )


def malformed_code(fault: MalformedCode, *, asked: Asked, checked_at: datetime) -> Answer:
    """No code can look like this; the check characters often say where the slip is."""
    values: dict[str, str | int] = {}
    if fault.position is not None:
        values = {"place": fault.position % 6 + 1, "group": fault.position // 6 + 1}
    return Answer(
        verdict="malformed",
        asked=asked,
        checked_at=checked_at,
        mistake_at=fault.position,
        checks=numbered((Check(name="code", outcome="failed", detail=fault.hint, values=values),)),
    )


def malformed_file(fault: FileFault, *, asked: Asked, checked_at: datetime) -> Answer:
    """Nothing in the submitted bytes can be asked about."""
    return Answer(
        verdict="malformed",
        asked=asked,
        checked_at=checked_at,
        checks=numbered((Check(name="content", outcome="failed", detail=fault),)),
    )


def unavailable(outage: Outage, *, code: str | None, asked: Asked, checked_at: datetime) -> Answer:
    """We cannot answer now. It says nothing about the copy, and never turns into `unknown`."""
    return Answer(
        verdict="unavailable",
        asked=asked,
        code=code,
        checked_at=checked_at,
        checks=numbered((Check(name="log", outcome="skipped", detail=outage),)),
        retry_after=RETRY_AFTER[outage],
    )


def _of_copy(
    found: Found,
    verdict: Literal["valid", "superseded", "suspended", "revoked", "altered"],
    *,
    code: str | None,
    asked: Asked,
    at: datetime,
    checks: Sequence[Check],
    signatures: Signatures | None = None,
) -> Answer:
    return Answer(
        verdict=verdict,
        asked=asked,
        verified=_VERIFIED[asked],
        code=code,
        checkpoint=seen(found.checkpoint),
        checked_at=at,
        copy=public_facts(found.facts) if found.facts else None,
        facts_erased=found.facts is None,
        index=found.index,
        decision=decision_of(found.status),
        since=found.status.since,
        history=history(found),
        status_list=list_place(found),
        checks=numbered(tuple(checks)),
        signatures=_listed(signatures),
    )


def _log_checks(found: Found) -> tuple[Check, Check, Check]:
    good = found.status.verdict == "valid"
    place: dict[str, str | int] = {"ordinal": found.index + 1, "size": found.checkpoint.size}
    return (
        Check(name="log", outcome="passed", values=place, number=2),
        Check(name="proof", outcome="passed", values=place, number=3),
        Check(
            number=4,
            name="status",
            outcome="passed" if good else "failed",
            detail="erased" if good and found.facts is None else found.status.verdict,
        ),
    )


def _code_in_file(code: str | None) -> Check:
    if code is None:
        return Check(name="code", outcome="skipped", detail="none-in-file")
    return Check(name="code", outcome="passed", detail="in-file")


def _listed(signatures: Signatures | None) -> tuple[SignatureFinding, ...]:
    return () if signatures is None or isinstance(signatures, str) else tuple(signatures)


def _with_roles(signatures: Signatures | None, entry: Issued) -> Signatures | None:
    """Roles come from the certificates that the log names: a field can be given any name."""
    if signatures is None or isinstance(signatures, str):
        return signatures
    roles = {
        entry.signer_fingerprint.hex(): "officer",
        entry.seal_fingerprint.hex(): "seal",
    }
    return [
        msgspec.structs.replace(finding, role=roles.get(finding.fingerprint, finding.role))
        for finding in signatures
    ]


def _signature_check(signatures: Signatures | None) -> Check:
    outcome: Outcome
    if signatures is None:
        return Check(name="signatures", outcome="skipped", detail="digest")
    if isinstance(signatures, str):
        return Check(name="signatures", outcome="warned", detail="unread")
    if not signatures:
        return Check(name="signatures", outcome="failed", detail="none")
    sound = sum(1 for one in signatures if one.intact and one.trusted)
    outcome = "passed" if sound == len(signatures) else "failed"
    detail = "" if sound == len(signatures) else _worst(signatures)
    if not detail and not any(one.covers_entire_file for one in signatures):
        # Sound signatures on part of a file are what an appended update looks like.
        outcome, detail = "failed", "uncovered"
    values: dict[str, str | int] = {"sound": sound, "all": len(signatures)}
    return Check(name="signatures", outcome=outcome, detail=detail, values=values)


def _worst(signatures: Sequence[SignatureFinding]) -> str:
    if any(not one.intact for one in signatures):
        return "broken"
    return "untrusted"


def _kind_of_change(signatures: Signatures | None, changes: Changes | None) -> str:
    """What happened to our copy; where it is not in the file, most likely, by its own signers'
    signatures.
    """
    if changes is not None:
        return "added-after-seal"
    if isinstance(signatures, str):
        return "differs"
    ours = [one for one in _listed(signatures) if one.role in ("officer", "seal")]
    if not ours:
        return "not-ours"
    if any(not one.intact for one in ours):
        return "bytes-changed"
    if not any(one.covers_entire_file for one in ours):
        return "added-after-seal"
    return "differs"
