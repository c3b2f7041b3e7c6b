"""Full facts and registered PDFs over HTTP: for an agency's key, and for nobody else."""

import asyncio
import hashlib
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import msgspec
import psycopg
import pytest
import rfc8785
from structlog.testing import capture_logs

from intake.blobs import Blobs
from registry.append import Appender
from registry.certified_copy import CertifiedCopy
from registry.clock import utc_now
from registry.code import code_hash, new_code
from registry.entry import Issued, parse_entry
from registry.log.policy import policy_of_log
from registry.log.proof_file import check_proof
from tests.testkit.copies import (
    UNIT,
    VKEY,
    decided,
    publish_now,
    registered,
    reserved_copy,
    store_of,
)
from tests.testkit.issued import CopyOffice, copy_office, signing_house
from tests.testkit.postgres import Database
from verify_portal.agency.key import Scope, new_key, read_key
from verify_portal.agency.key_book import KeyBook

__all__ = ["copy_office", "signing_house"]


async def entered_key(database: Database, *scopes: Scope) -> str:
    text = new_key(secrets.token_bytes)
    until = utc_now() + timedelta(days=1)
    async with store_of(database, "registry_admin") as store, store.statements() as connection:
        await KeyBook(connection).enter(
            read_key(text), agency="Ngân hàng Thử", scopes=scopes, until=until, by="tests"
        )
    return text


async def end_key(database: Database, text: str) -> None:
    async with store_of(database, "registry_admin") as store, store.statements() as connection:
        await KeyBook(connection).end(read_key(text).id, reason="hết hợp đồng", by="tests")


async def trail(database: Database) -> list[tuple[str, bytes, str]]:
    async with store_of(database, "registry_admin") as store, store.statements() as connection:
        seen = await KeyBook(connection).trail(most=100)
    return [(one.means, one.code_hash, one.scope) for one in reversed(seen)]


def bearer(text: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}"}


async def published(office: CopyOffice) -> CertifiedCopy:
    (copy,) = await registered(office.database, 1)
    await publish_now(office.database)
    return copy


async def test_a_key_opens_the_facts_and_what_proves_them(copy_office: CopyOffice) -> None:
    copy, key = await published(copy_office), await entered_key(copy_office.database, "facts")
    async with copy_office.client() as http:
        with capture_logs() as lines:
            response = await http.get(f"/v1/copies/{copy.code}/facts", headers=bearer(key))
        public = await http.get(f"/v1/copies/{copy.code}", headers=bearer(key))
    full = response.json()
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert full["verdict"] == "valid"
    assert full["facts"] == msgspec.to_builtins(copy.facts)
    assert full["book_line"] == {"unit_code": UNIT, "book": copy.book, "number": copy.number}
    # As a stranger would: nothing of ours but the log's public key and three published formats.
    proof = check_proof(full["opening"]["proof"], policy_of_log(VKEY))
    entry = parse_entry(proof.body)
    assert isinstance(entry, Issued)
    salt = bytes.fromhex(full["opening"]["salt"])
    opened = hashlib.sha256(b"bansao facts v1\n" + salt + rfc8785.dumps(full["facts"])).digest()
    assert opened == entry.commitment
    assert full["opening"]["commitment"] == opened.hex()
    assert await trail(copy_office.database) == [("key", code_hash(copy.code), "facts")]
    # A key changes nothing about the public answer.
    assert "facts" not in public.json()
    assert copy.facts.holder_name not in public.text
    for secret in (copy.code, copy.facts.holder_name, key, key[13:]):
        assert secret not in str(lines)


async def test_a_revoked_copys_facts_come_with_its_verdict(copy_office: CopyOffice) -> None:
    copy, key = await published(copy_office), await entered_key(copy_office.database, "facts")
    await copy_office.revoke(copy.code)
    async with copy_office.client() as http:
        full = (await http.get(f"/v1/copies/{copy.code}/facts", headers=bearer(key))).json()
    assert full["verdict"] == "revoked"
    assert full["facts"]["holder_name"] == copy.facts.holder_name


