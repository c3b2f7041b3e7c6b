"""The log as static files: what any file server then serves, and what is refused to be written."""

import contextlib
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from obstore.store import LocalStore, MemoryStore

from benchmarks.bulk import LOG_KEY, ORIGIN, VKEY, Bulk
from registry.errors import ChainBroken, ExportRefused, LogUnreachable, NothingPublished
from registry.export import Exported, export_tiles
from registry.log.checkpoint import Checkpoint, sign_checkpoint
from registry.log.note import verifier_line
from registry.log.policy import parse_policy, policy_of_log
from registry.log.proof import inclusion_ranges, verify_inclusion
from registry.log.tiles import TileBuilder, range_hash, tiles_for, width_at
from registry.log.tree import leaf_hash
from registry.places import StorePlace
from registry.tile_files import TileFiles
from tests.testkit.copies import publish_now, registered, store_of
from tests.testkit.issued import CopyOffice, copy_office, signing_house
from tests.testkit.log_files import serving
from tests.testkit.postgres import Database, Server

__all__ = ["copy_office", "signing_house"]

POLICY = policy_of_log(VKEY)


@contextlib.asynccontextmanager
async def filled(database: Database, *sizes: int) -> AsyncIterator[Bulk]:
    async with await Bulk.connect(database.superuser_url) as bulk:
        for size in sizes:
            await bulk.grow(size)
        yield bulk


async def exported(database: Database, files: TileFiles) -> Exported:
    async with store_of(database, "registry_reader") as reader:
        return await export_tiles(reader, files, POLICY)


def in_directory(directory: Path) -> TileFiles:
    return TileFiles.open(str(directory), create=True)


def contents(directory: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(directory)): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file()
    }


