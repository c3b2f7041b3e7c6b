"""Certifying a dossier, against a real database, real keys and real time stamps."""

import asyncio
import errno
import hashlib
import os
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID

import msgspec
import psycopg
import pypdfium2
import pytest

from intake.blobs import Blobs
from intake.certify import certify as room
from intake.certify.certify import Certifier, CertifierParts
from intake.certify.errors import (
    CheckpointLate,
    IntakeNotReached,
    NoSpaceLeft,
    NotOrdered,
    RegistryNotReached,
    SigningKeyUnusable,
    TimeStampUnavailable,
)
from intake.certify.sign import sign
from intake.dossier import State
from registry.errors import RegistryUnavailable
from registry.lookup import find_by_digest
from registry.store import Store as Registry
from tests.testkit.certifying import (
    CARD,
    FACTS,
    OFFICER,
    REQUESTER,
    UNIT,
    Office,
    office,
    tsa_secrets,
)

__all__ = ["office", "tsa_secrets"]


def rows(office: Office, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(office.database.superuser_url) as connection:
        return connection.execute(query.encode()).fetchall()


async def state(office: Office, dossier_id: UUID) -> State:
    async with office.edges() as edges:
        return (await edges.store.dossier(dossier_id)).state


async def kinds(office: Office, dossier_id: UUID) -> list[str]:
    async with office.edges() as edges:
        return [event.kind for event in await edges.store.events(dossier_id)]


async def test_the_released_copy_is_the_registered_one(office: Office) -> None:
    dossier_id = await office.order()

    async with office.publisher(), office.certifier() as certifier:
        receipt = await certifier.certify(dossier_id)

    pdf = await office.copy(dossier_id)
    assert hashlib.sha256(pdf).digest() == receipt.pdf_digest
    assert await state(office, dossier_id) is State.ISSUED
    async with await Registry.connect(office.database.role_url("registry_reader")) as reader:
        found = await find_by_digest(reader, receipt.pdf_digest)
    assert found is not None
    assert found.facts is not None
    assert found.facts.holder_name == FACTS.holder_name
    assert found.facts.fields == FACTS.fields
    assert (found.entry.book[:2], found.entry.number) == ("01", 1)


async def test_certifying_again_changes_nothing(office: Office) -> None:
    dossier_id = await office.order()

    async with office.publisher(), office.certifier() as certifier:
        first = await certifier.certify(dossier_id)
        again = await certifier.certify(dossier_id)

    assert again == first
    assert (await kinds(office, dossier_id)).count("issued") == 1


async def test_two_workers_on_one_dossier_issue_one_copy(office: Office) -> None:
    dossier_id = await office.order()

    async with (
        office.publisher(),
        office.certifier() as one,
        office.certifier() as other,
    ):
        receipts = await asyncio.gather(one.certify(dossier_id), other.certify(dossier_id))

    assert receipts[0] == receipts[1]
    assert rows(office, "SELECT count(*) FROM registry.entry") == [(1,)]
    assert rows(office, "SELECT count(*) FROM registry.book_number") == [(1,)]


async def test_what_was_not_ordered_is_not_certified(office: Office) -> None:
    async with office.edges() as edges:
        unknown = UUID(int=7)
        async with office.certifier() as certifier:
            with pytest.raises(NotOrdered):
                await certifier.certify(unknown)
        assert await edges.store.attachments(unknown) == []


async def test_the_book_has_every_column_of_the_form(office: Office) -> None:
    dossier_id = await office.order()
    async with office.publisher(), office.certifier() as certifier:
        await certifier.certify(dossier_id)

    [line] = rows(
        office,
        "SELECT number, requester, papers, title, note, document_type, page_count, copies, "
        "signer_name, signer_title, gross, subsidy, net FROM registry.book_number "
        "JOIN registry.book_line USING (unit_code, book, number) "
        "JOIN registry.book_person USING (unit_code, book, number)",
    )
    assert line == (
        *(1, REQUESTER, f"Căn cước số {CARD.number}, cấp ngày 15/04/2021", FACTS.title),
        *(f"Hồ sơ H26-{dossier_id}", "diploma", 1, 1),
        *(OFFICER.full_name, "TUQ. CHỦ TỊCH CÔNG CHỨC TƯ PHÁP - HỘ TỊCH", 2_000, 0, 2_000),
    )


async def test_an_intent_that_outlived_its_year_is_certified_in_the_next(office: Office) -> None:
    """The worker died before New Year's midnight in Hanoi, between the intent and its number."""
    dossier_id = await office.order()
    async with office.certifier() as certifier:
        before = datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC)
        certifier._parts = msgspec.structs.replace(certifier._parts, clock=lambda: before)
        with (
            patch.object(room, "reserve_number", side_effect=RegistryUnavailable("gone")),
            pytest.raises(RegistryNotReached),
        ):
            await certifier.certify(dossier_id)
    async with office.publisher(), office.certifier() as certifier:
        after = datetime(2027, 1, 4, 1, tzinfo=UTC)
        certifier._parts = msgspec.structs.replace(certifier._parts, clock=lambda: after)
        receipt = await certifier.certify(dossier_id)

    async with await Registry.connect(office.database.role_url("registry_reader")) as reader:
        found = await find_by_digest(reader, receipt.pdf_digest)
    assert found is not None
    assert found.facts is not None
    assert (found.entry.book, found.entry.certified_at) == ("01/2027-SCTĐT/BS", after)
    assert found.facts.certified_on == "2027-01-04"


