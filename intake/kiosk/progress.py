"""What the citizen is told about a dossier: where it stands, and what came out."""

from datetime import datetime
from uuid import UUID

import msgspec

from intake.dossier import Dossier, Role, State
from intake.payment.fee import Fee, fee_for
from intake.store import Issued, Store
from intake.texts import Texts
from registry.clock import HANOI, Clock


class File(msgspec.Struct, frozen=True, kw_only=True):
    role: Role
    ordinal: int
    media_type: str
    size: int


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """The ground of NĐ 23/2015 art. 22 by number and in words, and the officer's own reason."""

    ground: int
    ground_text: str
    reason: str


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """`check_url` is the public portal's page of this copy."""

    code: str
    book: str
    number: int
    check_url: str


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    state: State
    unit_code: str
    fee: Fee
    files: list[File]
    number: str | None = None
    received_at: datetime | None = None
    refusal: Refusal | None = None
    copy: Copy | None = None


async def progress(
    store: Store, clock: Clock, say: Texts, portal_url: str, dossier: Dossier
) -> Progress:
    """What the citizen may know: neither the officer's name nor the machine's findings."""
    files = await store.attachments(dossier.id)
    day = (dossier.received_at or clock()).astimezone(HANOI).date()
    # The files of a decided dossier do not stay for ever, its fee does.
    pages = dossier.page_count or sum(file.role == "page" for file in files)
    issued = await store.issued(dossier.id) if dossier.state is State.ISSUED else None
    return Progress(
        id=dossier.id,
        state=dossier.state,
        unit_code=dossier.unit_code,
        fee=fee_for(pages, channel=dossier.channel, on=day),
        files=[
            File(role=f.role, ordinal=f.ordinal, media_type=f.media_type, size=f.size)
            for f in files
            if f.role != "copy"
        ],
        number=dossier.number,
        received_at=dossier.received_at,
        refusal=await _refusal(store, say, dossier),
        copy=None if issued is None else _copy(issued, portal_url),
    )


def _copy(issued: Issued, portal_url: str) -> Copy:
    return Copy(
        code=issued.code,
        book=issued.book,
        number=issued.number,
        check_url=f"{portal_url}/c/{issued.code}",
    )


async def _refusal(store: Store, say: Texts, dossier: Dossier) -> Refusal | None:
    if dossier.state is not State.REFUSED:
        return None
    detail = next(e.detail for e in await store.events(dossier.id) if e.kind == "refused")
    ground = int(str(detail["ground"]))
    return Refusal(ground=ground, ground_text=say(f"ground-{ground}"), reason=str(detail["reason"]))
