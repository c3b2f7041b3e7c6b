"""What is to be erased and purged, in PostgreSQL, as the role intake_app."""

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import and_, delete, func, null, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from intake import tables as t
from intake.dossier import Role, State
from intake.erasure.policy import Expired
from intake.store import Change, Store


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be erased. `code` and the decision are None where nothing was issued.

    `decided_by` and `entered_by` are officers of the authority data; `reason` is public.
    """

    dossier_id: UUID
    asked_at: datetime
    code: str | None = None
    decision: str | None = None
    decided_on: date | None = None
    decided_by: str | None = None
    entered_by: str | None = None
    reason: str | None = None


class Held(NamedTuple):
    """The dossier of a copy, and whether the copy was released."""

    dossier_id: UUID
    released: bool


async def dossier_of_code(store: Store, code: str) -> Held | None:
    """The dossier that a copy was made of; None for a copy that another intake made."""
    table = t.certification
    statement = select(table.c.dossier_id, table.c.released_at.is_not(None))
    async with store.engine.connect() as connection:
        row = (await connection.execute(statement.where(table.c.code == code))).one_or_none()
    return None if row is None else Held(*row)


async def dossier_of_number(store: Store, number: str) -> UUID | None:
    """The dossier with this number."""
    statement = select(t.dossier.c.id).where(t.dossier.c.number == number)
    async with store.engine.connect() as connection:
        found: UUID | None = await connection.scalar(statement)
    return found


async def ask(store: Store, request: Request) -> None:
    """Keep what is to be erased; an earlier request of the same dossier stays."""
    async with store.engine.begin() as connection:
        await connection.execute(
            upsert(t.erasure).values(msgspec.structs.asdict(request)).on_conflict_do_nothing()
        )


async def unfinished(store: Store) -> list[Request]:
    """What was asked for and is not done, oldest first."""
    columns = [t.erasure.c[name] for name in Request.__struct_fields__]
    statement = select(*columns).where(t.erasure.c.done_at.is_(None))
    async with store.engine.connect() as connection:
        rows = await connection.execute(statement.order_by(t.erasure.c.asked_at))
    return [Request(**row._mapping) for row in rows]


async def finish(store: Store, dossier_id: UUID, at: datetime) -> None:
    """Note that nothing is left to do."""
    async with store.engine.begin() as connection:
        await connection.execute(
            update(t.erasure)
            .where(t.erasure.c.dossier_id == dossier_id, t.erasure.c.done_at.is_(None))
            .values(done_at=at)
        )


async def forget(change: Change, request: Request) -> None:
    """Delete whatever is personal in the dossier, the key of its files included."""
    row = msgspec.structs.asdict(request)
    await change.connection.execute(upsert(t.erasure).values(row).on_conflict_do_nothing())
    erased = func.intake.erase_dossier(request.dossier_id, request.asked_at)
    await change.connection.execute(select(erased))


async def abandoned(store: Store, before: datetime) -> list[UUID]:
    """Dossiers that were opened before that moment and never handed in."""
    table = t.dossier
    statement = select(table.c.id).where(
        table.c.state == State.OPENED.value, table.c.updated_at < before
    )
    async with store.engine.connect() as connection:
        return list(await connection.scalars(statement))


async def with_expired_files(
    store: Store, expired: Collection[Expired]
) -> dict[UUID, set[tuple[Role, int]]]:
    """Places of files whose time is over, or that were taken back, by decided dossier."""
    file, event = t.attachment, t.dossier_event
    decided_at = (
        select(func.max(event.c.at))
        .where(event.c.dossier_id == file.c.dossier_id, event.c.kind.in_(["issued", "refused"]))
        .scalar_subquery()
    )
    due = [and_(file.c.role.in_(kind.roles), decided_at < kind.before) for kind in expired]
    statement = select(file.c.dossier_id, file.c.role, file.c.ordinal).where(
        file.c.role != "copy", decided_at.is_not(None), or_(file.c.withdrawn, *due)
    )
    found: dict[UUID, set[tuple[Role, int]]] = {}
    async with store.engine.connect() as connection:
        for dossier_id, role, ordinal in await connection.execute(statement):
            found.setdefault(dossier_id, set()).add((role, ordinal))
    return found


async def withdrawn_digests(change: Change) -> list[bytes]:
    """Digests of the dossier's files that are marked as withdrawn."""
    file = t.attachment
    found = await change.connection.scalars(
        select(file.c.digest).where(file.c.dossier_id == change.dossier.id, file.c.withdrawn)
    )
    return list(found)


async def forget_card(change: Change) -> None:
    """Drop what was read from the person's card, and how their face compared."""
    await change.connection.execute(
        update(t.reading).where(t.reading.c.dossier_id == change.dossier.id).values(identity=null())
    )


async def forget_withdrawn(change: Change) -> None:
    """Delete the lines of withdrawn files, and the reading once no page is left."""
    await change.connection.execute(select(func.intake.forget_withdrawn(change.dossier.id)))


async def end_expired_sessions(store: Store, now: datetime) -> int:
    """Delete officers' sessions that are over; returns how many."""
    statement = delete(t.session).where(t.session.c.expires_at <= now)
    async with store.engine.begin() as connection:
        ended = await connection.execute(statement.returning(t.session.c.token_hash))
        return len(ended.all())