async def test_of_an_erased_copy_nothing_is_left_to_tell(copy_office: CopyOffice) -> None:
    copy, key = await published(copy_office), await entered_key(copy_office.database, "facts")
    async with (
        store_of(copy_office.database, "registry_writer") as store,
        Appender(store, utc_now) as appender,
    ):
        await appender.erase(copy.code, **decided())
    await publish_now(copy_office.database)
    async with copy_office.client() as http:
        full = (await http.get(f"/v1/copies/{copy.code}/facts", headers=bearer(key))).json()
    assert (full["verdict"], full["facts_erased"]) == ("valid", True)
    assert full["facts"] is full["opening"] is full["book_line"] is None
    assert await trail(copy_office.database) == []


@pytest.mark.parametrize("text", ["", "nonsense"])
async def test_what_is_not_there_is_a_verdict_too(copy_office: CopyOffice, text: str) -> None:
    await published(copy_office)
    key, code = await entered_key(copy_office.database, "facts"), text or new_code()
    async with copy_office.client() as http:
        response = await http.get(f"/v1/copies/{code}/facts", headers=bearer(key))
        refused = await http.get(f"/v1/copies/{code}/facts", headers=bearer(_stranger()))
    assert response.status_code == 200
    assert response.json()["verdict"] == ("malformed" if text else "unknown")
    assert response.json()["facts"] is None
    assert refused.status_code == 401


async def test_what_is_not_published_yet_is_told_to_nobody(copy_office: CopyOffice) -> None:
    await published(copy_office)
    key = await entered_key(copy_office.database, "facts", "pdf")
    (late,) = await registered(copy_office.database, 1)
    async with copy_office.client() as http:
        for what in ("facts", "pdf"):
            response = await http.get(f"/v1/copies/{late.code}/{what}", headers=bearer(key))
            assert response.status_code == 503
            assert int(response.headers["Retry-After"]) >= 1
            assert late.facts.holder_name not in response.text
    assert await trail(copy_office.database) == []


def _stranger() -> str:
    return new_key(secrets.token_bytes)


@pytest.mark.parametrize("what", ["facts", "pdf"])
async def test_what_is_wrong_with_a_key_is_told_to_who_holds_it(
    copy_office: CopyOffice, what: Scope
) -> None:
    copy, database = await published(copy_office), copy_office.database
    good, other = await entered_key(database, what), "pdf" if what == "facts" else "facts"
    ended, elsewhere = await entered_key(database, what), await entered_key(database, other)
    await end_key(database, ended)
    secret_of_another = read_key(good).id.join(("bsk_", _stranger()[12:]))
    refused: list[tuple[dict[str, str], int, str]] = [
        ({}, 401, "key-missing"),
        ({"Authorization": "Basic YTpi"}, 401, "key-missing"),
        (bearer("bsk_"), 401, "key-mistyped"),
        (bearer(good[:-1]), 401, "key-mistyped"),
        (bearer(good[:-1] + ("a" if good[-1] != "a" else "b")), 401, "key-mistyped"),
        (bearer(secret_of_another), 401, "key-mistyped"),
        (bearer(_stranger()), 401, "key-unknown"),
        (bearer(_expired(database, what)), 401, "key-expired"),
        (bearer(ended), 403, "key-ended"),
        (bearer(elsewhere), 403, "key-beyond-scope"),
    ]
    async with copy_office.client() as http:
        for headers, status, name in refused:
            response = await http.get(f"/v1/copies/{copy.code}/{what}", headers=headers)
            assert response.status_code == status, name
            assert response.headers["Content-Type"].startswith("application/problem+json")
            assert response.json()["type"] == f"urn:bansao:problem:{name}"
            assert response.headers["WWW-Authenticate"].startswith('Bearer realm="bansao"')
            assert response.headers["Cache-Control"] == "no-store"
            assert copy.facts.holder_name not in response.text
    assert await trail(database) == []


def _expired(database: Database, scope: str) -> str:
    text = _stranger()
    with psycopg.connect(database.superuser_url) as owner:
        owner.execute(
            "INSERT INTO portal.agency_key (id, hash, agency, scopes, expires_at, entered_by, "
            "entered_at) VALUES (%s, %s, 'a', ARRAY[%s], now() - interval '1 s', 'tests', "
            "now() - interval '1 day')",
            (read_key(text).id, read_key(text).stored, scope),
        )
    return text


