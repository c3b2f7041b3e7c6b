"""The memory of certifications in progress (`intake.certification`), as the role intake_app.

Each step's columns are written once; a writer that comes second keeps what the first one wrote and
is told what that was.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    LargeBinary,
    MetaData,
    Row,
    Table,
    Text,
    Uuid,
    func,
    null,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from intake import tables as t
from intake.certify.errors import NotOrdered
from intake.desk.correction import Correction
from intake.dossier import State
from intake.store import UNREACHABLE, Change
from registry.book_line import BookNumber
from registry.certified_copy import Facts

_MOMENT = DateTime(timezone=True)

_CERTIFICATION = Table(
    "certification",
    MetaData(schema="intake"),
    Column("dossier_id", Uuid, primary_key=True),
    Column("code", Text),
    Column("unit_code", Text),
    Column("officer", Text),
    Column("officer_id", Text),
    Column("signer", Text),
    Column("signer_title", Text),
    Column("watermark", Text),
    Column("decided_at", _MOMENT),
    Column("certified_at", _MOMENT),
    Column("salt", LargeBinary),
    Column("facts", JSONB(none_as_null=True)),
    Column("book", Text),
    Column("number", BigInteger),
    Column("pdf_digest", LargeBinary),
    Column("pdf_size", BigInteger),
    Column("signer_fingerprint", LargeBinary),
    Column("seal_fingerprint", LargeBinary),
    Column("entry_index", BigInteger),
    Column("leaf_hash", LargeBinary),
    Column("entry_hash", LargeBinary),
    Column("registered_at", _MOMENT),
    Column("released_at", _MOMENT),
)


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What an officer decided: who signs, with which key pair, and the facts vouched for.

    `officer` is a login account, `officer_id` who that is in the authority data.
    """

    unit_code: str
    unit_name: str
    watermark: str
    officer: str
    officer_id: str
    signer: str
    signer_name: str
    signer_title: str
    decided_at: datetime
    facts: Correction


class Certification(msgspec.Struct, frozen=True, kw_only=True):
    """One row: how far a dossier's certification has come. What is None was not reached yet.

    `signer` names the officer's key pair, `signer_title` has the printed lines. `salt` and `facts`
    are None again after the release, or when the dossier was withdrawn.
    """

    dossier_id: UUID
    code: str
    unit_code: str
    officer: str
    officer_id: str
    signer: str
    signer_title: str
    watermark: str
    decided_at: datetime
    certified_at: datetime
    salt: bytes | None = None
    facts: Facts | None = None
    book: str | None = None
    number: int | None = None
    pdf_digest: bytes | None = None
    pdf_size: int | None = None
    signer_fingerprint: bytes | None = None
    seal_fingerprint: bytes | None = None
    entry_index: int | None = None
    leaf_hash: bytes | None = None
    entry_hash: bytes | None = None
    registered_at: datetime | None = None
    released_at: datetime | None = None

    @property
    def given_up(self) -> bool:
        """The dossier was withdrawn before its copy was issued."""
        return self.facts is None and self.released_at is None


def _by_name(row: Row[*tuple[Any, ...]]) -> dict[str, Any]:
    # SQLAlchemy's names are a kind of str that msgspec does not take.
    return {str(name): value for name, value in row._mapping.items()}


def database_is_away(error: Exception) -> bool:
    """Whether this failure means that the intake database could not be reached or went away."""
    broken = isinstance(error, DBAPIError) and error.connection_invalidated
    return broken or isinstance(error, UNREACHABLE)


