"""Checking a copy from the command line: in the registry, or offline by its proof alone."""

import asyncio
import hashlib
import hmac
import os
from datetime import date
from pathlib import Path

import msgspec

from bansao.database import open_registry
from bansao.errors import WrongQuestion
from bansao.own_signatures import own_signatures
from bansao.settings import Settings
from bansao.verification import Verification, base64_root, text_of, trusted_file, trusted_log
from registry.clock import utc_now
from registry.code import code_hash, find_codes, parse_code
from registry.entry import Issued, parse_entry
from registry.errors import MalformedCode, MalformedEntry
from registry.log.proof import ProofRefused
from registry.log.proof_file import check_proof
from registry.settings import trusted_seal_keys


def verify_online(settings: Settings, subject: str | Path, on: date | None = None) -> Verification:
    """Ask this installation's registry about a code or a PDF file.

    `on` is a past day, for a code: what had effect then.
    """
    # The portal's packages are an extra; offline checks do without them.
    from verify_portal.answer import Answer
    from verify_portal.ledger import Ledger
    from verify_portal.settings import Settings as PortalSettings
    from verify_portal.verify import verify_code, verify_text

    content = subject.read_bytes() if isinstance(subject, Path) else b""

    async def ask() -> Answer:
        portal = PortalSettings.from_env(os.environ)
        ledger = Ledger.from_settings(portal.registry)
        try:
            if isinstance(subject, str) and "#" in subject and on is None:
                return await verify_text(
                    subject,
                    ledger=ledger,
                    clock=utc_now,
                    portal_url=portal.portal_url,
                    seal_keys=trusted_seal_keys(settings.trust),
                )
            if isinstance(subject, str):
                return await verify_code(_code_in(subject), ledger=ledger, clock=utc_now, on=on)
            # The parsers take seconds to load; a code does without them.
            from verify_portal.file.verify_file import FileReader, verify_pdf

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
            trusted_file(settings.trust, name)
        answer = asyncio.run(ask())
    reasons = [
        f"{check.outcome}: {check.name} {check.detail}".rstrip()
        for check in answer.checks
        if check.outcome != "skipped"
    ]
    fields = dict(msgspec.to_builtins(answer))
    then = None if answer.on_day is None else answer.on_day.verdict or "not issued"
    return Verification(verdict=answer.verdict, fields=fields, reasons=reasons, then=then)


def verify_offline(trust: Path, subject: str | Path, proof: Path) -> Verification:
    """Check a code or a PDF against a proof file and the policy of `trust`, and nothing else.

    `valid` means: registered when the proof was made. A later revocation cannot be seen here. A
    PDF is the registered one by its digest; what its own signatures are worth is told beside.
    """
    policy = trusted_log(trust)
    fields: dict[str, object] = {"offline": True, "checked_at": msgspec.to_builtins(utc_now())}
    try:
        held = check_proof(text_of(proof), policy)
        entry = parse_entry(held.body)
    except (ProofRefused, MalformedEntry) as refusal:
        return _unproven(fields, f"the proof does not hold: {refusal}")
    root = held.checkpoint
    fields |= {
        "code": None,
        "index": held.index,
        "copy": None,
        "checkpoint": {
            "origin": root.origin,
            "size": root.size,
            "root": base64_root(root.root_hash),
        },
        "cosigned": policy.cosigned_by(root.note),  # witness of the policy → POSIX time
    }
    if not isinstance(entry, Issued):
        return _unproven(fields, f"the proof is of a change ({entry.kind}), not of a copy")
    reasons = [
        f"registered as entry {held.index} of {root.origin}; later changes are not looked at"
    ]
    if isinstance(subject, Path):
        digest = hashlib.sha256(subject.read_bytes()).digest()
        same = hmac.compare_digest(digest, entry.pdf_digest)
    else:
        try:
            fields["code"] = code = parse_code(_code_in(subject))
        except MalformedCode as fault:
            return Verification(verdict="malformed", fields=fields, reasons=[str(fault)])
        same = hmac.compare_digest(code_hash(code), entry.code_hash)
    if not same:
        return _unproven(fields, "the proof holds, but it is another copy's")
    if isinstance(subject, Path):
        own = own_signatures(subject, trust)
        fields["signatures"] = own.findings
        reasons.append(own.said)
    return Verification(verdict="valid", fields=fields, reasons=reasons)


def subject_of(text: str) -> str | Path:
    """A file when one of that name is there, else a code or a QR code's text with its seal."""
    path = Path(text)
    if path.is_file():
        return path
    if "#" in text:
        return text
    if path.exists() or path.suffix or os.sep in text:
        raise WrongQuestion(f"{text} is no file: give a PDF or a code such as XXXXXX-XXXXXX-XXXXXX")
    return text


def _code_in(text: str) -> str:
    """The code of a QR code's text; any other text as it is."""
    address, seal, _ = text.partition("#")
    return next(iter(find_codes(address)), text) if seal else text


def _unproven(fields: dict[str, object], reason: str) -> Verification:
    return Verification(verdict="altered", fields=fields, reasons=[reason])
