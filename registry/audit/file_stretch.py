"""One stretch of a log's files judged: bundles against tiles, tiles against what is above them."""

from collections.abc import Sequence
from typing import Final

import msgspec

from registry.audit.file_bodies import StretchBodies
from registry.audit.file_reading import FileTask, StretchFiles, read_stretch
from registry.audit.hashing import hash_pairs
from registry.audit.matrix import Bytes, Integers
from registry.audit.reconcile import Hashes, Sides, Trust, reconcile
from registry.audit.report import FileFindings, Findings
from registry.audit.stretch import Stretch
from registry.audit.subtree import STRETCH, Subtree
from registry.entry import Closed, StatusChange
from registry.log.tiles import HEIGHT, TILE_BYTES, WIDTH, split_hashes
from registry.log.tree import HASH_BYTES, complete_subtrees, fold, perfect_root
from registry.tile_files import TileFiles

_NO_HASH: Final = bytes(HASH_BYTES)


class FileStretch(msgspec.Struct, frozen=True, kw_only=True):
    """`stretch`, where the bundles are believed as far as nothing above decides; `otherwise`, where
    the tiles are: None unless there is something to decide.

    Of the issued copies: `issued`, their entries' indexes; `codes` and `pdfs`, a hash a row.
    """

    stretch: Stretch
    otherwise: Stretch | None
    issued: Integers
    codes: Bytes
    pdfs: Bytes
    changes: list[tuple[int, StatusChange]]
    closings: list[tuple[int, Closed]]


async def judge_files(files: TileFiles, task: FileTask) -> FileStretch:
    """Read and judge one stretch; raises LogUnreachable."""
    read = await read_stretch(files, task)
    bodies = StretchBodies(task.start, task.end, read.bundles)
    stretch = _judge(task, read, bodies, "below")
    return FileStretch(
        stretch=stretch,
        otherwise=_judge(task, read, bodies, "stored") if stretch.findings else None,
        issued=bodies.issued,
        codes=bodies.hashes("code_hash"),
        pdfs=bodies.hashes("pdf_digest"),
        changes=bodies.changes,
        closings=bodies.closings,
    )


def _judge(task: FileTask, read: StretchFiles, bodies: StretchBodies, trust: Trust) -> Stretch:
    findings = FileFindings()
    findings.extend(sorted(read.findings.all, key=lambda one: one.where))
    findings.extend(bodies.findings.all)
    leaves = _leaves(task, read, bodies.leaves.tobytes(), findings, trust)
    tree = Subtree(task.start, leaves, hash_pairs)
    upper = _upper(task, read, tree, findings, trust)
    first, last = bodies.edges()
    return Stretch(
        start=task.start,
        end=task.end,
        first=first,
        last=last,
        roots={size: _root(tree, upper, size - task.start) for size in {*task.sizes, task.end}},
        findings=findings.all,
    )


def _leaves(
    task: FileTask, read: StretchFiles, computed: bytes, findings: Findings, trust: Trust
) -> bytes:
    """The leaf hashes to go on with, once bundles and tiles are compared."""
    parts = []
    for at, stored in enumerate(read.tiles):
        below = computed[at * TILE_BYTES : (at + 1) * TILE_BYTES]
        if stored is not None and b"".join(stored) != below:
            known: Hashes = split_hashes(below) if read.there[at] else [None] * len(stored)
            above = read.upper[at] if read.upper is not None and at < len(read.upper) else None
            sides = Sides(0, task.start // WIDTH + at, known, stored, above)
            below = _joined(reconcile(sides, findings, trust=trust))
        parts.append(below)
    return b"".join(parts)


def _upper(
    task: FileTask, read: StretchFiles, tree: Subtree, findings: Findings, trust: Trust
) -> Sequence[bytes]:
    """The hashes of the tile above the stretch's own, once it is compared with them."""
    below: list[bytes | None] = [tile.root_hash for tile in tree.tiles() if tile.level == 0]
    for at in range(len(below)):
        if not read.there[at] and read.tiles[at] is None:
            below[at] = None
    sides = Sides(1, task.start // STRETCH, below, read.upper, read.above)
    return split_hashes(_joined(reconcile(sides, findings, trust=trust)))


def _root(tree: Subtree, upper: Sequence[bytes], size: int) -> bytes:
    """The hash over the first `size` leaves, where full tiles below have the hashes `upper`."""
    nodes = []
    for height, position in complete_subtrees(0, size):
        tiles = height - HEIGHT
        if tiles < 0:
            nodes.append(tree.node(height, position))
        else:
            nodes.append(perfect_root(upper[position << tiles : (position + 1) << tiles]))
    return fold(nodes)


def _joined(hashes: Hashes) -> bytes:
    return b"".join(_NO_HASH if one is None else one for one in hashes)