async def test_personal_data_leaves_with_the_release(office: Office) -> None:
    dossier_id = await office.order()
    async with office.publisher(), office.certifier() as certifier:
        await certifier.certify(dossier_id)

    assert rows(office, "SELECT salt, facts FROM intake.certification") == [(None, None)]


async def test_nothing_is_released_before_a_checkpoint_covers_it(office: Office) -> None:
    dossier_id = await office.order()
    async with office.certifier() as certifier:
        certifier._parts = _impatient(certifier)
        with pytest.raises(CheckpointLate):
            await certifier.certify(dossier_id)
    assert await state(office, dossier_id) is State.CERTIFYING
    with pytest.raises(IndexError):
        await office.copy(dossier_id)

    async with office.publisher(), office.certifier() as certifier:
        await certifier.certify(dossier_id)
    assert await state(office, dossier_id) is State.ISSUED


def _impatient(certifier: Certifier) -> CertifierParts:
    return msgspec.structs.replace(certifier._parts, patience=0.3)


@pytest.mark.parametrize(
    "change",
    [
        "code = '000000-000000-000000'",
        "number = 9",
        "pdf_digest = sha256('x')",
        "salt = sha256('')",
    ],
)
async def test_what_a_step_has_written_stays(office: Office, change: str) -> None:
    dossier_id = await office.order()
    async with office.publisher(), office.certifier() as certifier:
        await certifier.certify(dossier_id)

    url = office.database.role_url("intake_app")
    with psycopg.connect(url) as connection, pytest.raises(psycopg.Error):
        connection.execute(f"UPDATE intake.certification SET {change}".encode())
    with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("DELETE FROM intake.certification")


async def assert_the_next_copy_works(office: Office, dossier_id: UUID) -> None:
    """Nothing was half-issued, the dossier resumes with its number, and others work as well."""
    assert await state(office, dossier_id) is State.CERTIFYING
    assert rows(office, "SELECT count(*) FROM registry.entry") == [(0,)]
    other = await office.order()
    async with office.publisher(), office.certifier() as certifier:
        await certifier.certify(other)
        await certifier.certify(dossier_id)
    numbers = rows(office, "SELECT number FROM intake.certification ORDER BY number")
    assert numbers == [(1,), (2,)]
    assert rows(office, "SELECT count(*) FROM registry.entry") == [(2,)]


