"""The act on a file: from its bytes to an `Answer`, by way of processes that may die of it.

Apart from `verify.py`, because the parsers take seconds to import and a code does without them.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, Self

import structlog
from msgspec import Struct, structs

from registry.clock import Clock
from registry.code import code_hash, find_codes
from registry.lookup import Found
from registry.seal_keys import SealKeys
from registry.settings import trusted_seal_keys
from verify_portal import verdicts
from verify_portal.answer import Answer
from verify_portal.errors import ExaminationFailed, ExaminersBusy, ExaminersDown
from verify_portal.file.bounded import Bounds, Examiner
from verify_portal.file.changes import Changes
from verify_portal.file.compare import changes_since
from verify_portal.file.file_bytes import codes_in_bytes, is_cut_off, kind_of
from verify_portal.file.revisions import registered_length
from verify_portal.file.signature import examine_signatures
from verify_portal.file.traces import traces_in_pdf, traces_in_photo
from verify_portal.ledger import Ledger
from verify_portal.question import NO_KEYS
from verify_portal.verify import unless_out, verify_text

_log = structlog.get_logger()
MOST_BYTES: Final = 50 * 1024 * 1024


class FileReader(Struct, frozen=True, kw_only=True):
    """What reading a file needs: bounded processes, the trusted root (PEM) and the directory where
    it is kept, the keys that seals in QR codes are believed under, the size limit.
    """

    examiner: Examiner
    anchor_pem: bytes
    trust: Path
    seal_keys: SealKeys = NO_KEYS
    most_bytes: int = MOST_BYTES

    @classmethod
    def open(cls, trust: Path, bounds: Bounds | None = None) -> Self:
        """With the root and the seal's keys in `trust`; the caller closes `examiner`."""
        return cls(
            anchor_pem=(trust / "root.pem").read_bytes(),
            trust=trust,
            seal_keys=trusted_seal_keys(trust),
            examiner=Examiner(bounds or Bounds()),
        )

    def revocation_lists(self) -> tuple[bytes, ...]:
        """Those in the trust directory (DER), read each time: they are renewed there."""
        return tuple(path.read_bytes() for path in sorted(self.trust.glob("*.crl")))


async def verify_pdf(
    content: bytes,
    *,
    ledger: Ledger,
    clock: Clock,
    reader: FileReader,
    portal_url: str,
    named_pdf: bool = False,
    missed: Callable[[], None] = lambda: None,
) -> Answer:
    """A file, whole: a registered PDF, one made from it, a photograph of a QR code, or neither.

    `named_pdf`: whoever brings it calls it a PDF, so that it is never answered as a photograph.
    `missed` is called for each code in a document that no copy has.
    """
    if not content:
        return verdicts.malformed_file("empty", asked="file", checked_at=clock())
    if len(content) > reader.most_bytes:
        return verdicts.malformed_file("too-large", asked="file", checked_at=clock())

    digest = hashlib.sha256(content)

    async def ask() -> Answer:
        checkpoint = await ledger.moment()
        if found := await ledger.copies.by_digest(digest.digest()):
            return await _registered(found, content, clock, reader)
        kind = kind_of(content)
        if kind == "image" and not named_pdf:
            return await _photo(content, ledger, clock, reader, portal_url)
        bare = await _bare_codes(content, reader)
        ours = await _first_registered(bare, ledger, missed)
        shown: tuple[str, ...] = ()
        if ours is None and kind == "pdf":
            # Drawing pages is what costs; a registered code in the bytes has made it needless.
            shown = tuple(one for one in await _shown_codes(content, reader) if one not in bare)
            ours = await _first_registered(shown, ledger, missed)
        if ours is not None:
            found, code = ours
            return verdicts.altered_file(
                found,
                code=code,
                signatures=await _signatures(content, reader),
                changes=await _changes(found, content, reader),
                checked_at=clock(),
            )
        codes = (*bare, *shown)
        if fault := _fault_of(content, codes):
            return verdicts.malformed_file(fault, asked="file", checked_at=clock())
        return verdicts.unknown(
            checkpoint,
            code=next(iter(codes), None),
            asked="file",
            checked_at=clock(),
            signatures=await _signatures(content, reader),
        )

    answer = await unless_out(ask(), ledger=ledger, code=None, asked="file", clock=clock)
    if answer.asked != "file":
        return answer  # by the code in a photograph
    return structs.replace(answer, sha256=digest.hexdigest())


