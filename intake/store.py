"""Dossiers in PostgreSQL, as the role intake_app.

Every change of a dossier goes through `Store.changing`: one transaction that holds the dossier's
row, so that acts on one dossier happen one after the other, and a job is queued if and only if the
change that asks for it is committed.
"""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec
from sqlalchemy import RowMapping, func, insert, make_url, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from intake import tables as t
from intake.desk.correction import Correction
from intake.dossier import Attachment, Dossier, Event, Role, State, after
from intake.errors import DossierErased, DossierNotFound
from intake.identity.identity import Identity
from intake.recognise.reading import Reading

QUEUE = "intake"
UNREACHABLE = (OperationalError, InterfaceError, ConnectionError, TimeoutError)
"""What it looks like when the database is away."""
Job = Literal["read", "certify"]

_DOSSIER = [t.dossier.c[name] for name in Dossier.__struct_fields__]
_ATTACHMENT = [t.attachment.c[name] for name in Attachment.__struct_fields__]


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """A place that receives dossiers; `watermark` is printed across its copies."""

    code: str
    name: str
    watermark: str


class Findings(msgspec.Struct, frozen=True, kw_only=True):
    """What the machine read and what the officer made of it."""

    reading: Reading
    identity: Identity | None
    corrected: Correction | None


class Issued(msgspec.Struct, frozen=True, kw_only=True):
    """Where a released copy stands: in the book, in the log, and in the blob store."""

    code: str
    book: str
    number: int
    pdf_digest: bytes
    entry_index: int


class Store:
    """Acts on dossiers. Make one a process with `connect`, and `close` it."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    @classmethod
    async def connect(cls, url: str) -> "Store":
        """`url` as `Settings.database_url` gives it; fails at once where no database answers."""
        engine = create_async_engine(
            make_url(url).set(drivername="postgresql+asyncpg"),
            pool_pre_ping=True,
            # Values are personal data: they stay out of errors and with them out of logs.
            hide_parameters=True,
            # The queue's functions name their tables without a schema.
            connect_args={"server_settings": {"search_path": "intake,jobs"}},
        )
        store = cls(engine)
        async with engine.connect():
            return store

    async def close(self) -> None:
        await self.engine.dispose()

    async def ping(self) -> None:
        """Ask the database for nothing; one of UNREACHABLE where it does not answer."""
        async with self.engine.connect() as connection:
            await connection.execute(select(1))

    async def units(self) -> list[Unit]:
        """All units, by code."""
        async with self.engine.connect() as connection:
            rows = await connection.execute(select(t.unit).order_by(t.unit.c.code))
        return [Unit(**row._mapping) for row in rows]

    async def open(self, dossier: Dossier, event: Event, *, token: str, blob_key: bytes) -> Dossier:
        """Enter a new dossier; the same id with the same token gives the dossier that exists.

        Raises DossierNotFound when the id belongs to someone else.
        """
        row = msgspec.structs.asdict(dossier) | {"state": dossier.state.value}
        row |= {"token_hash": token_hash(token), "blob_key": blob_key}
        async with self.engine.begin() as connection:
            statement = upsert(t.dossier).values(row).on_conflict_do_nothing()
            inserted = await connection.scalar(statement.returning(t.dossier.c.id))
            if inserted is not None:
                await _insert_event(connection, dossier.id, event)
        return await self.dossier_of_token(dossier.id, token)

    async def dossier(self, dossier_id: UUID) -> Dossier:
        """One dossier; raises DossierNotFound."""
        async with self.engine.connect() as connection:
            return as_dossier(await _row(connection, dossier_id))

    async def dossier_of_token(self, dossier_id: UUID, token: str) -> Dossier:
        """The dossier that this token opens; raises DossierNotFound for any other.

        The token leaves with an erasure; whoever knows the dossier's id is told: DossierErased.
        """
        statement = select(*_DOSSIER, t.dossier.c.token_hash).where(t.dossier.c.id == dossier_id)
        async with self.engine.connect() as connection:
            row = (await connection.execute(statement)).mappings().one_or_none()
        if row is not None and row["erased_at"] is not None:
            raise DossierErased
        if row is None or not hmac.compare_digest(row["token_hash"], token_hash(token)):
            raise DossierNotFound
        return as_dossier(row)

    async def blob_key(self, dossier_id: UUID) -> bytes:
        """The key of the dossier's files; raises DossierNotFound, DossierErased."""
        statement = select(t.dossier.c.blob_key).where(t.dossier.c.id == dossier_id)
        async with self.engine.connect() as connection:
            row = (await connection.execute(statement)).one_or_none()
        if row is None:
            raise DossierNotFound
        if row.blob_key is None:
            raise DossierErased
        key: bytes = row.blob_key
        return key

    async def attachments(self, dossier_id: UUID, role: Role | None = None) -> list[Attachment]:
        """The dossier's files that were not taken back, by role and ordinal."""
        async with self.engine.connect() as connection:
            return await _attachments(connection, dossier_id, role)

    async def findings(self, dossier_id: UUID) -> Findings | None:
        """What was read, or None while nothing has been."""
        table = t.reading
        statement = select(table.c.reading, table.c.identity, table.c.corrected)
        async with self.engine.connect() as connection:
            row = (
                await connection.execute(statement.where(table.c.dossier_id == dossier_id))
            ).one_or_none()
        return None if row is None else msgspec.convert(row, Findings, from_attributes=True)

    async def issued(self, dossier_id: UUID) -> Issued | None:
        """The dossier's copy, once it was released."""
        table = t.certification
        columns = [table.c[name] for name in Issued.__struct_fields__]
        statement = select(*columns).where(
            table.c.dossier_id == dossier_id, table.c.released_at.is_not(None)
        )
        async with self.engine.connect() as connection:
            row = (await connection.execute(statement)).one_or_none()
        return None if row is None else Issued(**row._mapping)

    async def events(self, dossier_id: UUID) -> list[Event]:
        """Everything that happened to the dossier, in order."""
        table = t.dossier_event
        statement = select(table.c.kind, table.c.at, table.c.actor, table.c.detail)
        async with self.engine.connect() as connection:
            rows = await connection.execute(
                statement.where(table.c.dossier_id == dossier_id).order_by(table.c.ordinal)
            )
        return [Event(**row._mapping) for row in rows]

    @asynccontextmanager
    async def changing(self, dossier_id: UUID) -> AsyncIterator["Change"]:
        """A transaction that holds the dossier; what it did is kept only if the block ends well."""
        async with self.engine.begin() as connection:
            row = await _row(connection, dossier_id, lock=True)
            yield Change(connection, as_dossier(row))


