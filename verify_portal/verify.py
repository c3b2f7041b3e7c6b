"""The acts: from a code, a digest, any text or a file to an `Answer`.

Web and command line share them. Nothing here raises for what a visitor brings; an outage of ours
is the verdict `unavailable`.
"""

import hashlib
import hmac
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final, Self
from urllib.parse import urlsplit

import structlog
from msgspec import Struct

from registry.clock import Clock
from registry.code import code_hash, find_codes, parse_code
from registry.errors import (
    MalformedCode,
    NothingPublished,
    NotYetPublished,
    RegistryError,
    RegistryUnavailable,
)
from registry.lookup import Found
from verify_portal import verdicts
from verify_portal.answer import Answer, Asked, Check
from verify_portal.bounded import Bounds, Examiner
from verify_portal.errors import ExaminationFailed, ExaminersBusy, UnprovenEntry
from verify_portal.ledger import Ledger
from verify_portal.signature import examine_signatures
from verify_portal.traces import (
    Traces,
    codes_in_bytes,
    kind_of,
    traces_in_pdf,
    traces_in_photo,
)

_log = structlog.get_logger()

MOST_BYTES: Final = 50 * 1024 * 1024
#: A QR code holds fewer than 4,300 characters (ISO/IEC 18004, version 40-L, alphanumeric).
LONGEST_TEXT: Final = 4_300
_DIGEST: Final = re.compile(r"[0-9A-Fa-f]{64}")


class FileReader(Struct, frozen=True, kw_only=True):
    """What reading a file needs: bounded processes, the trusted root (PEM), the size limit."""

    examiner: Examiner
    anchor_pem: bytes
    most_bytes: int = MOST_BYTES

    @classmethod
    def open(cls, trust: Path, bounds: Bounds | None = None) -> Self:
        """With the root in `trust/root.pem`; the caller closes `examiner`."""
        anchor = (trust / "root.pem").read_bytes()
        return cls(examiner=Examiner(bounds or Bounds()), anchor_pem=anchor)


async def verify_code(
    text: str,
    *,
    ledger: Ledger,
    clock: Clock,
    asked: Asked = "code",
    before: tuple[Check, ...] = (),
) -> Answer:
    """The status of the copy with this code, typed in any way. `before`: reasons already known."""
    try:
        code = parse_code(text[:LONGEST_TEXT])
    except MalformedCode as fault:
        return verdicts.malformed_code(fault, asked=asked, checked_at=clock())

    async def ask() -> Answer:
        # The checkpoint first: what is not found afterwards was certainly not in it.
        checkpoint = await ledger.checkpoint()
        if found := await ledger.by_code(code):
            return verdicts.registered_code(
                found, code=code, asked=asked, checked_at=clock(), before=before
            )
        return verdicts.unknown(
            checkpoint, code=code, asked=asked, checked_at=clock(), before=before
        )

    return await _unless_out(ask, code=code, asked=asked, clock=clock)


async def verify_digest(text: str, *, ledger: Ledger, clock: Clock) -> Answer:
    """The status of the copy whose PDF has this SHA-256 (64 hexadecimal digits)."""
    if not _DIGEST.fullmatch(text.strip()):
        return verdicts.malformed_file("digest", asked="digest", checked_at=clock())
    digest = bytes.fromhex(text.strip())

    async def ask() -> Answer:
        checkpoint = await ledger.checkpoint()
        if found := await ledger.by_digest(digest):
            return verdicts.registered_file(
                found, code=None, asked="digest", signatures=None, checked_at=clock()
            )
        return verdicts.unknown(checkpoint, code=None, asked="digest", checked_at=clock())

    return await _unless_out(ask, code=None, asked="digest", clock=clock)


async def verify_text(
    text: str, *, ledger: Ledger, clock: Clock, portal_url: str, asked: Asked = "code"
) -> Answer:
    """What a QR code holds, or what someone pasted: our address, a code, a digest.

    A link to another portal is still answered, by us, with a warning about where it leads.
    """
    text = text[:LONGEST_TEXT].strip()
    if _DIGEST.fullmatch(text):
        return await verify_digest(text, ledger=ledger, clock=clock)
    link = _link(text)
    before: tuple[Check, ...] = ()
    if link is not None and link != _link(portal_url):
        before = (Check(name="address", outcome="warned", values={"host": link}),)
    # The fragment is the seal; its base64url could look like a code by accident.
    stem = text.partition("#")[0] if link is not None else text
    last = stem.rstrip("/").rpartition("/")[2] if link is not None else text
    candidate = next(iter(find_codes(stem)), last)
    return await verify_code(candidate, ledger=ledger, clock=clock, asked=asked, before=before)


