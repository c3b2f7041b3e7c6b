"""The tree's stored hashes: full tiles, and what lies below the partial ones."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

import asyncpg

from registry.log.tiles import HEIGHT, WIDTH, TileName, edge_levels, split_hashes, width_at

#: A checkpoint's size and note: what the log signed, then every cosignature that has come by now.
#: A note takes more signatures after it was made; what they sign stays the same.
NOTE_OF: Final = """
SELECT c.size, c.note || coalesce(
    (SELECT string_agg(s.line, '' ORDER BY s.name, s.key_id)
     FROM registry.cosignature s WHERE s.size = c.size), '') AS note
FROM registry.checkpoint c WHERE c.size = """
NEWEST_NOTE: Final = f"{NOTE_OF}(SELECT max(p.size) FROM registry.publication p)"  # noqa: S608 - our own names

# Every proof about the entries up to one leaf reads, on each level, the tile above that leaf and
# the partial tile at the tree's edge, which is cut from the level below. Shifts by 64 bits do not
# shift in PostgreSQL, so the levels end where a log of 2^56 entries would.
_AROUND_LEAF: Final = """
SELECT l.level, t.hashes AS above, CASE l.level
    WHEN 0 THEN
        (SELECT string_agg(e.leaf_hash, ''::bytea ORDER BY e.index) FROM registry.entry e
         WHERE e.index >= tree.size >> 8 << 8 AND e.index < tree.size)
    ELSE
        (SELECT string_agg(r.root_hash, ''::bytea ORDER BY r.index) FROM registry.tile r
         WHERE r.level = l.level - 1 AND r.index >= tree.size >> 8 * l.level + 8 << 8
           AND r.index < tree.size >> 8 * l.level)
    END AS edge
FROM generate_series(0, 6) AS l (level)
LEFT JOIN registry.tile t ON t.level = l.level AND t.index = tree.leaf >> 8 * l.level + 8
WHERE tree.size >> 8 * l.level > 0
"""

_INCLUSION: Final = f"""
SELECT tree.note, e.body, tree.size, around.*
FROM (SELECT n.note, n.size, $1::bigint AS leaf FROM (SELECT 1) AS always
      LEFT JOIN ({NEWEST_NOTE}) n ON true) AS tree
LEFT JOIN registry.entry e ON e.index = tree.leaf
LEFT JOIN LATERAL ({_AROUND_LEAF}) AS around ON tree.leaf < tree.size
"""  # noqa: S608 - our own names

_CONSISTENCY: Final = f"""
SELECT tree.old_root, tree.new_root, tree.size, around.*
FROM (SELECT o.root_hash AS old_root, n.root_hash AS new_root, n.size, o.size - 1 AS leaf
      FROM registry.checkpoint o CROSS JOIN registry.checkpoint n
      WHERE o.size = $1 AND n.size = $2) AS tree
LEFT JOIN LATERAL ({_AROUND_LEAF}) AS around ON true
"""  # noqa: S608 - our own names

Tiles = Mapping[TileName, Sequence[bytes]]


class AroundEntry(NamedTuple):
    """What an inclusion proof is made of, at one moment; `note` is the newest published one."""

    note: str | None
    body: bytes | None
    tiles: Tiles


class AroundSize(NamedTuple):
    """What a consistency proof between two signed sizes is made of."""

    old_root: bytes
    new_root: bytes
    tiles: Tiles


class Hashes:
    """Reads of the tree over one connection."""

    def __init__(self, connection: "asyncpg.pool.PoolConnectionProxy") -> None:
        self._connection = connection

    async def published_size(self) -> int:
        """The newest publication's; -1 before the first one."""
        size: int = await self._connection.fetchval(
            "SELECT coalesce(max(size), -1) FROM registry.publication"
        )
        return size

    async def around_entry(self, index: int) -> AroundEntry:
        """For the proof of entry `index` in the newest published tree, in one round trip."""
        rows = await self._connection.fetch(_INCLUSION, index)
        return AroundEntry(rows[0]["note"], rows[0]["body"], _tiles_around(rows, index))

    async def around_size(self, old: int, new: int) -> AroundSize | None:
        """For the proof from checkpoint `old` to `new`; None when either was never signed."""
        rows = await self._connection.fetch(_CONSISTENCY, old, new)
        if not rows:
            return None
        tiles = _tiles_around(rows, old - 1)
        return AroundSize(rows[0]["old_root"], rows[0]["new_root"], tiles)

    async def tiles(self, names: Iterable[TileName], size: int) -> dict[TileName, list[bytes]]:
        """The tiles of the tree of `size`, full or partial; a missing one is left out."""
        full = [name for name in names if width_at(*name, size) == WIDTH]
        found = await self._full_tiles(full)
        for level, index in set(names) - set(full):
            if hashes := await self.partial_tile(level, index, size):
                found[level, index] = hashes
        return found

    async def partial_tile(self, level: int, index: int, size: int) -> list[bytes]:
        """A partial tile from what lies below it: leaf hashes, or roots of full tiles."""
        first = index * WIDTH
        end = first + width_at(level, index, size)
        if level == 0:
            sql = "SELECT leaf_hash FROM registry.entry WHERE index >= $1 AND index < $2 "
            rows = await self._connection.fetch(sql + "ORDER BY index", first, end)
        else:
            sql = "SELECT root_hash FROM registry.tile WHERE index >= $1 AND index < $2 "
            rows = await self._connection.fetch(
                sql + "AND level = $3 ORDER BY index", first, end, level - 1
            )
        return [row[0] for row in rows]

    async def bundle_roots(self, size: int, first: int = 0) -> list[bytes]:
        """The hash over each 256 leaves, as far as the tree of `size` has them full; from the
        `first` one on.
        """
        joined: bytes | None = await self._connection.fetchval(
            "SELECT string_agg(root_hash, ''::bytea ORDER BY index) FROM registry.tile "
            "WHERE level = 0 AND index >= $1 AND index < $2",
            first,
            size // WIDTH,
        )
        return split_hashes(joined or b"")

    async def full_tiles_of_leaves(self, indexes: Collection[int]) -> dict[int, bytes]:
        """Full tiles of level 0, their hashes one after the other; a missing one is left out."""
        rows = await self._connection.fetch(
            "SELECT index, hashes FROM registry.tile "
            "WHERE level = 0 AND index = ANY ($1::bigint[])",
            indexes,
        )
        return {row["index"]: row["hashes"] for row in rows}

    async def edge(self, size: int) -> list[list[bytes]]:
        """The partial tiles of the tree of `size`, lowest level first."""
        return [
            await self.partial_tile(level, size >> HEIGHT * (level + 1), size)
            for level in range(edge_levels(size))
        ]

    async def _full_tiles(self, names: Sequence[TileName]) -> dict[TileName, list[bytes]]:
        if not names:
            return {}
        rows = await self._connection.fetch(
            "SELECT level, index, hashes FROM registry.tile JOIN "
            "unnest($1::integer[], $2::bigint[]) AS wanted (level, index) USING (level, index)",
            [level for level, _ in names],
            [index for _, index in names],
        )
        return {(row["level"], row["index"]): split_hashes(row["hashes"]) for row in rows}


def _tiles_around(rows: Sequence[asyncpg.Record], leaf: int) -> Tiles:
    """By their names; where both are one tile, the one begins with the other."""
    tiles = {}
    for row in rows:
        level = row["level"]
        if level is None:
            continue
        height = HEIGHT * (level + 1)
        for position, hashes in ((leaf, row["above"]), (row["size"], row["edge"])):
            if hashes is not None:
                tiles[level, position >> height] = split_hashes(hashes)
    return tiles