def _fault_of(content: bytes, codes: tuple[str, ...]) -> verdicts.FileFault | None:
    """Why a file without a registered code could not be one of our copies as it was sent."""
    kind = kind_of(content)
    if kind == "pdf":
        return "incomplete" if is_cut_off(content) else None
    if codes:
        return None
    return "misnamed" if kind == "image" else "not-a-document"


async def _registered(found: Found, content: bytes, clock: Clock, reader: FileReader) -> Answer:
    """The digest has settled the verdict; code and signatures only fill in the reasons."""
    expected = found.entry.code_hash
    codes: tuple[str, ...] = ()
    signatures: verdicts.Signatures
    try:
        codes = await _bare_codes(content, reader)
        signatures = await _signatures(content, reader)
    except ExaminersBusy:
        signatures = "busy"
    except ExaminersDown:
        _log.exception("an examiner is missing")
        signatures = "busy"
    ours = (code for code in codes if hmac.compare_digest(code_hash(code), expected))
    return verdicts.registered_file(
        found, code=next(ours, None), asked="file", signatures=signatures, checked_at=clock()
    )


async def _photo(
    content: bytes, ledger: Ledger, clock: Clock, reader: FileReader, portal_url: str
) -> Answer:
    """A picture proves nothing about its paper: it is asked for the code in its QR, with the seal,
    and no more.
    """
    try:
        qr_texts = (await reader.examiner.run(traces_in_photo, content)).qr_texts
    except ExaminationFailed:
        qr_texts = ()
    texts = [text for text in qr_texts if find_codes(text.partition("#")[0])]
    if not texts:
        return verdicts.malformed_file("photo-without-code", asked="photo", checked_at=clock())
    return await verify_text(
        max(texts, key=len),  # the last page has a QR code with the seal and one without
        ledger=ledger,
        clock=clock,
        portal_url=portal_url,
        asked="photo",
        seal_keys=reader.seal_keys,
    )


async def _first_registered(
    codes: Iterable[str], ledger: Ledger, missed: Callable[[], None]
) -> tuple[Found, str] | None:
    for code in codes:
        if found := await ledger.copies.by_code(code):
            return found, code
        missed()
    return None


async def _bare_codes(content: bytes, reader: FileReader) -> tuple[str, ...]:
    try:
        return await reader.examiner.run(codes_in_bytes, content)
    except ExaminationFailed:
        return ()


async def _shown_codes(content: bytes, reader: FileReader) -> tuple[str, ...]:
    try:
        return (await reader.examiner.run(traces_in_pdf, content)).codes
    except ExaminationFailed:
        return ()


async def _changes(found: Found, content: bytes, reader: FileReader) -> Changes | None:
    """None when the file does not begin with the registered copy: then it was written anew."""
    try:
        length = await reader.examiner.run(registered_length, content, found.entry.pdf_digest)
    except ExaminationFailed:
        return None
    if length is None:
        return None
    try:
        return await reader.examiner.run(changes_since, content, length)
    except ExaminationFailed as failure:
        appended = len(content) - length
        return Changes(registered_bytes=length, appended_bytes=appended, problem=failure.cause)


async def _signatures(content: bytes, reader: FileReader) -> verdicts.Signatures:
    try:
        return await reader.examiner.run(
            examine_signatures, content, reader.anchor_pem, reader.revocation_lists()
        )
    except ExaminationFailed as failure:
        return failure.cause
