"""The log as strangers fetch it: what caches may keep, what is not there, and its time stamps."""

import gzip
import shutil
import subprocess
from pathlib import Path

import httpx
import psycopg
import pytest
from cryptography.x509 import load_pem_x509_certificates
from msgspec.structs import replace

from registry.errors import TimeStampUnavailable
from registry.log.checkpoint import parse_checkpoint
from registry.log.note import split_note
from registry.log.policy import parse_policy, policy_of_log, policy_text
from registry.log.proof_file import check_proof
from registry.publish import Publisher
from registry.sign import sign
from registry.time_stamps import TimeStampAuthority, stamp_missing
from tests.testkit.copies import (
    LOG_KEY,
    ORIGIN,
    VKEY,
    fixed_clock,
    publish_now,
    registered,
    store_of,
)
from tests.testkit.issued import CopyOffice, SigningHouse, copy_office, signing_house
from tests.testkit.postgres import Database
from tests.testkit.witnesses import FakeWitness, policy_with
from verify_portal.ledger import Ledger

__all__ = ["copy_office", "signing_house"]

YEAR = "public, max-age=31536000, immutable"


def authority_of(house: SigningHouse) -> TimeStampAuthority:
    roots = load_pem_x509_certificates((house.trust / "root.pem").read_bytes())
    return TimeStampAuthority(house.tsa_url, roots)


async def stamp(database: Database, house: SigningHouse, after: int = -1) -> int:
    async with (
        store_of(database, "registry_publisher") as store,
        authority_of(house) as authority,
    ):
        return await stamp_missing(store, authority, fixed_clock, after)


async def test_caches_keep_what_never_changes_and_forget_the_rest(copy_office: CopyOffice) -> None:
    await registered(copy_office.database, 300)
    await publish_now(copy_office.database)
    expected = {
        "checkpoint": (200, "text/plain; charset=utf-8", "public, max-age=1, must-revalidate"),
        "tile/0/000": (200, "application/octet-stream", YEAR),
        "tile/entries/000": (200, "application/octet-stream", YEAR),
        "tile/0/001.p/44": (200, "application/octet-stream", "public, max-age=3600, immutable"),
        "tile/1/000.p/1": (200, "application/octet-stream", "public, max-age=3600, immutable"),
        "tile/entries/001.p/44": (
            *(200, "application/octet-stream"),
            "public, max-age=3600, immutable",
        ),
        "tile/0/001": (404, "application/problem+json", "no-store"),
        "tile/0/001.p/45": (404, "application/problem+json", "no-store"),
        "tile/entries/002.p/1": (404, "application/problem+json", "no-store"),
        "tile/x": (404, "application/problem+json", "no-store"),
        "time-stamp/300": (404, "application/problem+json", "no-store"),
        "proof/300": (404, "application/problem+json", "no-store"),
    }
    async with copy_office.client() as http:
        found = {}
        for path in expected:
            response = await http.get(f"/log/{path}")
            headers = response.headers
            found[path] = (response.status_code, headers["Content-Type"], headers["Cache-Control"])
            if response.status_code == 200:
                assert headers["Access-Control-Allow-Origin"] == "*"
    assert found == expected


async def test_a_head_request_is_told_the_same_without_the_content(
    copy_office: CopyOffice,
) -> None:
    await registered(copy_office.database, 3)
    await publish_now(copy_office.database)
    async with copy_office.client() as http:
        for path in ("checkpoint", "tile/0/000.p/3", "tile/entries/000.p/3", "policy", "tile/0/9"):
            got, told = await http.get(f"/log/{path}"), await http.head(f"/log/{path}")
            assert (told.status_code, told.content) == (got.status_code, b"")
            for name in ("Content-Type", "Cache-Control"):
                assert told.headers[name] == got.headers[name], path


