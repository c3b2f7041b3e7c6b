"""Processes of their own name what is wrong in a long book, in its database and in its files."""

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import psycopg
import pytest

from benchmarks.bulk import VKEY, Bulk
from registry.audit import Report
from registry.audit.files import audit_files
from registry.audit.parallel import audit_in_parallel
from registry.audit.quick import PIECE
from registry.audit.subtree import STRETCH
from registry.export import export_tiles
from registry.log.code_map import committed_root
from registry.log.policy import policy_of_log
from registry.proving import latest_checkpoint
from registry.tile_files import TileFiles
from tests.testkit.copies import store_of
from tests.testkit.log_files import serving
from tests.testkit.postgres import Database, Server

pytestmark = pytest.mark.broken_registry

#: Two stretches, and two pieces in the second one: the one after the fault is being read when the
#: fault is met.
SIZE: Final = STRETCH + PIECE + 1000
AT: Final = STRETCH + 100
POLICY: Final = policy_of_log(VKEY)


class Long(NamedTuple):
    """A book and its public files."""

    database: Database
    files: Path

    @contextlib.contextmanager
    def damaged(self, change: str) -> Iterator[None]:
        """One or both of two neighbouring rows of the book."""
        with psycopg.connect(self.database.superuser_url, autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute(f"DROP TABLE IF EXISTS kept; CREATE TABLE kept AS {_ROWS}".encode())
            connection.execute(change.encode())
            try:
                yield
            finally:
                connection.execute(f"DELETE FROM registry.entry WHERE {_AFFECTED}".encode())
                connection.execute("INSERT INTO registry.entry TABLE kept")


_AFFECTED: Final = f"index IN ({AT}, {AT + 1})"
_ROWS: Final = f"SELECT * FROM registry.entry WHERE {_AFFECTED}"


@pytest.fixture(scope="module")
def long(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Long]:
    database = server.clone()
    files = tmp_path_factory.mktemp("log")
    asyncio.run(_fill(database, files))
    with psycopg.connect(database.superuser_url) as connection:
        connection.execute(_UNCONSTRAINED)
    yield Long(database, files)
    server.drop(database)


async def _fill(database: Database, files: Path) -> None:
    async with await Bulk.connect(database.superuser_url, with_map=True) as bulk:
        await bulk.grow(SIZE)
    async with (
        store_of(database, "registry_reader") as store,
        TileFiles.open(str(files), create=True) as tiles,
    ):
        await export_tiles(store, tiles, POLICY)


#: Rows can be doubled and lack what no row lacks, and are found as quickly as before.
_UNCONSTRAINED: Final = b"""
ALTER TABLE registry.entry DROP CONSTRAINT entry_pkey CASCADE, ALTER prev_hash DROP NOT NULL;
CREATE INDEX ON registry.entry (index);
"""


async def audited(long: Long, processes: int) -> Report:
    url = long.database.role_url("registry_reader")
    return await audit_in_parallel(url, POLICY, processes=processes)


def said(report: Report) -> list[tuple[str, str, str]]:
    return [(one.what, one.where, one.field) for one in report.findings]


async def test_a_long_book_is_clean(long: Long) -> None:
    """And commits to a map of its codes, which is built anew."""
    async with store_of(long.database, "registry_reader") as store:
        assert committed_root(await latest_checkpoint(store)) is not None
    for report in (await audited(long, 2), await audit_files(str(long.files), POLICY, processes=2)):
        assert (report.entries, report.findings) == (SIZE, [])


@pytest.mark.parametrize("processes", [0, 2])
@pytest.mark.parametrize(
    ("change", "first"),
    [
        (f"DELETE FROM registry.entry WHERE index = {AT}", ("missing", f"entry {AT}", "index")),
        (
            f"UPDATE registry.entry SET index = {AT} WHERE index = {AT + 1}",
            ("duplicate", f"entry {AT}", "index"),
        ),
        (
            f"UPDATE registry.entry SET prev_hash = NULL WHERE index = {AT}",
            ("chain", f"entry {AT}", "prev_hash"),
        ),
        (
            f"UPDATE registry.entry SET pdf_digest = sha256('x') WHERE index = {AT}",
            ("column", f"entry {AT}", "pdf_digest"),
        ),
    ],
    ids=["deleted", "doubled", "unlinked", "changed"],
)
async def test_a_damaged_row_is_named(
    long: Long, change: str, first: tuple[str, str, str], processes: int
) -> None:
    with long.damaged(change):
        report = await audited(long, processes)
    assert said(report)[:1] == [first]


async def test_a_damaged_folder_is_named(long: Long) -> None:
    """Read from the disk and over HTTP."""
    file = long.files / "tile/entries/257"
    content = file.read_bytes()
    file.write_bytes(content.replace(b"01/2026", b"02/2026", 1))
    (long.files / "tile/0/001").rename(long.files / "tile/0/gone")
    try:
        from_disk = await audit_files(str(long.files), POLICY, processes=2)
        with serving(long.files) as url:
            over_http = await audit_files(url, POLICY, processes=2)
    finally:
        (long.files / "tile/0/gone").rename(long.files / "tile/0/001")
        file.write_bytes(content)
    assert over_http == from_disk
    assert said(from_disk) == [
        ("file", "tile/0/001", "content"),
        ("entry", f"entry {257 * 256} in tile/entries/257", "leaf_hash"),
    ]