class Change:
    """One transaction on one dossier, whose row it holds. `dossier` is kept up to date."""

    def __init__(self, connection: AsyncConnection, dossier: Dossier) -> None:
        self._connection = connection
        self._mine = t.attachment.c.dossier_id == dossier.id
        self.dossier = dossier

    @property
    def connection(self) -> AsyncConnection:
        """The transaction itself, for a station that keeps more about the dossier."""
        return self._connection

    async def record(self, event: Event, **columns: object) -> Dossier:
        """Move the dossier as the event says and set `columns`; raises WrongState."""
        state = after(self.dossier.state, event.kind)
        columns |= {"state": state, "updated_at": event.at}
        await self._connection.execute(
            update(t.dossier)
            .where(t.dossier.c.id == self.dossier.id)
            .values(columns | {"state": state.value})
        )
        await _insert_event(self._connection, self.dossier.id, event)
        self.dossier = msgspec.structs.replace(self.dossier, **columns)
        return self.dossier

    async def next_serial(self, day: date) -> int:
        """The unit's next dossier serial of a local day; given back if the transaction fails."""
        row = {"unit_code": self.dossier.unit_code, "day": day, "last": 1}
        statement = upsert(t.dossier_serial).values(row)
        statement = statement.on_conflict_do_update(
            index_elements=["unit_code", "day"], set_={"last": t.dossier_serial.c.last + 1}
        )
        serial = await self._connection.scalar(statement.returning(t.dossier_serial.c.last))
        return int(serial or 0)

    async def attach(self, attachment: Attachment) -> None:
        """Add a file, or put it in the place of the one with the same role and ordinal."""
        row = msgspec.structs.asdict(attachment)
        statement = upsert(t.attachment).values(row | {"dossier_id": self.dossier.id})
        kept = {name: row[name] for name in ("digest", "media_type", "size", "page")}
        await self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["dossier_id", "role", "ordinal"],
                set_=kept | {"withdrawn": False},
            )
        )

    async def withdraw(self, role: Role, ordinals: range) -> list[bytes]:
        """Take back the files at these ordinals; returns their digests."""
        table = t.attachment
        these = table.c.ordinal.between(ordinals.start, ordinals.stop - 1)
        taken = await self._connection.scalars(
            update(table)
            .where(self._mine, table.c.role == role, these, ~table.c.withdrawn)
            .values(withdrawn=True)
            .returning(table.c.digest)
        )
        return list(taken)

    async def unnamed(self, digests: list[bytes]) -> list[bytes]:
        """Those of the digests that no file of the dossier has any more."""
        table = t.attachment
        named = await self._connection.scalars(
            select(table.c.digest).where(self._mine, ~table.c.withdrawn)
        )
        still = set(named)
        return [digest for digest in digests if digest not in still]

    async def attached(self, role: Role) -> list[Attachment]:
        """The dossier's files of a role, as this transaction sees them."""
        return await _attachments(self._connection, self.dossier.id, role)

    async def keep_reading(self, reading: Reading, identity: Identity | None) -> None:
        """Store what the machine found, in the place of an earlier attempt's."""
        found = {"reading": _plain(reading), "identity": _plain(identity)}
        statement = upsert(t.reading).values(found | {"dossier_id": self.dossier.id})
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=["dossier_id"], set_=found)
        )

    async def keep_correction(self, correction: Correction) -> None:
        """Store what the officer vouches for."""
        await self._connection.execute(
            update(t.reading)
            .where(t.reading.c.dossier_id == self.dossier.id)
            .values(corrected=_plain(correction))
        )

    async def defer(self, job: Job, *, not_before: datetime | None = None) -> None:
        """Queue a job in this very transaction, unless the same one waits already."""
        lock = f"dossier:{self.dossier.id}"
        args = json.dumps({"dossier_id": str(self.dossier.id)})
        await self._connection.execute(
            _DEFER,
            {"queue": QUEUE, "task": job, "lock": lock, "args": args, "not_before": not_before},
        )