async def test_an_ended_key_opens_nothing_from_then_on(copy_office: CopyOffice) -> None:
    """Not within seconds: each access asks in its own transaction, and nothing is remembered."""
    copy, key = await published(copy_office), await entered_key(copy_office.database, "facts")
    async with copy_office.client() as http:
        path = f"/v1/copies/{copy.code}/facts"
        assert (await http.get(path, headers=bearer(key))).status_code == 200
        await end_key(copy_office.database, key)
        assert (await http.get(path, headers=bearer(key))).status_code == 403


async def test_each_of_many_at_once_leaves_its_line(copy_office: CopyOffice) -> None:
    copies = await registered(copy_office.database, 3)
    await publish_now(copy_office.database)
    keys = [await entered_key(copy_office.database, "facts") for _ in range(2)]
    async with copy_office.client() as http:
        responses = await asyncio.gather(
            *(
                http.get(f"/v1/copies/{copy.code}/facts", headers=bearer(key))
                for key in keys
                for copy in copies
                for _ in range(5)
            )
        )
    assert {one.status_code for one in responses} == {200}
    lines = await trail(copy_office.database)
    assert len(lines) == 30
    for copy in copies:
        assert lines.count(("key", code_hash(copy.code), "facts")) == 10


async def test_a_key_is_used_so_often_and_no_oftener(copy_office: CopyOffice) -> None:
    copy, key = await published(copy_office), await entered_key(copy_office.database, "facts")
    async with copy_office.portal() as portal:
        for _ in range(300):
            portal.tries.use_key(read_key(key).presented.hex())
        async with copy_office.client_of(portal) as http:
            path = f"/v1/copies/{copy.code}/facts"
            refused = await http.get(path, headers=bearer(key))
            other = await entered_key(copy_office.database, "facts")
            assert (await http.get(path, headers=bearer(other))).status_code == 200
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) >= 1


class KeptPdf(msgspec.Struct, frozen=True):
    code: str
    pdf: bytes
    blob: Path


@asynccontextmanager
async def kept_pdf(office: CopyOffice) -> AsyncIterator[KeptPdf]:
    """A published copy with its file in the blob store, as intake leaves both."""
    pdf, dossier_id, key = b"%PDF-1.7 " + secrets.token_bytes(100), uuid4(), secrets.token_bytes(32)
    async with store_of(office.database, "registry_writer") as store:
        made = await reserved_copy(store)
        copy = msgspec.structs.replace(made, pdf_digest=hashlib.sha256(pdf).digest())
        async with Appender(store, utc_now) as appender:
            receipt = await appender.register(copy)
    await publish_now(office.database)
    Blobs(office.settings.blobs).put(dossier_id, key, pdf)
    (blob,) = (
        path
        for path in office.settings.blobs.rglob("*")
        if dossier_id.hex in str(path) and path.is_file()
    )
    with psycopg.connect(office.database.superuser_url) as owner:
        owner.execute(
            "INSERT INTO intake.unit VALUES ('u', 'Đơn vị', '');"
            "INSERT INTO intake.officer VALUES ('o', 'A', 'B', 'u', '$argon2id$', 's', 'o')"
        )
        owner.execute(
            "INSERT INTO intake.dossier (id, number, unit_code, channel, state, token_hash, "
            "blob_key, received_at, updated_at) "
            "VALUES (%s, 'n', 'u', 'counter', 'issued', sha256(''), %s, now(), now())",
            (dossier_id, key),
        )
        owner.execute(
            "INSERT INTO intake.certification (dossier_id, code, unit_code, officer, officer_id, "
            "signer, signer_title, watermark, decided_at, certified_at, book, number, pdf_digest, "
            "pdf_size, signer_fingerprint, seal_fingerprint, entry_index, leaf_hash, entry_hash, "
            "registered_at, released_at) VALUES (%s, %s, 'u', 'o', 'o', 's', '', '', now(), now(), "
            "'b', 1, %s, 109, %s, %s, %s, %s, %s, now(), now())",
            (
                *(dossier_id, copy.code, copy.pdf_digest, bytes(32), bytes(32)),
                *(receipt.index, receipt.leaf_hash, receipt.entry_hash),
            ),
        )
    yield KeptPdf(copy.code, pdf, blob)


