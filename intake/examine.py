"""The machine's look at a submitted dossier: read the pages, compare card and face.

It only prepares an officer's decision. What cannot be read goes to the officer all the same, with
an alarm in the place of a reading: nobody is refused by a machine.
"""

import asyncio
from pathlib import Path
from uuid import UUID

import msgspec

from intake.blobs import Blobs
from intake.capture.page import Page
from intake.capture.quality import page_flags
from intake.dossier import Attachment, Dossier, Event, Role, State
from intake.errors import (
    BoundedTaskFailed,
    DossierErased,
    DossierNotFound,
    FilePurged,
    IntakeError,
    RecogniserFailed,
)
from intake.flag import Flag
from intake.identity.identity import Identity, check_identity, compare_with_document
from intake.recognise.read import read
from intake.recognise.reading import Reading
from intake.store import Store
from registry.clock import Clock

# Failures that another attempt may not meet: an overloaded machine, a killed process.
PASSING = (BoundedTaskFailed, RecogniserFailed)


async def examine(
    store: Store,
    blobs: Blobs,
    clock: Clock,
    tessdata: Path,
    *,
    dossier_id: UUID,
    last_attempt: bool = True,
) -> None:
    """Store the reading and the identity, and put the dossier before an officer.

    Does nothing when that is done already. Unless this is the `last_attempt`, a passing failure is
    raised for the caller to try again; otherwise it becomes an alarm for the officer.
    """
    async with store.changing(dossier_id) as change:
        if change.dossier.state not in {State.SUBMITTED, State.READING}:
            return
        await change.record(Event(kind="reading", at=clock(), actor="system"))
    pages = await load_pages(store, blobs, dossier_id)
    reading = await _read(pages, tessdata, last_attempt=last_attempt)
    identity = await _identify(store, blobs, dossier_id, reading, last_attempt=last_attempt)
    holder = identity.card.full_name if identity.card else None
    async with store.changing(dossier_id) as change:
        if change.dossier.state is not State.READING:
            return  # another run was first, and an officer may be at work on what it found
        await change.keep_reading(reading, identity)
        await change.record(
            Event(
                kind="read", at=clock(), actor="system", detail={"confidence": reading.confidence}
            ),
            document_type=reading.document_type,
            requester_name=holder,
        )


async def load_pages(store: Store, blobs: Blobs, dossier_id: UUID) -> list[Page]:
    """The dossier's straightened pages, in the order of its scans."""
    return [
        msgspec.convert(
            dict(file.page or {}) | {"image": await load_file(store, blobs, dossier_id, file)},
            Page,
            builtin_types=(bytes,),
        )
        for file in await store.attachments(dossier_id, "page")
    ]


async def stored_file(store: Store, dossier: Dossier, role: Role, ordinal: int) -> Attachment:
    """A file of the dossier by its place; raises FilePurged, DossierErased, DossierNotFound."""
    for file in await store.attachments(dossier.id, role):
        if file.ordinal == ordinal:
            return file
    if dossier.erased_at is not None:
        raise DossierErased
    raise FilePurged if dossier.state in {State.ISSUED, State.REFUSED} else DossierNotFound


async def load_file(store: Store, blobs: Blobs, dossier_id: UUID, file: Attachment) -> bytes:
    """The bytes of one of the dossier's files."""
    key = await store.blob_key(dossier_id)
    return await asyncio.to_thread(blobs.get, dossier_id, key, file.digest)


async def _read(pages: list[Page], tessdata: Path, *, last_attempt: bool) -> Reading:
    try:
        reading = await asyncio.to_thread(read, pages, tessdata)
    except IntakeError as failure:
        if isinstance(failure, PASSING) and not last_attempt:
            raise
        reading = Reading(
            document_type="other",
            title="",
            fields=(),
            text=(),
            confidence=0.0,
            flags=(_alarm(failure, about="document"),),
        )
    quality = [flag for n, page in enumerate(pages, 1) for flag in page_flags(page, n)]
    return msgspec.structs.replace(reading, flags=(*quality, *reading.flags))


async def _identify(
    store: Store, blobs: Blobs, dossier_id: UUID, reading: Reading, *, last_attempt: bool
) -> Identity:
    files: dict[Role, bytes] = {}
    for file in await store.attachments(dossier_id):
        if file.role in {"card_front", "card_back", "face"}:
            files[file.role] = await load_file(store, blobs, dossier_id, file)
    try:
        identity = await asyncio.to_thread(
            check_identity, files["card_front"], files.get("card_back"), files["face"]
        )
    except IntakeError as failure:
        if isinstance(failure, PASSING) and not last_attempt:
            raise
        identity = Identity(card=None, face=None, flags=[_alarm(failure, about="identity")])
    compared = compare_with_document(identity, reading)
    return msgspec.structs.replace(identity, flags=[*identity.flags, *compared])


def _alarm(failure: IntakeError, *, about: str) -> Flag:
    values = {name: str(value) for name, value in failure.values.items()}
    return Flag(code=failure.code, severity="alarm", about=about, values=values)
