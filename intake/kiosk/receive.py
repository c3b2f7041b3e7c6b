"""Taking a dossier in: open it, attach its files one by one, submit it.

Every act may be repeated: a kiosk that lost the answer asks again and gets the same one.
"""

import asyncio
import hashlib
import hmac
import re
from datetime import datetime
from uuid import UUID

import msgspec

from intake.blobs import Blobs, new_key
from intake.capture.bounded import run_bounded
from intake.capture.capture import capture
from intake.capture.limits import DEFAULT_LIMITS
from intake.capture.page import Page
from intake.capture.quality import page_flags
from intake.capture.rasters import Format, format_of, rasters
from intake.dossier import PAGES_A_SCAN, Attachment, Channel, Dossier, Event, Role, State
from intake.errors import DossierErased, TooLarge, TooManyPages, WrongState, WrongType
from intake.flag import Flag
from intake.kiosk.errors import (
    ConsentMissing,
    DossierIncomplete,
    InvalidEmail,
    TooManyScans,
    UnknownUnit,
    UploadDamaged,
    WeakToken,
)
from intake.payment.fee import fee_for
from intake.store import Change, Store
from registry.clock import HANOI, Clock

MAX_SCANS = 30
MAX_BYTES = DEFAULT_LIMITS.bytes
REQUIRED: tuple[Role, ...] = ("scan", "card_front", "face")

MEDIA_TYPES: dict[Format, str] = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "TIFF": "image/tiff",
    "PDF": "application/pdf",
}

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
# Only what certainly is no address is refused: the mail server is the judge of the rest.
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")


class Attached(msgspec.Struct, frozen=True, kw_only=True):
    """How an upload was understood: the pages found in it, and what the citizen might improve."""

    role: Role
    ordinal: int
    digest: bytes
    pages: int
    flags: list[Flag]


async def open_dossier(
    store: Store,
    clock: Clock,
    *,
    dossier_id: UUID,
    token: str,
    unit_code: str | None,
    channel: Channel,
    consent: bool,
) -> Dossier:
    """Open a dossier under an id and a secret token, both of the caller's choosing.

    `unit_code` None means the first unit. Raises ConsentMissing, WeakToken, UnknownUnit, and
    DossierNotFound when the id is another's.
    """
    if not consent:
        raise ConsentMissing
    if not _TOKEN.fullmatch(token):
        raise WeakToken
    units = [unit.code for unit in await store.units()]
    chosen = unit_code or next(iter(units), "")
    if chosen not in units:
        raise UnknownUnit(unit=chosen)
    now = clock()
    dossier = Dossier(
        id=dossier_id, unit_code=chosen, channel=channel, state=State.OPENED, updated_at=now
    )
    event = Event(kind="opened", at=now, actor="citizen", detail={"biometric_consent": True})
    return await store.open(dossier, event, token=token, blob_key=new_key())


async def attach(
    store: Store,
    blobs: Blobs,
    *,
    dossier_id: UUID,
    role: Role,
    ordinal: int,
    content: bytes,
    digest: bytes | None = None,
) -> Attached:
    """Put a file in its place, in the place of what stood there; `digest` is the sender's SHA-256.

    A scan is decoded and straightened here and now, so that the citizen hears of a bad one while
    the original is still in their hands. Raises an UnreadableScan, UploadDamaged, TooManyScans,
    WrongState once the dossier was submitted, OSError when the disk is full.
    """
    if digest is not None and not hmac.compare_digest(digest, hashlib.sha256(content).digest()):
        raise UploadDamaged
    if len(content) > MAX_BYTES:
        raise TooLarge(limit_mib=MAX_BYTES >> 20)
    if not 0 <= ordinal < (MAX_SCANS if role == "scan" else 1):
        raise TooManyScans(limit=MAX_SCANS)
    files, pages = await asyncio.to_thread(_understand, role, ordinal, content)
    key = await store.blob_key(dossier_id)
    for _, stored in files:
        await asyncio.to_thread(blobs.put, dossier_id, key, stored)
    try:
        orphans = await _place(store, dossier_id, [attachment for attachment, _ in files])
    except DossierErased:
        await asyncio.to_thread(blobs.drop, dossier_id)  # what came in after the erasure
        raise
    await asyncio.to_thread(_erase, blobs, dossier_id, key, orphans)
    return Attached(
        role=role,
        ordinal=ordinal,
        digest=files[0][0].digest,
        pages=len(pages),
        flags=[flag for n, page in enumerate(pages, 1) for flag in page_flags(page, n)],
    )