async def test_a_full_disk_is_named_and_the_next_copy_works(office: Office) -> None:
    dossier_id = await office.order()
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    async with office.certifier() as certifier:
        with patch.object(Blobs, "put", side_effect=full), pytest.raises(NoSpaceLeft):
            await certifier.certify(dossier_id)

    await assert_the_next_copy_works(office, dossier_id)


async def test_a_time_stamp_service_that_is_down_stops_it(office: Office) -> None:
    dossier_id = await office.order()
    office.environment["BANSAO_TSA_URL"], up = (
        "http://127.0.0.1:9",
        office.environment["BANSAO_TSA_URL"],
    )
    async with office.certifier() as certifier:
        with pytest.raises(TimeStampUnavailable):
            await certifier.certify(dossier_id)

    office.environment["BANSAO_TSA_URL"] = up
    await assert_the_next_copy_works(office, dossier_id)


async def test_a_lost_registry_is_named_and_resumed(office: Office) -> None:
    dossier_id = await office.order()
    async with office.certifier() as certifier:
        await certifier._parts.writer.close()
        with pytest.raises(RegistryNotReached):
            await certifier.certify(dossier_id)

    await assert_the_next_copy_works(office, dossier_id)


async def test_connections_lost_in_the_middle_are_named_or_healed(office: Office) -> None:
    dossier_id = await office.order()

    def signed_while_the_database_drops_everyone(*arguments: Any) -> bytes:
        with psycopg.connect(office.database.superuser_url) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        return sign(*arguments)

    async with office.certifier() as certifier:
        certifier._parts = _impatient(certifier)
        with (
            patch.object(room, "sign", signed_while_the_database_drops_everyone),
            pytest.raises((IntakeNotReached, RegistryNotReached, CheckpointLate)),
        ):
            await certifier.certify(dossier_id)

    async with office.publisher(), office.certifier() as certifier:
        await certifier.certify(dossier_id)
    assert await state(office, dossier_id) is State.ISSUED
    assert rows(office, "SELECT count(*) FROM registry.entry") == [(1,)]


async def test_a_resumed_copy_is_signed_as_it_was_decided(office: Office) -> None:
    """An officer who is promoted and gets another key meanwhile changes nothing about it."""
    dossier_id = await office.order()
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    async with office.certifier() as certifier:
        with patch.object(Blobs, "put", side_effect=full), pytest.raises(NoSpaceLeft):
            await certifier.certify(dossier_id)
    with psycopg.connect(office.database.superuser_url) as connection:
        connection.execute(
            "UPDATE intake.officer SET full_name = 'Ai Khác', title = 'CHỦ TỊCH', signer = 'nobody'"
        )
        connection.execute("UPDATE intake.unit SET name = 'Nơi khác', watermark = 'KHÁC'")

    async with office.publisher(), office.certifier() as certifier:
        await certifier.certify(dossier_id)

    with pypdfium2.PdfDocument(await office.copy(dossier_id)) as copy:
        last = unicodedata.normalize("NFC", copy[len(copy) - 1].get_textpage().get_text_bounded())
    assert "CÔNG CHỨC TƯ PHÁP - HỘ TỊCH" in last
    assert OFFICER.full_name in last
    assert UNIT.name in last
    assert "KHÁC" not in last.upper()


async def test_a_key_that_does_not_open_is_named(office: Office) -> None:
    dossier_id = await office.order()
    passphrase = Path(office.environment["BANSAO_SECRETS"]) / "seal.pass"
    right = passphrase.read_bytes()
    passphrase.write_text("wrong")
    try:
        async with office.certifier() as certifier:
            with pytest.raises(SigningKeyUnusable, match="seal"):
                await certifier.certify(dossier_id)
    finally:
        passphrase.write_bytes(right)

    await assert_the_next_copy_works(office, dossier_id)


@pytest.fixture(autouse=True)
def _no_leftovers(office: Office) -> Iterator[None]:
    before = dict(office.environment)
    yield
    office.environment.update(before)
