"""Checking a copy by the seal in its QR code, and by a status list, with no network.

Whoever fetched the list asked for a million copies at once, and nobody learns which one is checked.
"""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from bansao.errors import WrongQuestion
from bansao.own_signatures import own_signatures
from bansao.verification import Verification, base64_root, trusted_file, trusted_key
from registry.code import find_codes
from registry.errors import MalformedSeal, MalformedStatusList
from registry.seal import SealClaims
from registry.settings import SettingsIncomplete, trusted_seal_keys
from registry.status_list import StatusList
from registry.status_token import open_token


def verify_by_seal(trust: Path, subject: str, now: datetime) -> Verification:
    """The seal of a QR code's text alone. Never `valid`: it is made before the copy is registered,
    and says nothing of what was decided since. Raises WrongQuestion.
    """
    fields: dict[str, object] = {"offline": True, "checked_at": msgspec.to_builtins(now)}
    try:
        claims = _sealed(trust, subject)
    except MalformedSeal as refusal:
        return Verification(verdict="altered", fields=fields, reasons=[str(refusal)])
    fields |= {"code": claims.code, "sealed": msgspec.to_builtins(claims)}
    unasked = "whether the copy holds was not checked: give --status-list FILE, or ask online"
    reasons = [f"the seal is genuine; {unasked}", *sealed_lines(claims)]
    return Verification(verdict="unavailable", fields=fields, reasons=reasons)


def sealed_lines(claims: SealClaims) -> list[str]:
    """What to compare with the paper."""
    told = msgspec.structs.asdict(claims)
    sealed = [f"  {name}: {told[name]}" for name in claims.__struct_fields__ if name != "place"]
    return ["only the seal was read: compare its facts with the copy", *sealed]


def verify_by_list(
    trust: Path, subject: str | Path, list_file: Path, now: datetime
) -> Verification:
    """`subject` is a PDF of ours or its QR code's text, `list_file` a status list as JWT or CWT.

    `valid` means: the authority sealed these facts, and had not said otherwise when the list was
    signed. What a QR's text stands on is not looked at. Raises WrongQuestion.
    """
    fields: dict[str, object] = {"offline": True, "checked_at": msgspec.to_builtins(now)}
    try:
        claims = _sealed(trust, subject)
    except MalformedSeal as refusal:
        return Verification(verdict="altered", fields=fields, reasons=[str(refusal)])
    fields |= {"code": claims.code, "sealed": msgspec.to_builtins(claims)}
    try:
        said = open_token(trusted_key(trust, "status_list.vkey.pem"), list_file.read_bytes())
        verdict = _verdict(claims, said, now)
    except MalformedStatusList as refusal:
        return Verification(verdict="unavailable", fields=fields, reasons=[str(refusal)])
    fields |= _told(said, now)
    reasons = [_age(said, now)]
    if isinstance(subject, str):
        reasons += sealed_lines(claims)
        return Verification(verdict=verdict, fields=fields, reasons=reasons)
    own = own_signatures(subject, trust)
    fields["signatures"] = own.findings
    reasons.append(own.said)
    if verdict == "valid" and not own.holds:
        verdict = "altered" if own.holds is False else "unavailable"
    return Verification(verdict=verdict, fields=fields, reasons=reasons)


def _sealed(trust: Path, subject: str | Path) -> SealClaims:
    texts = [subject] if isinstance(subject, str) else _qr_texts(subject)
    sealed = [text for text in texts if "#" in text]
    if not sealed:
        raise WrongQuestion(
            "a status list is asked with the copy's PDF or its QR code's whole text: "
            "a code alone does not tell its place in the list"
        )
    address, _, seal = sealed[-1].partition("#")
    trusted_file(trust, "qr_seal.vkey.pem")  # says where to get it
    try:
        claims = trusted_seal_keys(trust).open(seal)
    except SettingsIncomplete as refusal:
        raise WrongQuestion(str(refusal)) from None
    shown = find_codes(address)
    if shown and claims.code not in shown:
        raise MalformedSeal("the seal is genuine, and another copy's than the address names")
    return claims


def _qr_texts(pdf: Path) -> tuple[str, ...]:
    """Read in a bounded process, as everything of a stranger's."""
    try:
        from verify_portal.errors import ExaminationFailed, ExaminersDown
        from verify_portal.file.bounded import Bounds, Examiner
        from verify_portal.file.traces import traces_in_pdf
    except ImportError:
        raise WrongQuestion(
            "reading a PDF's QR code needs the packages of bansao[portal]: give the QR code's text"
        ) from None
    examiner = Examiner(Bounds(processes=1))
    try:
        return asyncio.run(examiner.run(traces_in_pdf, pdf.read_bytes())).qr_texts
    except ExaminationFailed as failure:
        raise WrongQuestion(f"the PDF cannot be read ({failure.cause})") from None
    except ExaminersDown as trouble:
        raise WrongQuestion(
            f"no process for reading the PDF could be started ({trouble.__cause__})"
        ) from None
    finally:
        examiner.close()


def _verdict(claims: SealClaims, said: StatusList, now: datetime) -> str:
    if now >= said.expires_at:
        raise MalformedStatusList(f"the list has expired at {said.expires_at.isoformat()}")
    place = claims.place
    if place is None:
        raise MalformedStatusList("the seal is from before there were status lists: ask online")
    if place.list != said.number:
        raise MalformedStatusList(
            f"the copy stands in list {place.list}, and this is list {said.number}"
        )
    return said.verdict_at(place.index)


def _told(said: StatusList, now: datetime) -> dict[str, object]:
    seen = said.checkpoint
    return {
        "checkpoint": {"origin": seen.origin, "size": seen.size, "root": base64_root(seen.root)},
        "status_list": {
            "uri": said.uri,
            "issued_at": msgspec.to_builtins(said.issued_at),
            "expires_at": msgspec.to_builtins(said.expires_at),
            "age_seconds": int((now - said.issued_at).total_seconds()),
        },
    }


def _age(said: StatusList, now: datetime) -> str:
    age = timedelta(seconds=int((now - said.issued_at).total_seconds()))
    return (
        f"by list {said.number}, signed {age} ago at {said.checkpoint.size} entries of "
        f"{said.checkpoint.origin}; later decisions are not in it"
    )