async def check_tree(files: TileFiles) -> Checkpoint:
    """Every file that the checkpoint implies, from the entries up."""
    checkpoint = POLICY.open_checkpoint(await files.checkpoint())
    builder = TileBuilder()
    for index in range(-(-checkpoint.size // 256)):
        for body in await files.entries(index, width_at(0, index, checkpoint.size)):
            for tile in builder.append(leaf_hash(body)):
                assert b"".join(await files.tile(tile.level, tile.index)) == tile.hashes
    for level, index, hashes in builder.partial_tiles():
        assert await files.tile(level, index, len(hashes)) == list(hashes)
    assert (builder.size, builder.root()) == (checkpoint.size, checkpoint.root_hash)
    return checkpoint


async def test_a_plain_file_server_serves_proofs_of_every_entry(
    database: Database, tmp_path: Path
) -> None:
    async with filled(database, 700):
        await exported(database, in_directory(tmp_path))
    with serving(tmp_path) as url:
        async with TileFiles.open(url) as files:
            checkpoint = await check_tree(files)
            assert checkpoint.size == 700
            for index in (0, 255, 256, 511, 512, 699):
                ranges = inclusion_ranges(index, 700)
                tiles = {
                    name: await files.tile(*name, width_at(*name, 700))
                    for name in tiles_for(ranges)
                }
                proof = [range_hash(tiles, *one) for one in ranges]
                body = (await files.entries(index // 256, width_at(0, index // 256, 700)))[
                    index % 256
                ]
                verify_inclusion(index, 700, leaf_hash(body), proof, checkpoint.root_hash)


async def test_the_files_are_what_the_portal_serves(
    copy_office: CopyOffice, tmp_path: Path
) -> None:
    await registered(copy_office.database, 258)
    await publish_now(copy_office.database)
    async with store_of(copy_office.database, "registry_reader") as reader:
        policy = copy_office.settings.registry.policy()
        await export_tiles(reader, in_directory(tmp_path), policy)
    files = contents(tmp_path)
    assert set(files) == {
        "checkpoint",
        "policy",
        "tile/0/000",
        "tile/0/001.p/2",
        "tile/1/000.p/1",
        "tile/entries/000",
        "tile/entries/001.p/2",
    }
    async with copy_office.client() as http:
        for path, content in files.items():
            assert (await http.get(f"/log/{path}")).content == content, path


async def test_a_second_run_writes_only_what_is_new(database: Database, tmp_path: Path) -> None:
    async with filled(database, 300) as bulk:
        first = await exported(database, in_directory(tmp_path))
        before = contents(tmp_path)
        assert (first.size, first.files) == (300, len(before))
        assert first.bytes == sum(map(len, before.values()))

        again = await exported(database, in_directory(tmp_path))
        assert (again.files, again.bytes) == (0, 0)

        await bulk.grow(515)
        second = await exported(database, in_directory(tmp_path))
    after = contents(tmp_path)
    changed = {path for path in after if after[path] != before.get(path)}
    assert changed == {
        "checkpoint",
        "tile/0/001",
        "tile/0/002.p/3",
        "tile/1/000.p/2",
        "tile/entries/001",
        "tile/entries/002.p/3",
    }
    assert second.files == len(changed)
    # What was partial and is full now may go; a reader of the old checkpoint takes the full file.
    assert set(before) - set(after) == {"tile/0/001.p/44", "tile/entries/001.p/44"}
    await check_tree(in_directory(tmp_path))


async def test_an_empty_log_is_exported_and_grows(database: Database, tmp_path: Path) -> None:
    async with filled(database, 0) as bulk:
        assert (await exported(database, in_directory(tmp_path))).size == 0
        await bulk.grow(1)
        await exported(database, in_directory(tmp_path))
    assert (await check_tree(in_directory(tmp_path))).size == 1


async def test_nothing_is_exported_before_anything_is_published(
    database: Database, tmp_path: Path
) -> None:
    with pytest.raises(NothingPublished):
        await exported(database, in_directory(tmp_path))


class Dying(StorePlace):
    """TEST FAKE: a place that is gone after so many files, like an exporter that is killed."""

    def __init__(self, store: LocalStore | MemoryStore, after: int) -> None:
        super().__init__(store)
        self.left = after

    async def write(self, path: str, content: bytes, attributes: Mapping[str, str]) -> None:
        if self.left == 0:
            raise LogUnreachable("gone")
        self.left -= 1
        await super().write(path, content, attributes)


async def test_cut_off_anywhere_it_shows_a_whole_tree_and_is_taken_up_again(
    database: Database,
) -> None:
    store = MemoryStore()
    whole = TileFiles(StorePlace(store))
    async with filled(database) as bulk:
        for size in (300, 600):
            await bulk.grow(size)
            cut = 0
            while True:
                try:
                    done = await exported(database, TileFiles(Dying(store, after=1)))
                except LogUnreachable:
                    cut += 1
                else:
                    break
                if size == 600:
                    assert (await check_tree(whole)).size == 300
            assert (done.size, (await check_tree(whole)).size) == (size, size)
            assert cut >= 5


async def test_a_target_with_another_log_is_left_alone(
    database: Database, server: Server, tmp_path: Path
) -> None:
    other = server.clone()
    try:
        async with filled(other, 300):
            await exported(other, in_directory(tmp_path))
    finally:
        server.drop(other)
    before = contents(tmp_path)
    async with filled(database, 299) as bulk:
        with pytest.raises(ExportRefused, match="holds 300 entries"):
            await exported(database, in_directory(tmp_path))
        for size in (300, 700):
            await bulk.grow(size)
            with pytest.raises(ExportRefused, match="history was rewritten"):
                await exported(database, in_directory(tmp_path))
        assert contents(tmp_path) == before
        (tmp_path / "checkpoint").unlink()
        with pytest.raises(ExportRefused, match="something else there"):
            await exported(database, in_directory(tmp_path))


@pytest.mark.parametrize(
    "note",
    [
        sign_checkpoint("other/log", 1, bytes(32), LOG_KEY).note,
        sign_checkpoint(ORIGIN, 1, bytes(32), Ed25519PrivateKey.generate()).note,
        "no note\n",
    ],
)
async def test_a_strangers_checkpoint_is_not_replaced(
    note: str, database: Database, tmp_path: Path
) -> None:
    (tmp_path / "checkpoint").write_text(note)
    async with filled(database, 3):
        with pytest.raises(ExportRefused, match="the target's checkpoint"):
            await exported(database, in_directory(tmp_path))
    assert (tmp_path / "checkpoint").read_text() == note


@pytest.mark.parametrize(
    ("held", "damage"),
    [
        (0, "UPDATE registry.entry SET body = body || ' ' WHERE index = 100"),
        (4400, "UPDATE registry.entry SET body = body || ' ' WHERE index = 4500"),
        (0, "UPDATE registry.entry SET body = body || ' ' WHERE index = 5000"),
        (4400, "UPDATE registry.entry SET leaf_hash = sha256('x') WHERE index = 5000"),
        (0, "DELETE FROM registry.entry WHERE index = 4500"),
        (4400, "UPDATE registry.tile SET root_hash = sha256('x') WHERE level = 0 AND index = 1"),
        (4400, "DELETE FROM registry.tile WHERE level = 0 AND index = 18"),
    ],
)
async def test_of_a_broken_book_nothing_broken_gets_out(
    held: int, damage: str, database: Database, tmp_path: Path
) -> None:
    async with filled(database) as bulk:
        for size in (held, 5001):
            await bulk.grow(size)
            if size == held:
                await exported(database, in_directory(tmp_path))
        with damaged(database, damage), pytest.raises(ChainBroken):
            await exported(database, in_directory(tmp_path))
        assert (await check_tree(in_directory(tmp_path))).size == held
        await exported(database, in_directory(tmp_path))  # no file stands in the way
    assert (await check_tree(in_directory(tmp_path))).size == 5001


@contextlib.contextmanager
def damaged(database: Database, statement: str) -> Iterator[None]:
    """By a superuser, who then puts everything back."""
    with psycopg.connect(database.superuser_url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        for table in ("entry", "tile"):
            connection.execute(f"CREATE TEMP TABLE kept_{table} AS TABLE registry.{table}".encode())
        connection.execute(statement.encode())
        yield
        for table in ("entry", "tile"):
            connection.execute(f"DELETE FROM registry.{table}".encode())
            connection.execute(f"INSERT INTO registry.{table} TABLE kept_{table}".encode())


async def test_a_checkpoint_that_came_meanwhile_is_not_moved_back(
    database: Database, tmp_path: Path
) -> None:
    """Two exporters, the slower one with the older checkpoint."""

    class Overtaken(StorePlace):
        """TEST FAKE: another exporter ends while this one settles."""

        async def settle(self) -> None:
            await bulk.grow(400)
            await exported(database, in_directory(tmp_path))

    async with filled(database, 300) as bulk:
        with pytest.raises(ExportRefused, match="holds 400 entries"):
            await exported(database, TileFiles(Overtaken(LocalStore(tmp_path))))
    assert (await check_tree(in_directory(tmp_path))).size == 400


@pytest.mark.broken_registry  # the token is none
async def test_policy_and_time_stamp_stand_beside_the_checkpoint(
    database: Database, tmp_path: Path
) -> None:
    async with filled(database, 3):
        with psycopg.connect(database.superuser_url) as connection:
            connection.execute("INSERT INTO registry.checkpoint_time VALUES (3, 'a token', now())")
        await exported(database, in_directory(tmp_path))
    files = contents(tmp_path)
    assert files["time-stamp/3"] == b"a token"
    assert parse_policy(files["policy"].decode()) == POLICY
    assert verifier_line(ORIGIN, LOG_KEY.public_key()).encode() in files["policy"]