@pytest.mark.parametrize(
    ("accepted", "compressed"),
    [
        ("gzip", True),
        ("identity", False),
        ("", False),
        ("br, gzip;q=0.5", True),
        ("gzip;q=0", False),
        ("*", True),
        ("*;q=0", False),
        ("GZIP", True),
    ],
)
async def test_entries_are_compressed_for_whoever_takes_them_so(
    copy_office: CopyOffice, accepted: str, compressed: bool
) -> None:
    await registered(copy_office.database, 4)
    await publish_now(copy_office.database)
    async with copy_office.client() as http:
        path, header = "/log/tile/entries/000.p/4", {"Accept-Encoding": accepted}
        async with http.stream("GET", path, headers=header) as response:
            raw = b"".join([chunk async for chunk in response.aiter_raw()])
        plain = (await http.get(path, headers={"Accept-Encoding": "identity"})).content
        tile = await http.get("/log/tile/0/000.p/4", headers=header)
    assert response.headers["Vary"] == "Accept-Encoding"
    assert (response.headers.get("Content-Encoding") == "gzip") is compressed
    assert (gzip.decompress(raw) if compressed else raw) == plain
    assert "Content-Encoding" not in tile.headers, "hashes do not compress"


async def test_what_is_signed_but_not_published_is_served_to_nobody(
    copy_office: CopyOffice, signing_house: SigningHouse
) -> None:
    database = copy_office.database
    await registered(database, 255)
    await publish_now(database)
    await registered(database, 5)
    async with store_of(database, "registry_publisher") as store:
        await sign(store, LOG_KEY, ORIGIN, fixed_clock, one_at_a_time=True)
    await stamp(database, signing_house)
    later = ("tile/0/000", "tile/entries/000", "tile/1/000.p/1", "time-stamp/260", "proof/259")
    async with copy_office.client() as http:
        assert parse_checkpoint((await http.get("/log/checkpoint")).text).size == 255
        assert (await http.get("/log/tile/0/000.p/255")).status_code == 200
        assert (await http.get("/log/time-stamp/255")).status_code == 200
        for path in later:
            assert (await http.get(f"/log/{path}")).status_code == 404, path
        await publish_now(database)
        for path in later:
            assert (await http.get(f"/log/{path}")).status_code == 200, path


async def test_checkpoint_and_proofs_carry_cosignatures_also_those_that_came_later(
    copy_office: CopyOffice,
) -> None:
    await registered(copy_office.database, 2)
    await publish_now(copy_office.database)
    with FakeWitness().running() as witness:
        policy = policy_with(witness, threshold=1)
        async with copy_office.client() as http:
            bare = (await http.get("/log/checkpoint")).text
            assert policy.cosigned_by(bare) == {}
            async with (
                store_of(copy_office.database, "registry_publisher") as store,
                Publisher(store, LOG_KEY, ORIGIN, fixed_clock, policy) as publisher,
            ):
                await publisher.advance()
            cosigned = (await http.get("/log/checkpoint")).text
            proof = (await http.get("/log/proof/1")).text
    assert cosigned.startswith(bare)
    assert policy.open_checkpoint(cosigned).size == 2
    assert check_proof(proof, policy).index == 1


async def test_the_policy_is_told_without_the_witnesses_addresses(copy_office: CopyOffice) -> None:
    with FakeWitness().running() as witness:
        policy = policy_with(witness, threshold=1)
    ledger = Ledger(copy_office.database.role_url("registry_reader"), policy=policy)
    assert "127.0.0.1" not in ledger.public_policy
    told = parse_policy(ledger.public_policy)
    assert [one.cosigner for one in told.witnesses] == [witness.cosigner]
    assert told.quorum == policy.quorum
    async with copy_office.client() as http:
        served = (await http.get("/log/policy")).text
    assert served == policy_text(policy_of_log(VKEY))


async def test_names_in_a_policy_are_octets(copy_office: CopyOffice, tmp_path: Path) -> None:
    with FakeWitness().running() as witness:
        text = policy_text(policy_with(witness)).replace(f"witness {witness.name}", "witness w?")
    (tmp_path / "policy").write_bytes(text.encode().replace(b"w?", b"w\xff"))
    registry = replace(copy_office.settings.registry, policy_file=tmp_path / "policy")
    settings = replace(copy_office.settings, registry=registry)
    async with replace(copy_office, settings=settings).client() as http:
        response = await http.get("/log/policy")
    assert b"witness w\xff " in response.content
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"