async def test_a_key_opens_the_registered_pdf(copy_office: CopyOffice) -> None:
    key = await entered_key(copy_office.database, "pdf")
    async with kept_pdf(copy_office) as kept, copy_office.client() as http:
        response = await http.get(f"/v1/copies/{kept.code}/pdf", headers=bearer(key))
        assert response.status_code == 200
        assert response.content == kept.pdf
        assert response.headers["Content-Type"] == "application/pdf"
        assert response.headers["Cache-Control"] == "no-store"
        assert kept.code in response.headers["Content-Disposition"]
        assert await trail(copy_office.database) == [("key", code_hash(kept.code), "pdf")]
        unknown = await http.get(f"/v1/copies/{new_code()}/pdf", headers=bearer(key))
        assert unknown.status_code == 404
        stranger = await http.get(f"/v1/copies/{kept.code}/pdf", headers=bearer(_stranger()))
        assert stranger.status_code == 401


async def test_a_file_that_is_not_the_registered_one_is_not_handed_out(
    copy_office: CopyOffice,
) -> None:
    key = await entered_key(copy_office.database, "pdf")
    async with kept_pdf(copy_office) as kept, copy_office.client() as http:
        whole = kept.blob.read_bytes()
        for harmed in (whole[:-1], whole[:40] + bytes([whole[40] ^ 1]) + whole[41:], b""):
            kept.blob.write_bytes(harmed)
            response = await http.get(f"/v1/copies/{kept.code}/pdf", headers=bearer(key))
            assert response.status_code == 503
            assert response.headers["Content-Type"].startswith("application/problem+json")
        kept.blob.unlink()
        response = await http.get(f"/v1/copies/{kept.code}/pdf", headers=bearer(key))
        assert response.status_code == 503


async def test_without_a_file_a_copy_says_so(copy_office: CopyOffice) -> None:
    copy, key = await published(copy_office), await entered_key(copy_office.database, "pdf")
    async with copy_office.client() as http:
        response = await http.get(f"/v1/copies/{copy.code}/pdf", headers=bearer(key))
    assert response.status_code == 404
    assert response.json()["type"] == "urn:bansao:problem:pdf-not-kept"


async def test_an_erased_dossiers_file_is_gone(copy_office: CopyOffice) -> None:
    key = await entered_key(copy_office.database, "pdf")
    async with kept_pdf(copy_office) as kept:
        async with (
            store_of(copy_office.database, "registry_writer") as store,
            Appender(store, utc_now) as appender,
        ):
            await appender.erase(kept.code, **decided())
        await publish_now(copy_office.database)
        with psycopg.connect(copy_office.database.superuser_url) as owner:
            owner.execute(
                "UPDATE intake.dossier SET blob_key = NULL, token_hash = NULL, erased_at = now()"
            )
        async with copy_office.client() as http:
            response = await http.get(f"/v1/copies/{kept.code}/pdf", headers=bearer(key))
    assert response.status_code == 410
    assert response.json()["type"] == "urn:bansao:problem:pdf-erased"
    assert await trail(copy_office.database) == []


@pytest.mark.broken_registry
async def test_facts_that_do_not_open_the_commitment_are_told_to_nobody(
    copy_office: CopyOffice,
) -> None:
    """A database whose facts were changed past its triggers, after the copy was last proven."""
    key = await entered_key(copy_office.database, "facts")
    copy = await published(copy_office)
    async with copy_office.portal() as portal, copy_office.client_of(portal) as http:
        portal.ledger.copies.listen()
        async with asyncio.timeout(20):
            while portal.from_memory(copy.code, "vi") is None:
                await portal.by_code(copy.code)
                await asyncio.sleep(0.02)
        with psycopg.connect(copy_office.database.superuser_url) as owner:
            owner.execute("SET session_replication_role = replica")
            changed = "replace(facts::text, 'Nguyễn', 'Trần')::json"
            owner.execute(f"UPDATE registry.copy SET facts = {changed}".encode())
        response = await http.get(f"/v1/copies/{copy.code}/facts", headers=bearer(key))
    assert response.status_code == 503
    assert "Trần" not in response.text