async def verify_pdf(
    content: bytes, *, ledger: Ledger, clock: Clock, reader: FileReader, portal_url: str
) -> Answer:
    """A file, whole: a registered PDF, one made from it, a photograph of a QR code, or neither."""
    if not content:
        return verdicts.malformed_file("empty", asked="file", checked_at=clock())
    if len(content) > reader.most_bytes:
        return verdicts.malformed_file("too-large", asked="file", checked_at=clock())

    async def ask() -> Answer:
        checkpoint = await ledger.checkpoint()
        if found := await ledger.by_digest(hashlib.sha256(content).digest()):
            return await _registered(found, content, clock, reader)
        kind = kind_of(content)
        if kind == "image":
            return await _photo(content, ledger, clock, reader, portal_url)
        traces = await _traces(content, reader) if kind == "pdf" else Traces()
        codes = dict.fromkeys((*codes_in_bytes(content), *traces.codes))
        if not codes and kind == "other":
            return verdicts.malformed_file("not-a-document", asked="file", checked_at=clock())
        signatures = await _signatures(content, reader)
        for code in codes:
            if found := await ledger.by_code(code):
                return verdicts.altered_file(
                    found, code=code, signatures=signatures, checked_at=clock()
                )
        return verdicts.unknown(
            checkpoint,
            code=next(iter(codes), None),
            asked="file",
            checked_at=clock(),
            signatures=signatures,
        )

    return await _unless_out(ask, code=None, asked="file", clock=clock)


async def _registered(found: Found, content: bytes, clock: Clock, reader: FileReader) -> Answer:
    """The digest has settled the verdict; code and signatures only fill in the reasons."""
    expected = found.entry.code_hash
    ours = (c for c in codes_in_bytes(content) if hmac.compare_digest(code_hash(c), expected))
    try:
        signatures = await _signatures(content, reader)
    except ExaminersBusy:
        signatures = "busy"
    return verdicts.registered_file(
        found, code=next(ours, None), asked="file", signatures=signatures, checked_at=clock()
    )


async def _photo(
    content: bytes, ledger: Ledger, clock: Clock, reader: FileReader, portal_url: str
) -> Answer:
    """A picture proves nothing about its paper: it is asked for the code in its QR and no more."""
    try:
        traces = await reader.examiner.run(traces_in_photo, content)
    except ExaminationFailed:
        traces = Traces()
    texts = [text for text in traces.qr_texts if find_codes(text.partition("#")[0])]
    if not texts:
        return verdicts.malformed_file("photo-without-code", asked="photo", checked_at=clock())
    return await verify_text(
        texts[0], ledger=ledger, clock=clock, portal_url=portal_url, asked="photo"
    )


async def _traces(content: bytes, reader: FileReader) -> Traces:
    try:
        return await reader.examiner.run(traces_in_pdf, content)
    except ExaminationFailed:
        return Traces()


async def _signatures(content: bytes, reader: FileReader) -> verdicts.Signatures:
    try:
        return await reader.examiner.run(examine_signatures, content, reader.anchor_pem)
    except ExaminationFailed as failure:
        return failure.cause


async def _unless_out(
    ask: Callable[[], Awaitable[Answer]], *, code: str | None, asked: Asked, clock: Clock
) -> Answer:
    """The answer, or `unavailable` when it is we who cannot give one."""
    outage: verdicts.Outage
    try:
        return await ask()
    except (NotYetPublished, NothingPublished):
        outage = "unpublished"
    except RegistryUnavailable:
        outage = "registry"
    except ExaminersBusy:
        outage = "examiners"
    except (UnprovenEntry, RegistryError):
        # The registry contradicts its own log. Nobody may rely on what it says until it is audited.
        _log.critical("registry contradicts its log", exc_info=True)
        outage = "unproven"
    return verdicts.unavailable(outage, code=code, asked=asked, checked_at=clock())


def _link(text: str) -> str | None:
    """Host and port of an http(s) address, lower case; None for anything else."""
    try:
        parts = urlsplit(text)
        return parts.netloc.lower() if parts.scheme in {"http", "https"} else None
    except ValueError:
        return None