# What procrastinate's own `defer` runs, here inside our transaction.
_DEFER = text(
    """
    SELECT jobs.procrastinate_defer_jobs_v1(ARRAY[ROW(
        CAST(:queue AS text), CAST(:task AS text), 0, CAST(:lock AS text), NULL,
        CAST(:args AS jsonb), CAST(:not_before AS timestamptz)
        )]::jobs.procrastinate_job_to_defer_v1[])
    WHERE NOT EXISTS (
        SELECT 1 FROM jobs.procrastinate_jobs
        WHERE task_name = :task AND lock = :lock AND status = 'todo')
    """
)


def token_hash(token: str) -> bytes:
    """What is kept of a token with 256 random bits: one SHA-256 is enough for those."""
    return hashlib.sha256(token.encode()).digest()


async def _row(connection: AsyncConnection, dossier_id: UUID, *, lock: bool = False) -> RowMapping:
    statement = select(*_DOSSIER).where(t.dossier.c.id == dossier_id)
    if lock:
        statement = statement.with_for_update()
    row = (await connection.execute(statement)).mappings().one_or_none()
    if row is None:
        raise DossierNotFound
    return row


async def _attachments(
    connection: AsyncConnection, dossier_id: UUID, role: Role | None
) -> list[Attachment]:
    table = t.attachment
    statement = select(*_ATTACHMENT).where(table.c.dossier_id == dossier_id, ~table.c.withdrawn)
    if role is not None:
        statement = statement.where(table.c.role == role)
    rows = await connection.execute(statement.order_by(table.c.role, table.c.ordinal))
    return [Attachment(**row._mapping) for row in rows]


def as_dossier(row: RowMapping) -> Dossier:
    values = {name: row[name] for name in Dossier.__struct_fields__}
    return Dossier(**values | {"state": State(values["state"])})


async def _insert_event(connection: AsyncConnection, dossier_id: UUID, event: Event) -> None:
    table = t.dossier_event
    newest = select(func.coalesce(func.max(table.c.ordinal), 0) + 1).where(
        table.c.dossier_id == dossier_id
    )
    row = msgspec.structs.asdict(event) | {"dossier_id": dossier_id}
    await connection.execute(insert(table).values(row | {"ordinal": newest.scalar_subquery()}))


def _plain(value: msgspec.Struct | None) -> object:
    return None if value is None else msgspec.to_builtins(value)
