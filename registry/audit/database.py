"""The audit of a database, in this process, row by row."""

from collections.abc import Collection, Iterator, Sequence

from registry.audit.authority import judge_authority
from registry.audit.book_years import judge_years
from registry.audit.code_map import judge_map
from registry.audit.report import Finding, Findings, Progress, Report
from registry.audit.rest import (
    NOT_SURE,
    Sure,
    judge_beside,
    judge_ends,
    judge_others,
    judge_upper_tiles,
)
from registry.audit.signatures import judge_signed
from registry.audit.stretch import Stretch, StretchWalk, Task
from registry.audit.subtree import LEVELS_INSIDE, STRETCH, span
from registry.audit.whole import Promise, Standing, Whole, promise_of
from registry.log.checkpoint import Checkpoint
from registry.log.policy import Policy
from registry.log.tiles import TileName
from registry.store import Store
from registry.store.walking import Extent, Newest, TileRow, Walking


async def audit(
    store: Store,
    policy: Policy | None = None,
    progress: Progress | None = None,
    *,
    since: Checkpoint | None = None,
) -> Report:
    """Walk the registry as it is at one moment, while appends go on; any reading role serves.

    With a policy, checkpoints must bear the signature of one of its logs and its witnesses' lines
    must hold. `since` is an earlier checkpoint, whose log this one must continue.
    `progress(done, all)` is called now and then. Findings are capped at MAX_FINDINGS.
    """
    async with store.walking() as walking:
        await walking.settle()
        survey = await Survey.of(walking, policy, since)
        erased = await walking.erased_codes()
        for task in survey.tasks():
            survey.whole.add(await judge_exactly(walking, task, erased))
            if progress:
                progress(task.end, survey.end)
        return await survey.report()


async def judge_exactly(walking: Walking, task: Task, erased: Collection[bytes]) -> Stretch:
    """One stretch, read and judged row by row."""
    walk = StretchWalk(task, erased)
    async for row in walking.entries(task.start, task.end):
        walk.row(row)
    return walk.finish(await tiles_inside(walking, task))


async def tiles_inside(walking: Walking, task: Task) -> dict[TileName, TileRow]:
    """The stored tiles of levels 0 and 1 over a stretch."""
    found: dict[TileName, TileRow] = {}
    for level in range(LEVELS_INSIDE):
        found |= await walking.tiles(level, task.start // span(level), task.end // span(level))
    return found


class Survey:
    """What is known before the entries are read, and the report after them."""

    def __init__(
        self,
        walking: Walking,
        extent: Extent,
        newest: Newest,
        promises: Sequence[Promise],
        findings: Findings,
    ) -> None:
        self.findings = findings
        self.start = 0
        self.published = newest.signed
        # Rows that stand far beyond their count are named, not walked to.
        self.end = min(extent.greatest + 1, extent.rows + STRETCH)
        self._walking = walking
        self._extent = extent
        self._promises = promises
        self.whole = Whole(promises, findings)

    @classmethod
    async def of(
        cls, walking: Walking, policy: Policy | None, since: Checkpoint | None = None
    ) -> "Survey":
        newest, promises, findings = await walking.newest(), list[Promise](), Findings()
        async for signed in walking.signed():
            judge_signed(signed, newest, policy, findings)
            for row in signed.checkpoints:
                promises.append(Promise(row.size, row.root_hash, f"checkpoint {row.size}"))
        if since is not None:
            promises.append(promise_of(since))
        return cls(walking, await walking.extent(), newest, promises, findings)

    def take_up(self, standing: Standing, findings: list[Finding]) -> None:
        """Go on where an earlier walk had come to, with what it had found."""
        self.start = standing.size
        self.findings.extend(findings)
        self.whole = Whole(self._promises, self.findings, standing)

    def tasks(self) -> Iterator[Task]:
        """The stretches that are still to be walked, in order."""
        for start in range(self.whole.size, self.end, STRETCH):
            end = min(start + STRETCH, self.end)
            yield Task(start, end, self.whole.promised_sizes(start, end), self.published)

    async def report(self, sure: Sure = NOT_SURE) -> Report:
        """Once `whole` has taken every stretch."""
        await judge_ends(self._walking, self.whole, self.findings)
        await judge_upper_tiles(self._walking, self.whole, self.published, self.findings)
        await judge_others(self._walking, self.findings)
        await judge_beside(self._walking, self.findings, sure)
        if not self.findings.all:
            await judge_map(self._walking, self.published, self.findings)
        await judge_authority(self._walking.judging(), self.findings)
        await judge_years(self._walking, self.findings)
        return Report(
            entries=self._extent.rows,
            checkpoint_size=self.published,
            findings=self.findings.all,
            start=self.start,
        )