async def test_who_reads_the_whole_log_is_not_taken_for_a_guesser(copy_office: CopyOffice) -> None:
    await registered(copy_office.database, 1)
    await publish_now(copy_office.database)
    async with copy_office.client() as http:
        statuses = {(await http.get("/log/tile/0/000.p/1")).status_code for _ in range(200)}
    assert statuses == {200}


@pytest.mark.parametrize("size", ["-1", "0", "99999999999999999999999999", "x", "1.5"])
async def test_no_size_breaks_the_way_to_time_stamps(copy_office: CopyOffice, size: str) -> None:
    await registered(copy_office.database, 1)
    await publish_now(copy_office.database)
    async with copy_office.client() as http:
        assert (await http.get(f"/log/time-stamp/{size}")).status_code == 404


async def test_a_stranger_checks_a_checkpoints_time_with_openssl(
    copy_office: CopyOffice, signing_house: SigningHouse, tmp_path: Path
) -> None:
    """From the proof that a holder keeps: cosignatures off, the token over what remains."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl on this machine")
    await registered(copy_office.database, 3)
    with FakeWitness().running() as witness:
        policy = policy_with(witness, threshold=1)
        async with (
            store_of(copy_office.database, "registry_publisher") as store,
            Publisher(store, LOG_KEY, ORIGIN, fixed_clock, policy) as publisher,
        ):
            await publisher.advance()
    assert await stamp(copy_office.database, signing_house) == 3
    async with copy_office.client() as http:
        proof = (await http.get("/log/proof/1")).text
        response = await http.get("/log/time-stamp/3")
    assert response.headers["Content-Type"] == "application/vnd.etsi.timestamp-token"
    assert response.headers["Cache-Control"] == YEAR
    note = proof.partition("\n\n")[2]
    assert len(split_note(note)[1]) == 2
    text, _, lines = note.partition("\n\n")
    (tmp_path / "signed").write_text(f"{text}\n\n{lines.splitlines()[0]}\n", "utf-8")
    (tmp_path / "token").write_bytes(response.content)

    def verified(message: Path) -> bool:
        command = [
            *(openssl, "ts", "-verify", "-token_in", "-in", str(tmp_path / "token")),
            *("-data", str(message), "-CAfile", str(signing_house.trust / "root.pem")),
        ]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    assert verified(tmp_path / "signed")
    (tmp_path / "whole").write_text(note, "utf-8")
    assert not verified(tmp_path / "whole"), "the control: other bytes have no such time"


async def test_each_checkpoint_gets_one_token_also_those_that_waited(
    copy_office: CopyOffice, signing_house: SigningHouse
) -> None:
    database = copy_office.database
    for _ in range(3):
        await registered(database, 2)
        await publish_now(database)
    assert await stamp(database, signing_house) == 6
    assert await stamp(database, signing_house, 6) == 6
    await registered(database, 1)
    await publish_now(database)
    assert await stamp(database, signing_house) == 7
    with psycopg.connect(database.role_url("registry_reader")) as connection:
        rows = connection.execute("SELECT size FROM registry.checkpoint_time ORDER BY size")
        assert rows.fetchall() == [(2,), (4,), (6,), (7,)]


async def test_an_authority_that_is_down_stops_no_publication_and_its_return_fills_the_gap(
    copy_office: CopyOffice, signing_house: SigningHouse
) -> None:
    database = copy_office.database
    await registered(database, 1)
    await publish_now(database)
    transport = httpx.MockTransport(lambda _: httpx.Response(503))
    async with (
        store_of(database, "registry_publisher") as store,
        TimeStampAuthority("http://tsa.example", [], transport=transport) as down,
    ):
        with pytest.raises(TimeStampUnavailable):
            await stamp_missing(store, down, fixed_clock)
    async with copy_office.client() as http:
        assert (await http.get("/log/checkpoint")).status_code == 200
        assert (await http.get("/log/time-stamp/1")).status_code == 404
        await stamp(database, signing_house)
        assert (await http.get("/log/time-stamp/1")).status_code == 200
