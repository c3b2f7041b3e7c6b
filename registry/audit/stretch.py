"""A stretch of entries, judged row by row in plain Python (pure): slow, and it names everything."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

import msgspec

from registry.audit.entries import Edge, edges_of, judge_entry, judge_neighbours
from registry.audit.report import Finding, Findings
from registry.audit.subtree import Subtree, span
from registry.log.tiles import WIDTH, Tile, TileName
from registry.log.tree import HASH_BYTES
from registry.store.walking import EntryRow, TileRow

if TYPE_CHECKING:
    from registry.audit.keys import Keys

_NO_HASH: Final = bytes(HASH_BYTES)


class Task(msgspec.Struct, frozen=True):
    """Entries [start, end) are to be judged; start is a multiple of STRETCH.

    `sizes`: the checkpoints' sizes above start and not above end. `published`: the newest one's,
    up to which full tiles must be stored.
    """

    start: int
    end: int
    sizes: list[int]
    published: int


class Stretch(msgspec.Struct, frozen=True, kw_only=True):
    """A judged stretch. `first` has the first entry's prev_hash, `last` the last one's entry_hash;
    None where that entry is missing.

    `roots`: the hash over its leaves up to each size that was asked for, and up to its end.
    `keys` are gathered where all is judged in bulk.
    """

    start: int
    end: int
    first: Edge | None
    last: Edge | None
    roots: dict[int, bytes]
    findings: list[Finding]
    keys: "Keys | None" = None


class StretchWalk:
    """Takes a stretch's rows in order of their index; `finish` gives what was found."""

    def __init__(self, task: Task, erased: Collection[bytes]) -> None:
        self._task = task
        self._erased = erased
        self._findings = Findings()
        self._leaves: list[bytes | None] = []
        self._first: Edge | None = None
        self._last: Edge | None = None

    def row(self, row: EntryRow) -> None:
        expected = self._task.start + len(self._leaves)
        if row.link.index < expected:
            where = f"entry {row.link.index}"
            self._findings.add("duplicate", where, "index", "one entry", "another one")
            return
        self._skip(row.link.index)
        towards_before, towards_after = edges_of(row)
        judge_neighbours(row.link.index, self._last, towards_before, self._findings)
        judge_entry(row, self._erased, self._findings)
        if row.link.index == self._task.start:
            self._first = towards_before
        self._last = towards_after
        self._leaves.append(row.link.leaf_hash)

    def _skip(self, index: int) -> None:
        """Name the entries that are missing before `index`."""
        expected = self._task.start + len(self._leaves)
        if index > expected:
            missing = f"entry {expected}"
            if index > expected + 1:
                missing = f"entries {expected} to {index - 1}"
            self._findings.add("missing", missing, "index", "a row", "none")
            self._leaves += [None] * (index - expected)
            self._last = None

    def finish(self, stored: Mapping[TileName, TileRow]) -> Stretch:
        """`stored`: the tiles of levels 0 and 1 inside of the stretch."""
        self._skip(self._task.end)
        tree = Subtree(self._task.start, b"".join(self._known_leaves(stored)))
        judge_tiles(tree.tiles(), stored, self._task.published, self._findings)
        return Stretch(
            start=self._task.start,
            end=self._task.end,
            first=self._first,
            last=self._last,
            roots=roots_of(tree, self._task),
            findings=self._findings.all,
        )

    def _known_leaves(self, stored: Mapping[TileName, TileRow]) -> Iterator[bytes]:
        """A missing entry's leaf is taken from its tile, so that the tree above shows no more
        than that entry's loss.
        """
        for index, leaf in enumerate(self._leaves, start=self._task.start):
            known = leaf
            if known is None and (tile := stored.get((0, index // WIDTH))):
                at = index % WIDTH * HASH_BYTES
                known = tile.hashes[at : at + HASH_BYTES]
            yield known if known is not None and len(known) == HASH_BYTES else _NO_HASH


def roots_of(tree: Subtree, task: Task) -> dict[int, bytes]:
    """What `Stretch.roots` holds."""
    return {size: tree.root(size - task.start) for size in {*task.sizes, task.end}}


def judge_tiles(
    tiles: Iterable[Tile],
    stored: Mapping[TileName, TileRow],
    published: int,
    findings: Findings,
) -> None:
    """Full tiles as they must be against those that are stored."""
    for tile in tiles:
        where = f"tile {tile.level}/{tile.index}"
        found = stored.get((tile.level, tile.index))
        if found is not None:
            findings.compare("tile", where, "hashes", tile.hashes, found.hashes)
            findings.compare("tile", where, "root_hash", tile.root_hash, found.root_hash)
        elif (tile.index + 1) * span(tile.level) <= published:
            findings.add("tile", where, "hashes", "a full tile", "none")
