"""Officers, their sessions and their queue in PostgreSQL."""

from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import delete, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from intake import tables as t
from intake.desk.officer import Officer
from intake.dossier import WAITING, Dossier, State
from intake.errors import DossierNotFound
from intake.store import Store, Unit, as_dossier, token_hash

_OFFICER = [t.officer.c[name] for name in Officer.__struct_fields__]


async def find_officer(store: Store, username: str) -> tuple[Officer, str] | None:
    """An officer and the hash of their password."""
    statement = select(*_OFFICER, t.officer.c.password_hash).where(t.officer.c.username == username)
    async with store.engine.connect() as connection:
        row = (await connection.execute(statement)).mappings().one_or_none()
    if row is None:
        return None
    fields = {name: row[name] for name in Officer.__struct_fields__}
    return Officer(**fields), row["password_hash"]


async def start_session(
    store: Store, username: str, token: str, now: datetime, expires_at: datetime
) -> None:
    """Remember a session by its token's hash; sessions that have expired are removed."""
    row = {
        "token_hash": token_hash(token),
        "username": username,
        "created_at": now,
        "expires_at": expires_at,
    }
    async with store.engine.begin() as connection:
        await connection.execute(delete(t.session).where(t.session.c.expires_at <= now))
        await connection.execute(insert(t.session).values(row))


async def officer_of_session(store: Store, token: str, now: datetime) -> Officer | None:
    """Whose session this token opens, while it lasts."""
    statement = (
        select(*_OFFICER)
        .join(t.session, t.session.c.username == t.officer.c.username)
        .where(t.session.c.token_hash == token_hash(token), t.session.c.expires_at > now)
    )
    async with store.engine.connect() as connection:
        row = (await connection.execute(statement)).one_or_none()
    return None if row is None else Officer(**row._mapping)


async def end_session(store: Store, token: str) -> None:
    """Forget a session; one that is gone already is no error."""
    statement = delete(t.session).where(t.session.c.token_hash == token_hash(token))
    async with store.engine.begin() as connection:
        await connection.execute(statement)


async def dossier_for(store: Store, officer: Officer, dossier_id: UUID) -> Dossier:
    """A dossier of the officer's own unit that was received; raises DossierNotFound for others."""
    dossier = await store.dossier(dossier_id)
    if dossier.unit_code != officer.unit_code or dossier.received_at is None:
        raise DossierNotFound
    return dossier


async def waiting(store: Store, unit_code: str) -> list[Dossier]:
    """The unit's dossiers that are not answered yet, oldest first."""
    return await _of_unit(store, unit_code, [state.value for state in WAITING], newest=None)


async def answered(store: Store, unit_code: str, newest: int = 20) -> list[Dossier]:
    """The unit's dossiers that were answered last."""
    states = [State.ISSUED.value, State.REFUSED.value]
    return await _of_unit(store, unit_code, states, newest=newest)


async def enrol_unit(store: Store, unit: Unit) -> None:
    """Enter a unit or change its name and watermark. Needs the owner's rights, not intake_app's."""
    row = msgspec.structs.asdict(unit)
    statement = upsert(t.unit).values(row).on_conflict_do_update(index_elements=["code"], set_=row)
    async with store.engine.begin() as connection:
        await connection.execute(statement)


async def enrol_officer(store: Store, officer: Officer, password_hash: str) -> None:
    """Enter an officer or change their record. Needs the owner's rights, not intake_app's."""
    row = msgspec.structs.asdict(officer) | {"password_hash": password_hash}
    statement = upsert(t.officer).values(row)
    async with store.engine.begin() as connection:
        await connection.execute(
            statement.on_conflict_do_update(index_elements=["username"], set_=row)
        )


async def _of_unit(
    store: Store, unit_code: str, states: list[str], newest: int | None
) -> list[Dossier]:
    columns = [t.dossier.c[name] for name in Dossier.__struct_fields__]
    statement = select(*columns).where(
        t.dossier.c.unit_code == unit_code, t.dossier.c.state.in_(states)
    )
    if newest is None:
        statement = statement.order_by(t.dossier.c.received_at)
    else:
        statement = statement.order_by(t.dossier.c.updated_at.desc()).limit(newest)
    async with store.engine.connect() as connection:
        rows = (await connection.execute(statement)).mappings()
        return [as_dossier(row) for row in rows]
