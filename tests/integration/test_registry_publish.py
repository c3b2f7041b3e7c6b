"""Checkpoints and answers, proved to verifiers that have none of our code."""

import asyncio
import base64
import hashlib
import uuid
from datetime import date
from types import SimpleNamespace

import psycopg
import pymerkle
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pymerkle.proof import InclusionProof
from sigstore._internal.merkle import verify_merkle_inclusion
from sigstore._internal.rekor.checkpoint import SignedCheckpoint
from sigstore._internal.trust import Keyring
from sigstore.errors import VerificationError
from sigstore_models.common import v1 as common_v1

from registry.append import Appender
from registry.clock import utc_now
from registry.errors import (
    ChainBroken,
    MalformedCode,
    NothingPublished,
    NotYetPublished,
    UnknownCopy,
)
from registry.log.policy import policy_of_log
from registry.log.proof_file import check_proof
from registry.log.tiles import split_hashes
from registry.log.tree import EMPTY_ROOT, leaf_hash, root_of
from registry.lookup import find_by_code, find_by_digest
from registry.proving import entry_bundle, inclusion_proof, latest_checkpoint, tile
from registry.publish import keep_publishing, publish
from tests.testkit.copies import (
    LOG_KEY,
    ORIGIN,
    VKEY,
    decided,
    fixed_clock,
    made_up_copy,
    publish_now,
    registered,
    store_of,
)
from tests.testkit.postgres import Database


async def test_an_answer_covers_what_is_published_and_says_when_it_does_not(
    database: Database,
) -> None:
    [copy] = await registered(database, 1)
    async with store_of(database, "registry_reader") as reader:
        with pytest.raises(NothingPublished):
            await latest_checkpoint(reader)
        with pytest.raises(NothingPublished):
            await find_by_code(reader, made_up_copy().code)
        with pytest.raises(NotYetPublished):
            await find_by_code(reader, copy.code)
        checkpoint = await publish_now(database)
        found = await find_by_code(reader, copy.code.lower().replace("-", ""))
        assert found
        assert (found.index, found.facts, found.checkpoint) == (0, copy.facts, checkpoint)
        assert (found.entry.pdf_digest, found.status.verdict) == (copy.pdf_digest, "valid")
        assert await find_by_digest(reader, copy.pdf_digest) == found
        assert await find_by_digest(reader, bytes(32)) is None
        assert await find_by_code(reader, made_up_copy().code) is None
        with pytest.raises(MalformedCode):
            await find_by_code(reader, copy.code[:-1])
        [later] = await registered(database, 1)
        with pytest.raises(NotYetPublished):
            await find_by_code(reader, later.code)
        with pytest.raises(NotYetPublished):
            await inclusion_proof(reader, 1)
        with pytest.raises(UnknownCopy):
            await inclusion_proof(reader, 2)


async def test_an_empty_log_is_published_too(database: Database) -> None:
    checkpoint = await publish_now(database)
    assert (checkpoint.size, checkpoint.root_hash) == (0, EMPTY_ROOT)
    await registered(database, 3)
    assert (await publish_now(database)).size == 3


async def test_a_revocation_counts_from_its_checkpoint_on(database: Database) -> None:
    [copy] = await registered(database, 1)
    await publish_now(database)
    async with (
        store_of(database, "registry_writer") as writer,
        Appender(writer, utc_now) as appender,
    ):
        await appender.revoke(copy.code, **decided(), reason="cấp sai")
    async with store_of(database, "registry_reader") as reader:
        before = await find_by_code(reader, copy.code)
        await publish_now(database)
        after = await find_by_code(reader, copy.code)
    assert before
    assert after
    assert (before.status.verdict, after.status.verdict) == ("valid", "revoked")
    assert (after.status.decision, after.status.decided_on, after.status.reason) == (
        "12/QĐ-UBND",
        date(2026, 11, 22),
        "cấp sai",
    )


