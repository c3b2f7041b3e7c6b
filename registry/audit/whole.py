"""Stretches joined to one book: the links between them, the tiles above, each checkpoint's root."""

from collections.abc import Sequence
from typing import Final

import msgspec

from registry.audit.entries import Edge, judge_neighbours
from registry.audit.report import Findings
from registry.audit.stretch import Stretch
from registry.audit.subtree import LEVELS_INSIDE, STRETCH
from registry.chain import GENESIS
from registry.log.tiles import Tile, TileBuilder
from registry.log.tree import EMPTY_ROOT, complete_subtrees, fold, perfect_root
from registry.store.walking import CheckpointRow


class Standing(msgspec.Struct, frozen=True):
    """How far a walk has come: entries [0, size) as they were, `last` of them, and their tree as
    the hash of each stretch. `size` is a multiple of STRETCH.
    """

    size: int
    last: Edge | None
    stretch_roots: list[bytes]


NOTHING: Final = Standing(0, Edge(GENESIS.entry_hash, None), [])


class Whole:
    """Takes stretches in order, from where a `Standing` ends."""

    def __init__(
        self, checkpoints: Sequence[CheckpointRow], findings: Findings, standing: Standing = NOTHING
    ) -> None:
        self.size = standing.size
        self.last = standing.last
        self.upper_tiles: list[Tile] = []
        self._findings = findings
        self._roots = list(standing.stretch_roots)
        self._upper = TileBuilder()
        for root in self._roots:
            self.upper_tiles += self._upper.append(root)
        self._checkpoints: dict[int, list[CheckpointRow]] = {}
        for row in checkpoints:
            self._checkpoints.setdefault(row.size, []).append(row)
        if not self.size:
            self._judge_root(0, EMPTY_ROOT)

    def add(self, stretch: Stretch) -> None:
        judge_neighbours(stretch.start, self.last, stretch.first, self._findings)
        self._findings.extend(stretch.findings)
        before = self._complete()
        for size in sorted(stretch.roots):
            self._judge_root(size, fold([*before, stretch.roots[size]]))
        if stretch.end - stretch.start == STRETCH:
            root = stretch.roots[stretch.end]
            self._roots.append(root)
            self.upper_tiles += [
                Tile(tile.level + LEVELS_INSIDE, tile.index, tile.hashes, tile.root_hash)
                for tile in self._upper.append(root)
            ]
        self.size, self.last = stretch.end, stretch.last

    def standing(self) -> Standing | None:
        """To go on from later; None when the walk has come to the ragged end."""
        if self.size % STRETCH:
            return None
        return Standing(self.size, self.last, list(self._roots))

    def beyond(self) -> list[int]:
        """Sizes of checkpoints that the book does not reach."""
        return sorted(size for size in self._checkpoints if not 0 <= size <= self.size)

    def _complete(self) -> list[bytes]:
        """The complete subtrees of everything so far, left to right."""
        return [
            perfect_root(self._roots[position << height : (position + 1) << height])
            for height, position in complete_subtrees(0, len(self._roots))
        ]

    def _judge_root(self, size: int, root: bytes) -> None:
        for row in self._checkpoints.get(size, ()):
            where = f"checkpoint {size}"
            self._findings.compare("checkpoint", where, "root_hash", root, row.root_hash)
