"""An interrupted audit goes on where it had come to, unless the log is not the one it had seen."""

from pathlib import Path

import psycopg
import pytest

from benchmarks.bulk import VKEY, Bulk
from registry.audit import Report
from registry.audit.bookmark import Bookmark, BookmarkUnreadable
from registry.audit.parallel import audit_in_parallel
from registry.audit.subtree import STRETCH
from registry.log.policy import policy_of_log
from tests.testkit.postgres import Database

SIZE = STRETCH + 1000

pytestmark = pytest.mark.broken_registry


class Interrupted(Exception):
    """As a kill would, after the first stretch."""


@pytest.fixture
async def database_of_two_stretches(database: Database) -> Database:
    async with await Bulk.connect(database.superuser_url) as bulk:
        await bulk.grow(SIZE)
    return database


async def audited(database: Database, bookmark: Bookmark, *, stop: bool = False) -> Report:
    def progress(done: int, total: int) -> None:
        if stop and done < total:
            raise Interrupted

    return await audit_in_parallel(
        database.role_url("registry_reader"),
        policy_of_log(VKEY),
        processes=0,
        progress=progress,
        bookmark=bookmark,
    )


async def test_an_interrupted_audit(database_of_two_stretches: Database, tmp_path: Path) -> None:
    """One test for all of it: the book takes a while to make."""
    database = database_of_two_stretches
    bookmark = Bookmark(tmp_path / "audit" / "bookmark")

    def tamper(statement: str) -> None:
        with psycopg.connect(database.superuser_url) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute(statement.encode())

    # What was found before the interruption is not forgotten, and not looked for again.
    tamper("UPDATE registry.entry SET reason = 'x' WHERE index = 49")
    with pytest.raises(Interrupted):
        await audited(database, bookmark, stop=True)
    tamper("UPDATE registry.entry SET reason = '' WHERE index = 49")
    report = await audited(database, bookmark)
    assert (report.start, report.entries) == (STRETCH, SIZE)
    assert [(one.where, one.field) for one in report.findings] == [("entry 49", "reason")]
    assert not bookmark.path.exists()

    with pytest.raises(Interrupted):
        await audited(database, bookmark, stop=True)
    report = await audited(database, bookmark)
    assert (report.start, report.findings) == (STRETCH, [])

    # A log that is not the one of the bookmark is walked from its beginning.
    with pytest.raises(Interrupted):
        await audited(database, bookmark, stop=True)
    last = STRETCH - 1
    tamper(f"UPDATE registry.entry SET entry_hash = sha256('x') WHERE index = {last}")
    report = await audited(database, bookmark)
    assert report.start == 0
    assert [(one.what, one.where, one.field) for one in report.findings] == [
        ("bookmark", f"bookmark at {STRETCH}", "entry_hash"),
        ("hash", f"entry {last}", "entry_hash"),
        ("chain", f"entry {STRETCH}", "prev_hash"),
    ]


async def test_a_bookmark_of_something_else(tmp_path: Path) -> None:
    bookmark = Bookmark(tmp_path / "bookmark")
    assert bookmark.read() is None
    bookmark.path.write_text('{"standing":{"size":7,"last":null,"stretch_roots":[]},"findings":[]}')
    with pytest.raises(BookmarkUnreadable):
        bookmark.read()