def _parsed(text: str) -> tuple[bytes, int, list[bytes], str, int, bytes]:
    """A tlog-proof file taken apart by the letter of its specification: body, index, hashes,
    note, size, root."""
    head, _, note = text.partition("\n\n")
    lines, origin_size_root = head.split("\n"), note.split("\n")
    return (
        base64.b64decode(lines[1].removeprefix("extra ")),
        int(lines[2].removeprefix("index ")),
        [base64.b64decode(line) for line in lines[3:]],
        note,
        int(origin_size_root[1]),
        base64.b64decode(origin_size_root[2]),
    )


async def test_sigstores_verifier_accepts_every_inclusion_proof(database: Database) -> None:
    await registered(database, 70)
    await publish_now(database)
    async with store_of(database, "registry_reader") as reader:
        proofs = [await inclusion_proof(reader, index) for index in (0, 1, 63, 64, 69)]
    for text in proofs:
        content, index, hashes, _, size, root = _parsed(text)
        proof = SimpleNamespace(log_index=index, tree_size=size, hashes=hashes, root_hash=root)
        inner = SimpleNamespace(inclusion_proof=proof, canonicalized_body=content)
        verify_merkle_inclusion(SimpleNamespace(_inner=inner))
        inner.canonicalized_body = content.replace(b"issued", b"ussied")
        with pytest.raises(VerificationError):
            verify_merkle_inclusion(SimpleNamespace(_inner=inner))


async def test_sigstores_verifier_accepts_the_checkpoints_note(database: Database) -> None:
    await registered(database, 2)
    checkpoint = await publish_now(database)
    spki = LOG_KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    keyring = Keyring(
        [
            common_v1.PublicKey(
                raw_bytes=base64.b64encode(spki),
                key_details=common_v1.PublicKeyDetails.PKIX_ED25519,
            )
        ]
    )
    raw = LOG_KEY.public_key().public_bytes_raw()
    key_id = hashlib.sha256(ORIGIN.encode() + b"\n\x01" + raw).digest()[:4]
    signed = SignedCheckpoint.from_text(checkpoint.note)
    signed.signed_note.verify(keyring, key_id)
    assert (signed.checkpoint.origin, signed.checkpoint.log_size) == (ORIGIN, 2)
    assert signed.checkpoint.log_hash == checkpoint.root_hash.hex()
    with pytest.raises(VerificationError):
        SignedCheckpoint.from_text(checkpoint.note.replace("\n2\n", "\n3\n")).signed_note.verify(
            keyring, key_id
        )


async def test_pymerkles_tree_has_our_root(database: Database) -> None:
    await registered(database, 37)
    checkpoint = await publish_now(database)
    async with store_of(database, "registry_reader") as reader:
        served = await entry_bundle(reader, 0, 37)
        text = await inclusion_proof(reader, 21)
    assert served
    tree, at = pymerkle.InmemoryTree(algorithm="sha256"), 0
    while at < len(served):
        length = int.from_bytes(served[at : at + 2], "big")
        tree.append_entry(served[at + 2 : at + 2 + length])
        at += 2 + length
    assert tree.get_root() == checkpoint.root_hash
    theirs: InclusionProof = tree.prove_inclusion(22)
    assert set(_parsed(text)[2]) <= set(theirs.path)


async def test_tiles_are_served_full_and_partial(database: Database) -> None:
    await registered(database, 300)
    await publish_now(database)
    await registered(database, 230)
    checkpoint = await publish_now(database)
    async with store_of(database, "registry_reader") as reader:
        leaves: list[bytes] = []
        for index, width in ((0, 256), (1, 256), (2, 18)):
            leaves += split_hashes(await tile(reader, 0, index, width) or b"")
        assert root_of(leaves) == checkpoint.root_hash
        assert await tile(reader, 0, 2, 7) == b"".join(leaves[512:519])
        assert await tile(reader, 1, 0, 2) == root_of(leaves[:256]) + root_of(leaves[256:512])
        for absent in ((0, 2, 19), (0, 2, 256), (0, 3, 1), (1, 0, 3), (2, 0, 1), (63, 0, 1)):
            assert await tile(reader, *absent) is None
        assert await entry_bundle(reader, 2, 19) is None
        first = await entry_bundle(reader, 2, 1)
        assert first
        assert leaf_hash(first[2:]) == leaves[512]
        for index in (0, 255, 256, 529):
            text = await inclusion_proof(reader, index)
            assert check_proof(text, policy_of_log(VKEY)).index == index


