"""Stretches joined to one book: the links between them, the tiles above, each checkpoint's root."""

from bisect import bisect_left
from collections.abc import Iterable
from operator import attrgetter
from typing import Final, NamedTuple

import msgspec

from registry.audit.entries import Edge, judge_neighbours
from registry.audit.report import Findings
from registry.audit.stretch import Stretch
from registry.audit.subtree import LEVELS_INSIDE, STRETCH
from registry.chain import GENESIS
from registry.log.checkpoint import Checkpoint
from registry.log.tiles import Tile, TileBuilder
from registry.log.tree import EMPTY_ROOT, complete_subtrees, fold, perfect_root


class Standing(msgspec.Struct, frozen=True):
    """How far a walk has come: entries [0, size) as they were, `last` of them, and their tree as
    the hash of each stretch. `size` is a multiple of STRETCH.
    """

    size: int
    last: Edge | None
    stretch_roots: list[bytes]


class Promise(NamedTuple):
    """Somebody said that the log of this size has this root; `where` names who."""

    size: int
    root_hash: bytes
    where: str


def promise_of(checkpoint: Checkpoint) -> Promise:
    """A checkpoint that somebody has kept."""
    return Promise(checkpoint.size, checkpoint.root_hash, f"kept checkpoint {checkpoint.size}")


_size: Final = attrgetter("size")
NOTHING: Final = Standing(0, Edge(GENESIS.entry_hash, None), [])


class Whole:
    """Takes stretches in order, from where a `Standing` ends."""

    def __init__(
        self, promises: Iterable[Promise], findings: Findings, standing: Standing = NOTHING
    ) -> None:
        self.size = standing.size
        self.last = standing.last
        self.upper_tiles: list[Tile] = []
        self._findings = findings
        self.stretch_roots = list(standing.stretch_roots)
        self._upper = TileBuilder()
        for root in self.stretch_roots:
            self.upper_tiles += self._upper.append(root)
        self._promises = sorted(promises, key=_size)
        self._judge_root(0, EMPTY_ROOT)

    def add(self, stretch: Stretch) -> None:
        judge_neighbours(stretch.start, self.last, stretch.first, self._findings)
        self._findings.extend(stretch.findings)
        for size, root in self._whole_roots(stretch):
            self._judge_root(size, root)
        if stretch.end - stretch.start == STRETCH:
            root = stretch.roots[stretch.end]
            self.stretch_roots.append(root)
            self.upper_tiles += [
                Tile(tile.level + LEVELS_INSIDE, tile.index, tile.hashes, tile.root_hash)
                for tile in self._upper.append(root)
            ]
        self.size, self.last = stretch.end, stretch.last

    def keeps_promises(self, stretch: Stretch) -> bool:
        """Whether every promise about this stretch, the next one, holds."""
        return all(
            root == promise.root_hash
            for size, root in self._whole_roots(stretch)
            for promise in self._promised(size, size + 1)
        )

    def promised_sizes(self, start: int, end: int) -> list[int]:
        """Above start and not above end, each once."""
        return list(dict.fromkeys(map(_size, self._promised(start + 1, end + 1))))

    def standing(self) -> Standing | None:
        """To go on from later; None when the walk has come to the ragged end."""
        if self.size % STRETCH:
            return None
        return Standing(self.size, self.last, list(self.stretch_roots))

    def judge_beyond(self) -> None:
        """Name the promises that the log, once it is walked to its end, does not reach."""
        for promise in self._promises:
            if not 0 <= promise.size <= self.size:
                expected, found = f"0 to {self.size}", f"a checkpoint of {promise.size}"
                self._findings.add("checkpoint", promise.where, "size", expected, found)

    def _whole_roots(self, stretch: Stretch) -> list[tuple[int, bytes]]:
        """Sizes and roots of the whole tree up to there, in order."""
        before = [
            perfect_root(self.stretch_roots[position << height : (position + 1) << height])
            for height, position in complete_subtrees(0, len(self.stretch_roots))
        ]
        return [(size, fold([*before, root])) for size, root in sorted(stretch.roots.items())]

    def _judge_root(self, size: int, root: bytes) -> None:
        for promise in self._promised(size, size + 1):
            found = promise.root_hash
            self._findings.compare("checkpoint", promise.where, "root_hash", root, found)

    def _promised(self, start: int, end: int) -> list[Promise]:
        """Of the sizes [start, end)."""
        first, behind = (bisect_left(self._promises, size, key=_size) for size in (start, end))
        return self._promises[first:behind]
