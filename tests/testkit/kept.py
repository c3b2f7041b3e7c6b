"""What is in the book after a fault, believed only when everything that can check it agrees."""

from collections.abc import Iterable

import msgspec
import psycopg

from registry.audit import audit
from registry.log.checkpoint import Checkpoint, open_checkpoint
from registry.log.note import parse_verifier
from registry.log.tree import CompactRange
from registry.store import Store
from tests.testkit.copies import ORIGIN, VKEY, publish_now
from tests.testkit.postgres import Database


class KeptEntry(msgspec.Struct, frozen=True):
    index: int
    kind: str
    code_hash: bytes
    leaf_hash: bytes


async def kept(database: Database, notes: Iterable[str] = ()) -> list[KeptEntry]:
    """Every entry in order, once the next checkpoint could be published and the audit is clean.

    `notes`: every checkpoint that anybody saw before; each must be of this same history.
    """
    newest = await publish_now(database)
    async with await Store.connect(database.role_url("registry_reader")) as reader:
        report = await audit(reader)
    assert report.findings == []
    entries = stored(database)
    assert newest.size == report.checkpoint_size == report.entries == len(entries)
    refuse_forks(entries, [*notes, newest.note])
    return entries


def stored(database: Database) -> list[KeptEntry]:
    """Every entry in order, as the table has it now."""
    with psycopg.connect(database.superuser_url) as connection:
        rows = connection.execute(
            "SELECT index, kind, code_hash, leaf_hash FROM registry.entry ORDER BY index"
        )
        return [KeptEntry(*row) for row in rows]


def refuse_forks(entries: Iterable[KeptEntry], notes: Iterable[str]) -> None:
    """Every note bears the log's signature and the root of the first `size` of these entries."""
    seen: dict[int, list[Checkpoint]] = {}
    for note in set(notes):
        checkpoint = open_checkpoint(note, ORIGIN, [parse_verifier(VKEY)])
        seen.setdefault(checkpoint.size, []).append(checkpoint)
    tree = CompactRange()
    _refuse_other_roots(tree, seen)
    for entry in entries:
        tree.append(entry.leaf_hash)
        _refuse_other_roots(tree, seen)
    assert max(seen, default=0) <= tree.size, "a checkpoint covers entries that are gone"


def _refuse_other_roots(tree: CompactRange, seen: dict[int, list[Checkpoint]]) -> None:
    for checkpoint in seen.get(tree.size, []):
        assert checkpoint.root_hash == tree.root(), f"two trees of size {tree.size}"