async def test_publishers_never_sign_two_trees_of_one_size(database: Database) -> None:
    async with (
        store_of(database, "registry_publisher") as one,
        store_of(database, "registry_publisher") as other,
        store_of(database, "registry_writer") as writer,
    ):
        del writer
        appending = asyncio.create_task(registered(database, 40))
        signed = []
        while not appending.done():
            signed += await asyncio.gather(
                *(publish(store, LOG_KEY, ORIGIN, fixed_clock) for store in (one, other))
            )
        await appending
        signed.append(await publish(one, LOG_KEY, ORIGIN, fixed_clock))
    assert len({checkpoint.size for checkpoint in signed}) == len(
        {checkpoint.note for checkpoint in signed}
    )


async def test_the_publishers_loop_covers_new_entries(database: Database) -> None:
    async with (
        store_of(database, "registry_publisher") as publisher,
        store_of(database, "registry_reader") as reader,
    ):
        loop = asyncio.create_task(keep_publishing(publisher, LOG_KEY, ORIGIN, utc_now, every=0.05))
        [copy] = await registered(database, 1)
        for _ in range(200):
            try:
                if await find_by_code(reader, copy.code):
                    break
            except (NotYetPublished, NothingPublished):
                await asyncio.sleep(0.02)
        else:
            pytest.fail("never published")
        loop.cancel()
        with pytest.raises(asyncio.CancelledError):
            await loop


@pytest.mark.broken_registry
@pytest.mark.parametrize(
    ("statement", "where"),
    [
        ("UPDATE registry.entry SET body = body || ' ' WHERE index = 4", "entry 4"),
        ("UPDATE registry.entry SET prev_hash = leaf_hash WHERE index = 4", "entry 4"),
        ("DELETE FROM registry.entry WHERE index = 4", "entry 4"),
        ("DELETE FROM registry.entry WHERE index = 5", "head"),
        ("UPDATE registry.head SET entry_hash = sha256('x')", "head"),
        ("UPDATE registry.entry SET leaf_hash = sha256('x') WHERE index = 1", "checkpoint 3"),
        ("DELETE FROM registry.entry WHERE index = 1", "checkpoint 3"),
        ("UPDATE registry.checkpoint SET root_hash = sha256('x')", "checkpoint 3"),
        ("UPDATE registry.checkpoint SET note = 'x'", "checkpoint 3"),
    ],
)
async def test_nothing_is_signed_over_a_broken_book(
    database: Database, statement: str, where: str
) -> None:
    await registered(database, 3)
    await publish_now(database)
    await registered(database, 3)
    with psycopg.connect(database.superuser_url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(statement)
    with pytest.raises(ChainBroken, match=where):
        await publish_now(database)
    with psycopg.connect(database.superuser_url) as connection:
        assert connection.execute("SELECT max(size) FROM registry.checkpoint").fetchone() == (3,)


async def test_another_origin_does_not_continue_this_log(database: Database) -> None:
    await registered(database, 1)
    await publish_now(database)
    async with store_of(database, "registry_publisher") as publisher:
        with pytest.raises(ChainBroken):
            await publish(publisher, LOG_KEY, f"{uuid.uuid4()}.example/log", fixed_clock)


@pytest.mark.broken_registry
async def test_a_proof_that_proves_nothing_is_not_given(database: Database) -> None:
    await registered(database, 3)
    await publish_now(database)
    with psycopg.connect(database.superuser_url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE registry.entry SET leaf_hash = sha256('x') WHERE index = 1")
    async with store_of(database, "registry_reader") as reader:
        with pytest.raises(ChainBroken):
            await inclusion_proof(reader, 0)
