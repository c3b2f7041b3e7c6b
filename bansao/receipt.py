"""Checking a verification receipt, JSON or PDF: offline by its own proofs, and whether anything has
changed since by asking the registry.
"""

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from bansao.database import open_registry
from bansao.errors import WrongQuestion
from bansao.receipt_pdf import Unread, looks_like_receipt, opened_pdf
from bansao.settings import Settings
from bansao.verification import Verification, base64_root, trusted_file, trusted_key, trusted_log
from registry.clock import HANOI
from registry.jws import is_flattened
from registry.log.checkpoint import parse_checkpoint
from registry.log.policy import Policy
from verify_portal.receipt.checking import Checked, Step, check_receipt
from verify_portal.receipt.statement import Statement

if TYPE_CHECKING:
    from verify_portal.answer import Answer


def is_receipt(subject: str | Path) -> bool:
    """Whether a file has the form of a receipt, whoever made it."""
    if not isinstance(subject, Path):
        return False
    content = subject.read_bytes()
    return is_flattened(content) or looks_like_receipt(content)


def verify_receipt(settings: Settings, receipt: Path, *, offline: bool) -> Verification:
    """Under `receipt.vkey.pem`, the log's policy and, for a PDF, `root.pem` of the trust directory.

    What does not hold is `altered`. The verdict is the receipt's own, of its moment; unless
    `offline`, it is the registry's of now, and a reason says whether they differ.
    """
    policy = trusted_log(settings.trust)
    checked = _checked(settings.trust, receipt.read_bytes(), policy)
    statement = checked.statement
    fields: dict[str, object] = {
        "offline": offline,
        "genuine": checked.holds,
        "checks": [msgspec.to_builtins(step) for step in checked.steps],
    }
    reasons = [_told(step) for step in checked.steps]
    if statement is None or not checked.holds:
        reasons.append("the receipt is refused: nothing that it says counts")
        return Verification(verdict="altered", fields=fields, reasons=reasons)
    fields |= _fields(statement, policy)
    reasons.append(_as_of(statement, policy))
    if offline:
        return Verification(verdict=statement.verdict, fields=fields, reasons=reasons)
    verdict, said = _since(statement, _asked_again(settings, statement))
    return Verification(verdict=verdict, fields=fields, reasons=[*reasons, said])


def _checked(trust: Path, content: bytes, policy: Policy) -> Checked:
    key = trusted_key(trust, "receipt.vkey.pem")
    if is_flattened(content):
        return check_receipt(content, key, policy)
    anchor = trusted_file(trust, "root.pem").read_bytes()
    with opened_pdf(content, anchor) as pdf:
        try:
            checked = check_receipt(pdf.receipt(), key, policy)
        except Unread as unread:
            return Checked(statement=None, steps=(_document(1, str(unread)),))
        if checked.statement is None or not checked.holds:
            return checked
        fault = pdf.fault(checked.statement)
    step = _document(len(checked.steps) + 1, fault)
    return msgspec.structs.replace(checked, steps=(*checked.steps, step))


def _document(number: int, fault: str | None) -> Step:
    outcome = "failed" if fault else "passed"
    said = fault or "the whole PDF is as the portal signed it"
    return msgspec.convert(
        {"number": number, "name": "document", "outcome": outcome, "said": said}, Step
    )


def _told(step: Step) -> str:
    return f"{step.number}. {step.name} {step.outcome}: {step.said}"


def _fields(statement: Statement, policy: Policy) -> dict[str, object]:
    seen = parse_checkpoint(statement.checkpoint)
    return {
        "code": statement.question.code,
        "sha256": statement.question.sha256,
        "as_of": msgspec.to_builtins(statement.checked_at),
        "portal": statement.portal,
        "status": msgspec.to_builtins(statement.status),
        "copy": msgspec.to_builtins(statement.copy),
        "checkpoint": {
            "origin": seen.origin,
            "size": seen.size,
            "root": base64_root(seen.root_hash),
        },
        "cosigned": policy.cosigned_by(seen.note),  # witness of the policy → POSIX time
    }


def _as_of(statement: Statement, policy: Policy) -> str:
    """The moment, by the portal's clock and by those of the witnesses."""
    seen = parse_checkpoint(statement.checkpoint)
    witnessed = "".join(
        f"; {name} saw that state at {_local(datetime.fromtimestamp(at, UTC))}"
        for name, at in policy.cosigned_by(statement.checkpoint).items()
    )
    return (
        f"{statement.verdict} as of {_local(statement.checked_at)} by the portal's clock, "
        f"with the log at size {seen.size}{witnessed}"
    )


def _local(moment: datetime) -> str:
    return moment.astimezone(HANOI).isoformat(" ", "seconds")


def _asked_again(settings: Settings, statement: Statement) -> "Answer":
    try:
        # The portal's packages are an extra; offline checks do without them.
        from verify_portal.ledger import Ledger
        from verify_portal.settings import Settings as PortalSettings
        from verify_portal.verify import verify_code, verify_digest
    except ImportError:
        raise WrongQuestion("asking the registry needs bansao[portal]: add --offline") from None
    from registry.clock import utc_now

    async def ask() -> "Answer":
        ledger = Ledger.from_settings(PortalSettings.from_env(os.environ).registry)
        code, sha256 = statement.question.code, statement.question.sha256
        try:
            if code is not None:
                return await verify_code(code, ledger=ledger, clock=utc_now)
            return await verify_digest(sha256 or "", ledger=ledger, clock=utc_now)
        finally:
            await ledger.close()

    with open_registry(settings):
        return asyncio.run(ask())


def _since(statement: Statement, now: "Answer") -> tuple[str, str]:
    """The verdict of now on what the receipt is about, and what has changed."""
    then = parse_checkpoint(statement.checkpoint)
    if now.checkpoint is None:
        return "unavailable", "whether anything has changed since: the registry does not answer"
    if now.checkpoint.origin != then.origin or now.checkpoint.size < then.size:
        return "unavailable", (
            "whether anything has changed since: the registry asked here is of another log than "
            "the receipt, or older"
        )
    status = statement.status.verdict if statement.status else statement.verdict
    until = f"up to log size {now.checkpoint.size}"
    if now.verdict == status and now.since == (statement.status and statement.status.since):
        return statement.verdict, f"nothing has changed since, {until}"
    decided = f" by {now.decision.number}" if now.decision else ""
    # A file that is not the copy stays none, whatever becomes of the copy.
    verdict = "altered" if statement.verdict == "altered" else now.verdict
    return verdict, f"changed since: the copy is {now.verdict}{decided}, {until}"
