"""Checking a copy from the command line: in the registry, or offline by its proof alone."""

import asyncio
import base64
import hashlib
import hmac
import os
from pathlib import Path

import msgspec

from bansao.database import open_registry
from bansao.errors import WrongQuestion
from bansao.settings import Settings
from registry.clock import utc_now
from registry.code import code_hash, parse_code
from registry.entry import Issued, parse_entry
from registry.errors import MalformedCode, MalformedEntry
from registry.log.policy import Policy
from registry.log.proof import ProofRefused
from registry.log.proof_file import check_proof
from registry.settings import SettingsIncomplete, trusted_policy


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """`verdict` and the rest of a verdict's JSON; `reasons` say it in words."""

    verdict: str
    fields: dict[str, object]
    reasons: list[str]


def verify_online(settings: Settings, subject: str | Path) -> Verification:
    """Ask this installation's registry about a code or a PDF file."""
    # The portal's packages are an extra; offline checks do without them.
    from verify_portal.answer import Answer
    from verify_portal.ledger import Ledger
    from verify_portal.settings import Settings as PortalSettings
    from verify_portal.verify import verify_code

    content = subject.read_bytes() if isinstance(subject, Path) else b""

    async def ask() -> Answer:
        portal = PortalSettings.from_env(os.environ)
        ledger = Ledger.from_settings(portal.registry)
        try:
            if isinstance(subject, str):
                return await verify_code(subject, ledger=ledger, clock=utc_now)
            # The parsers take seconds to load; a code does without them.
            from verify_portal.verify_file import FileReader, verify_pdf

            reader = FileReader.open(settings.trust)
            try:
                return await verify_pdf(
                    content,
                    ledger=ledger,
                    clock=utc_now,
                    reader=reader,
                    portal_url=portal.portal_url,
                    named_pdf=subject.suffix.lower() == ".pdf",
                )
            finally:
                reader.examiner.close()
        finally:
            await ledger.close()

    with open_registry(settings):
        for name in ("log.vkey", "root.pem"):
            _trusted_file(settings.trust, name)
        answer = asyncio.run(ask())
    reasons = [
        f"{check.outcome}: {check.name} {check.detail}".rstrip()
        for check in answer.checks
        if check.outcome != "skipped"
    ]
    return Verification(
        verdict=answer.verdict, fields=dict(msgspec.to_builtins(answer)), reasons=reasons
    )


def verify_offline(trust: Path, subject: str | Path, proof: Path) -> Verification:
    """Check a code or a PDF against a proof file and the policy of `trust`, and nothing else.

    `valid` means: registered when the proof was made. A later revocation cannot be seen here.
    """
    policy = trusted_log(trust)
    fields: dict[str, object] = {"offline": True, "checked_at": msgspec.to_builtins(utc_now())}
    try:
        held = check_proof(_text(proof), policy)
        entry = parse_entry(held.body)
    except (ProofRefused, MalformedEntry) as refusal:
        return _unproven(fields, f"the proof does not hold: {refusal}")
    root = held.checkpoint
    root_hash = base64.b64encode(root.root_hash).decode()
    fields |= {
        "code": None,
        "index": held.index,
        "copy": None,
        "checkpoint": {"origin": root.origin, "size": root.size, "root": root_hash},
        "cosigned": policy.cosigned_by(root.note),  # witness of the policy → POSIX time
    }
    if not isinstance(entry, Issued):
        return _unproven(fields, f"the proof is of a change ({entry.kind}), not of a copy")
    if isinstance(subject, Path):
        digest = hashlib.sha256(subject.read_bytes()).digest()
        same = hmac.compare_digest(digest, entry.pdf_digest)
    else:
        try:
            fields["code"] = parse_code(subject)
        except MalformedCode as fault:
            return Verification(verdict="malformed", fields=fields, reasons=[str(fault)])
        same = hmac.compare_digest(code_hash(parse_code(subject)), entry.code_hash)
    if not same:
        return _unproven(fields, "the proof holds, but it is another copy's")
    reason = f"registered as entry {held.index} of {root.origin}; later changes are not looked at"
    return Verification(verdict="valid", fields=fields, reasons=[reason])


def subject_of(text: str) -> str | Path:
    """A file when one of that name is there, else a code."""
    path = Path(text)
    if path.is_file():
        return path
    if path.exists() or path.suffix or os.sep in text:
        raise WrongQuestion(f"{text} is no file: give a PDF or a code such as XXXXXX-XXXXXX-XXXXXX")
    return text


def _unproven(fields: dict[str, object], reason: str) -> Verification:
    return Verification(verdict="altered", fields=fields, reasons=[reason])


def trusted_log(trust: Path) -> Policy:
    """Whose checkpoints are believed: BANSAO_POLICY, or what lies in the trust directory."""
    named = os.environ.get("BANSAO_POLICY")
    if not named and not (trust / "log.policy").exists():
        _trusted_file(trust, "log.vkey")  # says where to get it
    try:
        return trusted_policy(trust, Path(named) if named else None)
    except SettingsIncomplete as refusal:
        raise WrongQuestion(str(refusal)) from None


def _trusted_file(trust: Path, name: str) -> Path:
    path = trust / name
    if not path.is_file():
        raise WrongQuestion(
            f"{path} is missing, a public key of the issuing authority: get it from there and name "
            "its directory with BANSAO_TRUST"
        )
    return path


def _text(proof: Path) -> str:
    try:
        return proof.read_text("utf-8")
    except UnicodeDecodeError:
        raise ProofRefused("not a text file") from None
