"""Inclusion and consistency, proved from the database to verifiers."""

from itertools import combinations_with_replacement

import psycopg
import pytest

from benchmarks.bulk import VKEY as BULK_VKEY
from benchmarks.bulk import Bulk
from registry.errors import ChainBroken, NothingPublished, UnknownCheckpoint
from registry.log.checkpoint import Checkpoint
from registry.log.policy import policy_of_log
from registry.log.proof import verify_consistency
from registry.log.proof_file import check_proof
from registry.proving import consistency_proof, entry_bundle, inclusion_proof, tile
from registry.store import Store
from tests.testkit.copies import VKEY, publish_now, registered, store_of
from tests.testkit.postgres import Database


async def grown(database: Database, *additions: int) -> list[Checkpoint]:
    """A checkpoint after each addition of entries."""
    checkpoints = []
    for count in additions:
        if count:
            await registered(database, count)
        checkpoints.append(await publish_now(database))
    return checkpoints


async def check_all(store: Store, checkpoints: list[Checkpoint]) -> None:
    for old, new in combinations_with_replacement(checkpoints, 2):
        proof = await consistency_proof(store, old.size, new.size)
        verify_consistency(old.size, new.size, proof, old.root_hash, new.root_hash)


async def test_every_checkpoint_is_proved_to_begin_every_later_one(database: Database) -> None:
    checkpoints = await grown(database, 0, 1, 1, 1, 4, 249, 1, 7)
    assert [one.size for one in checkpoints] == [0, 1, 2, 3, 7, 256, 257, 264]
    async with store_of(database, "registry_reader") as reader:
        await check_all(reader, checkpoints)


async def test_every_entry_is_proved_around_a_full_tile(database: Database) -> None:
    [checkpoint] = await grown(database, 259)
    async with store_of(database, "registry_reader") as reader:
        for index in (0, 1, 127, 255, 256, 257, 258):
            proof = check_proof(await inclusion_proof(reader, index), policy_of_log(VKEY))
            assert (proof.index, proof.checkpoint) == (index, checkpoint)


async def test_proofs_hold_across_three_levels_of_tiles(database: Database) -> None:
    async with await Bulk.connect(database.superuser_url) as bulk:
        checkpoints = [await bulk.grow(size) for size in (255, 65_535, 65_536, 65_537, 66_400)]
    async with store_of(database, "registry_reader") as reader:
        await check_all(reader, checkpoints)
        for index in (0, 254, 255, 256, 65_279, 65_280, 65_535, 65_536, 66_303, 66_304, 66_399):
            proof = check_proof(await inclusion_proof(reader, index), policy_of_log(BULK_VKEY))
            assert (proof.index, proof.checkpoint) == (index, checkpoints[-1])


async def test_consistency_is_proved_between_signed_sizes_only(database: Database) -> None:
    await grown(database, 2, 3)
    async with store_of(database, "registry_reader") as reader:
        for old, new in ((1, 5), (2, 4), (5, 2), (2, 6), (-1, 2)):
            with pytest.raises(UnknownCheckpoint):
                await consistency_proof(reader, old, new)


async def test_files_are_asked_for_in_vain_before_the_first_checkpoint(database: Database) -> None:
    await registered(database, 1)
    async with store_of(database, "registry_reader") as reader:
        with pytest.raises(NothingPublished):
            await tile(reader, 0, 0, 1)
        with pytest.raises(NothingPublished):
            await entry_bundle(reader, 0, 1)


@pytest.mark.broken_registry
async def test_a_consistency_proof_that_proves_nothing_is_not_given(database: Database) -> None:
    await grown(database, 3, 2)
    with psycopg.connect(database.superuser_url) as connection:
        connection.execute("ALTER TABLE registry.entry DISABLE TRIGGER USER")
        connection.execute("UPDATE registry.entry SET leaf_hash = sha256('x') WHERE index = 3")
    async with store_of(database, "registry_reader") as reader:
        with pytest.raises(ChainBroken, match="not an extension of checkpoint 3"):
            await consistency_proof(reader, 3, 5)
