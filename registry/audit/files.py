"""The audit of a log's public files: no database, nothing but what a stranger can read."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, aclosing
from functools import partial
from typing import Final, NamedTuple

import numpy as np

from registry.audit.file_codes import Issues, judge_changes, judge_unique
from registry.audit.file_map import judge_committed
from registry.audit.file_reading import FileTask, read_tile
from registry.audit.file_stretch import FileStretch, judge_files
from registry.audit.law import judge_closings
from registry.audit.reconcile import Sides, Trust, entry_place, reconcile
from registry.audit.report import FileFindings, Findings, Progress, Report
from registry.audit.subtree import LEVELS_INSIDE, STRETCH
from registry.audit.whole import Promise, Standing, Whole, promise_of
from registry.audit.workers import judged
from registry.errors import LogMalformed
from registry.log.checkpoint import Checkpoint, parse_checkpoint
from registry.log.note import NoteRefused
from registry.log.policy import Policy
from registry.log.tiles import WIDTH, edge_levels
from registry.log.tree import perfect_root
from registry.tile_files import TileFiles

#: Below it other processes take longer to start than this one takes for everything.
_FEW: Final = 2 * STRETCH
_BEGINNING: Final = Standing(0, None, [])


class FileOrders(NamedTuple):
    """Judge stretches of the log at a location."""

    location: str

    async def begin(self, held: AsyncExitStack) -> Callable[[FileTask], Awaitable[FileStretch]]:
        files = await held.enter_async_context(TileFiles.open(self.location))
        return partial(judge_files, files)


async def audit_files(
    location: str,
    policy: Policy,
    *,
    processes: int = 1,
    progress: Progress | None = None,
    since: Checkpoint | None = None,
) -> Report:
    """Walk the log at `location` (as in `registry.tile_files`) up to its checkpoint.

    The checkpoint must satisfy the policy; every entry, tile and root must follow from each other;
    `since` is an earlier checkpoint, which this log must continue. Raises LogUnreachable.
    """
    async with TileFiles.open(location) as files:
        findings = FileFindings()
        checkpoint = await _checkpoint(files, policy, findings)
        if checkpoint is None:
            return Report(entries=0, checkpoint_size=0, findings=findings.all)
        walk = _Walk(checkpoint, since, findings)
        few = checkpoint.size <= _FEW
        stretches = judged(FileOrders(location), walk.tasks(), 0 if few else processes)
        async with aclosing(stretches):
            async for stretch in stretches:
                walk.add(stretch)
                if progress is not None:
                    progress(walk.whole.size, checkpoint.size)
        await walk.finish(files)
    return Report(entries=checkpoint.size, checkpoint_size=checkpoint.size, findings=findings.all)


async def _checkpoint(files: TileFiles, policy: Policy, findings: Findings) -> Checkpoint | None:
    """What the log says of itself, also where the policy does not accept it; None for nothing."""
    try:
        note = await files.checkpoint()
    except LogMalformed as error:
        found = str(error).rpartition(": ")[2]
        findings.add("file", "checkpoint", "content", "a signed note", found)
        return None
    try:
        return policy.open_checkpoint(note)
    except NoteRefused as error:
        expected = "a checkpoint that the policy accepts"
        findings.add("signature", "checkpoint", "note", expected, error)
    try:
        return parse_checkpoint(note)
    except NoteRefused:
        return None


class _Walk:
    def __init__(
        self, checkpoint: Checkpoint, since: Checkpoint | None, findings: Findings
    ) -> None:
        self._checkpoint = checkpoint
        self._size = checkpoint.size
        self._findings = findings
        promises = [Promise(checkpoint.size, checkpoint.root_hash, "checkpoint")]
        if since is not None:
            promises.append(promise_of(since))
        self.whole = Whole(promises, findings, _BEGINNING)
        self._root_holds = True
        self._stretches: list[FileStretch] = []

    def tasks(self) -> Iterator[FileTask]:
        for start in range(0, self._size, STRETCH):
            end = min(start + STRETCH, self._size)
            yield FileTask(start, end, self._size, self.whole.promised_sizes(start, end))

    def add(self, judged: FileStretch) -> None:
        stretch = judged.stretch
        if not self.whole.keeps_promises(stretch):
            if judged.otherwise is not None and self.whole.keeps_promises(judged.otherwise):
                stretch = judged.otherwise
            else:
                self._root_holds = False
        self.whole.add(stretch)
        self._stretches.append(judged)

    async def finish(self, files: TileFiles) -> None:
        """What only the whole can tell."""
        self.whole.judge_beyond()
        await self._judge_upper(files)
        stretches = self._stretches
        if not stretches:
            return
        issued = np.concatenate([one.issued for one in stretches])
        codes = Issues(issued, np.concatenate([one.codes for one in stretches]))
        pdfs = Issues(issued, np.concatenate([one.pdfs for one in stretches]))
        judge_unique("code_hash", codes, self._findings)
        judge_unique("pdf_digest", pdfs, self._findings)
        changes = [change for one in stretches for change in one.changes]
        judge_changes(codes, changes, self._findings)
        closings = (closing for one in stretches for closing in one.closings)
        judge_closings(closings, entry_place, self._findings)
        if not self._findings.all:
            judge_committed(self._checkpoint, codes, changes, self._findings)

    async def _judge_upper(self, files: TileFiles) -> None:
        """The tiles above the stretches, each from the roots of the full ones below it."""
        hashes = self.whole.stretch_roots
        for level in range(LEVELS_INSIDE, edge_levels(self._size)):
            above = []
            for index in range(-(-len(hashes) // WIDTH)):
                below = hashes[index * WIDTH : (index + 1) * WIDTH]
                stored = await read_tile(files, level, index, self._size, self._findings)
                sides = Sides(level, index, below, stored, None)
                # Above the stretches only the checkpoint's root is left to decide.
                trust: Trust = "below" if self._root_holds else "stored"
                reconcile(sides, self._findings, trust=trust)
                if len(below) == WIDTH:
                    above.append(perfect_root(below))
            hashes = above