async def detach(store: Store, blobs: Blobs, *, dossier_id: UUID, role: Role, ordinal: int) -> None:
    """Take a file back before submitting; its bytes are removed. Raises WrongState afterwards."""
    key = await store.blob_key(dossier_id)
    async with store.changing(dossier_id) as change:
        _must_be_open(change.dossier)
        orphans = await change.unnamed(await _take_back(change, role, ordinal))
    await asyncio.to_thread(_erase, blobs, dossier_id, key, orphans)


async def submit(
    store: Store,
    clock: Clock,
    number_format: str,
    *,
    dossier_id: UUID,
    contact_email: str | None = None,
    work_from: datetime | None = None,
) -> Dossier:
    """Hand the dossier in: it gets its number and its reading is queued. Again: the same dossier.

    A caller that is going to read it itself lets the workers begin only at `work_from`: they take
    over what it left. Raises DossierIncomplete, InvalidEmail.
    """
    email = (contact_email or "").strip() or None
    if email is not None and not _EMAIL.fullmatch(email):
        raise InvalidEmail
    async with store.changing(dossier_id) as change:
        if change.dossier.state is not State.OPENED:
            return change.dossier
        for role in REQUIRED:
            if not await change.attached(role):
                raise DossierIncomplete(missing=role)
        pages = await change.attached("page")
        now = clock()
        day = now.astimezone(HANOI).date()
        number = number_format.format(
            unit=change.dossier.unit_code, day=day, serial=await change.next_serial(day)
        )
        fee = fee_for(len(pages), channel=change.dossier.channel, on=day)
        await change.record(
            Event(
                kind="submitted", at=now, actor="citizen", detail={"fee": msgspec.to_builtins(fee)}
            ),
            number=number,
            received_at=now,
            page_count=len(pages),
            contact_email=email,
        )
        await change.defer("read", not_before=work_from)
    return change.dossier


def _understand(
    role: Role, ordinal: int, content: bytes
) -> tuple[list[tuple[Attachment, bytes]], list[Page]]:
    """The upload and what was made of it, each with its bytes; raises an UnreadableScan."""
    media_type = MEDIA_TYPES[format_of(content)]
    upload = _attachment(role, ordinal, content, media_type)
    if role != "scan":
        run_bounded(_must_be_picture, content)
        return [(upload, content)], []
    pages = capture(content, DEFAULT_LIMITS)
    files = [(upload, content)]
    for place, page in zip(_pages_of(ordinal), pages, strict=False):
        facts = msgspec.to_builtins(page)
        del facts["image"]
        files.append((_attachment("page", place, page.image, page.media_type, facts), page.image))
    return files, pages


def _must_be_picture(content: bytes) -> None:
    """Runs in the bounded process: a card or a face is one picture that decodes."""
    if format_of(content) == "PDF":
        raise WrongType
    next(iter(rasters(content, DEFAULT_LIMITS)))


async def _place(store: Store, dossier_id: UUID, files: list[Attachment]) -> list[bytes]:
    upload = files[0]
    async with store.changing(dossier_id) as change:
        there = {(file.ordinal, file.digest) for file in await change.attached(upload.role)}
        if (upload.ordinal, upload.digest) in there:
            return []
        _must_be_open(change.dossier)
        taken = await _take_back(change, upload.role, upload.ordinal)
        for file in files:
            await change.attach(file)
        if len(await change.attached("page")) > DEFAULT_LIMITS.pages:
            raise TooManyPages(limit=DEFAULT_LIMITS.pages)
        return await change.unnamed(taken)


async def _take_back(change: Change, role: Role, ordinal: int) -> list[bytes]:
    taken = await change.withdraw(role, range(ordinal, ordinal + 1))
    if role == "scan":
        taken += await change.withdraw("page", _pages_of(ordinal))
    return taken


def _must_be_open(dossier: Dossier) -> None:
    if dossier.erased_at is not None:
        raise DossierErased
    if dossier.state is not State.OPENED:
        raise WrongState(state=dossier.state.value, act="attach")


def _attachment(
    role: Role,
    ordinal: int,
    content: bytes,
    media_type: str,
    page: dict[str, object] | None = None,
) -> Attachment:
    return Attachment(
        role=role,
        ordinal=ordinal,
        digest=hashlib.sha256(content).digest(),
        media_type=media_type,
        size=len(content),
        page=page,
    )


def _pages_of(scan: int) -> range:
    return range(scan * PAGES_A_SCAN, (scan + 1) * PAGES_A_SCAN)


def _erase(blobs: Blobs, dossier_id: UUID, key: bytes, digests: list[bytes]) -> None:
    for digest in digests:
        blobs.erase(dossier_id, key, digest)