class CertificationStore:
    """Reads orders and keeps certifications, over the engine of intake's own store."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @asynccontextmanager
    async def turn(self, dossier_id: UUID) -> AsyncIterator[None]:
        """Wait until nobody else certifies this dossier; the database ends a dead worker's turn."""
        key = func.hashtextextended(f"certify {dossier_id}", 0)
        async with self._engine.begin() as connection:
            await connection.execute(select(func.pg_advisory_xact_lock(key)))
            yield

    async def find(self, dossier_id: UUID) -> Certification | None:
        """The certification as far as it came, or None before its intent."""
        statement = select(_CERTIFICATION).where(_CERTIFICATION.c.dossier_id == dossier_id)
        async with self._engine.connect() as connection:
            row = (await connection.execute(statement)).one_or_none()
        return None if row is None else msgspec.convert(_by_name(row), Certification)

    async def order(self, dossier_id: UUID) -> Order:
        """The newest decision to certify; raises NotOrdered when there is none in force."""
        event, dossier, officer, unit = t.dossier_event, t.dossier, t.officer, t.unit
        statement = (
            select(
                unit.c.code.label("unit_code"),
                unit.c.name.label("unit_name"),
                unit.c.watermark,
                officer.c.username.label("officer"),
                officer.c.officer_id,
                officer.c.signer,
                officer.c.full_name.label("signer_name"),
                officer.c.title.label("signer_title"),
                event.c.at.label("decided_at"),
                t.reading.c.corrected.label("facts"),
            )
            .join(dossier, dossier.c.id == event.c.dossier_id)
            .join(officer, officer.c.username == event.c.actor)
            .join(unit, unit.c.code == dossier.c.unit_code)
            .join(t.reading, t.reading.c.dossier_id == dossier.c.id)
            .where(
                dossier.c.id == dossier_id,
                dossier.c.state == State.CERTIFYING.value,
                event.c.kind == "decided",
                t.reading.c.corrected.is_not(None),
            )
            .order_by(event.c.ordinal.desc())
            .limit(1)
        )
        async with self._engine.connect() as connection:
            row = (await connection.execute(statement)).one_or_none()
        if row is None:
            raise NotOrdered
        return msgspec.convert(_by_name(row), Order)

    async def begin(self, intent: Certification) -> Certification:
        """Keep the intent; an earlier one of the same dossier stays and is returned."""
        row = msgspec.structs.asdict(intent) | {"facts": msgspec.to_builtins(intent.facts)}
        statement = (
            insert(_CERTIFICATION).values(row).on_conflict_do_nothing(index_elements=["dossier_id"])
        )
        async with self._engine.begin() as connection:
            await connection.execute(statement)
        return await self._found(intent.dossier_id)

    async def keep_number(
        self, dossier_id: UUID, reserved: BookNumber, facts: Facts
    ) -> Certification:
        """Keep the reserved line of the book; its moment is the copy's, in `facts` as well."""
        return await self._keep_once(
            dossier_id,
            "number",
            book=reserved.book,
            number=reserved.number,
            certified_at=reserved.reserved_at,
            facts=msgspec.to_builtins(facts),
        )

    async def keep_file(
        self,
        dossier_id: UUID,
        *,
        pdf_digest: bytes,
        pdf_size: int,
        signer_fingerprint: bytes,
        seal_fingerprint: bytes,
    ) -> Certification:
        """Keep which stored file is the copy, and whose certificates signed it."""
        return await self._keep_once(
            dossier_id,
            "pdf_digest",
            pdf_digest=pdf_digest,
            pdf_size=pdf_size,
            signer_fingerprint=signer_fingerprint,
            seal_fingerprint=seal_fingerprint,
        )

    async def drop_file(self, dossier_id: UUID) -> None:
        """Forget a signed file that the registry does not have; code and number stay."""
        columns = ("pdf_digest", "pdf_size", "signer_fingerprint", "seal_fingerprint")
        statement = (
            update(_CERTIFICATION)
            .where(
                _CERTIFICATION.c.dossier_id == dossier_id,
                _CERTIFICATION.c.entry_index.is_(None),
            )
            .values(dict.fromkeys(columns, null()))
        )
        async with self._engine.begin() as connection:
            await connection.execute(statement)

    async def keep_receipt(
        self,
        dossier_id: UUID,
        *,
        entry_index: int,
        leaf_hash: bytes,
        entry_hash: bytes,
        registered_at: datetime,
    ) -> Certification:
        """Keep the registry's receipt."""
        return await self._keep_once(
            dossier_id,
            "entry_index",
            entry_index=entry_index,
            leaf_hash=leaf_hash,
            entry_hash=entry_hash,
            registered_at=registered_at,
        )

    async def release(self, change: Change, at: datetime) -> None:
        """Mark the copy released within `change`'s transaction; its facts and salt leave intake."""
        await change.connection.execute(
            update(_CERTIFICATION)
            .where(
                _CERTIFICATION.c.dossier_id == change.dossier.id,
                _CERTIFICATION.c.released_at.is_(None),
            )
            .values(released_at=at, salt=null(), facts=null())
        )

    async def _keep_once(self, dossier_id: UUID, marker: str, **columns: object) -> Certification:
        statement = (
            update(_CERTIFICATION)
            .where(_CERTIFICATION.c.dossier_id == dossier_id, _CERTIFICATION.c[marker].is_(None))
            .values(columns)
        )
        async with self._engine.begin() as connection:
            await connection.execute(statement)
        return await self._found(dossier_id)

    async def _found(self, dossier_id: UUID) -> Certification:
        found = await self.find(dossier_id)
        if found is None:
            raise NotOrdered
        return found
