"""Certified copies made up for tests, and what it takes to register and publish them."""

import asyncio
import contextlib
import secrets
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.acts import Decided
from registry.append import Appender
from registry.book import reserve_number
from registry.book_line import LineColumns
from registry.certified_copy import CertifiedCopy, Facts
from registry.clock import utc_now
from registry.code import new_code
from registry.log.checkpoint import Checkpoint
from registry.log.note import verifier_line
from registry.publish import publish
from registry.store import Store
from tests.testkit.postgres import Database

ORIGIN = "test.bansao.localhost/log"
LOG_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
VKEY = verifier_line(ORIGIN, LOG_KEY.public_key())
UNIT = "00004"
NOW = datetime(2026, 11, 22, 2, 15, 30, 123456, tzinfo=UTC)


def fixed_clock() -> datetime:
    return NOW


def decided(decision: str = "12/QĐ-UBND", on: date = date(2026, 11, 22)) -> Decided:
    """A decision, with those who answer for it."""
    return {
        "decision": decision,
        "decided_on": on,
        "decided_by": "chairman",
        "entered_by": "clerk",
    }


def made_up_facts(holder_name: str = "Nguyễn Văn An") -> Facts:
    return Facts(
        document_type="diploma",
        title="Bằng tốt nghiệp đại học",
        holder_name=holder_name,
        page_count=2,
        unit_name="UBND phường Ba Đình",
        signer_name="Trần Thị Bình",
        signer_title="Chủ tịch",
        certified_on="2026-11-22",
        fields={"institution": "Đại học Bách khoa Hà Nội", "serial": "0012345"},
    )


def made_up_copy(
    book: str = "01/2026-SCTĐT/BS", number: int = 1, facts: Facts | None = None
) -> CertifiedCopy:
    """A copy with a random code, PDF digest and salt, for a reserved line of UNIT's book."""
    return CertifiedCopy(
        code=new_code(),
        pdf_digest=secrets.token_bytes(32),
        facts=facts or made_up_facts(),
        salt=secrets.token_bytes(32),
        signer_fingerprint=b"\x0f" * 32,
        seal_fingerprint=b"\x5e" * 32,
        unit_code=UNIT,
        book=book,
        number=number,
        certified_at=NOW,
    )


async def reserved_copy(writer: Store, facts: Facts | None = None) -> CertifiedCopy:
    """A made-up copy whose number is reserved, ready to be registered."""
    line = await reserve_number(writer, unit_code=UNIT, at=NOW, original_id=uuid.uuid4())
    return made_up_copy(line.book, line.number, facts)


def made_up_columns(requester: str = "Nguyễn Văn An", **others: Any) -> LineColumns:
    """The book's other columns for a made-up copy of two pages."""
    columns = LineColumns(
        requester=requester,
        papers="Căn cước số 001090000001",
        title="Bằng tốt nghiệp đại học",
        note="Hồ sơ H26.7-261122-0001",
        document_type="diploma",
        page_count=2,
        copies=1,
        signer_name="Trần Thị Bình",
        signer_title="Chủ tịch",
        gross=4_000,
        subsidy=0,
        net=4_000,
    )
    return msgspec.structs.replace(columns, **others)


@contextlib.asynccontextmanager
async def store_of(database: Database, role: str) -> AsyncIterator[Store]:
    """A store logged in as one of our roles, e.g. `registry_writer`."""
    async with await Store.connect(database.role_url(role)) as store:
        yield store


async def registered(database: Database, count: int) -> list[CertifiedCopy]:
    """`count` copies in the book, not published yet."""
    async with store_of(database, "registry_writer") as writer:
        copies = [await reserved_copy(writer) for _ in range(count)]
        async with Appender(writer, utc_now) as appender:
            await asyncio.gather(*(appender.register(copy) for copy in copies))
    return copies


async def publish_now(database: Database) -> Checkpoint:
    """Sign the present size with the tests' log key."""
    async with store_of(database, "registry_publisher") as store:
        return await publish(store, LOG_KEY, ORIGIN, fixed_clock)
