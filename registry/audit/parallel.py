"""The audit of a database by several processes, which an interrupted walk can be taken up by."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, aclosing
from functools import partial
from typing import NamedTuple

from registry.audit.bookmark import Bookmark
from registry.audit.database import Survey
from registry.audit.keys import Keys, joined, surely_in_order, surely_unique
from registry.audit.quick import judge_quickly
from registry.audit.report import Findings, Progress, Report
from registry.audit.rest import NOT_SURE, Sure
from registry.audit.stretch import Stretch, Task
from registry.audit.subtree import LEVELS_INSIDE
from registry.audit.workers import judged
from registry.log.checkpoint import Checkpoint
from registry.log.policy import Policy
from registry.store import Store
from registry.store.walking import Walking


class Orders(NamedTuple):
    """Judge stretches of the database as one role sees it, at the moment of a snapshot."""

    url: str
    snapshot: str
    erased: frozenset[bytes]

    async def begin(self, held: AsyncExitStack) -> Callable[[Task], Awaitable[Stretch]]:
        store = await held.enter_async_context(await Store.connect(self.url, connections=1))
        walking = await held.enter_async_context(store.walking())
        await walking.settle(self.snapshot)
        return partial(judge_quickly, walking, self.erased)


async def audit_in_parallel(
    url: str,
    policy: Policy | None,
    *,
    processes: int,
    progress: Progress | None = None,
    bookmark: Bookmark | None = None,
    since: Checkpoint | None = None,
) -> Report:
    """As `registry.audit.audit`, in bulk and by several processes (0: in this one); `url` is a
    reading role's.

    A bookmark that holds an earlier, interrupted walk is taken up; it is moved on with this one,
    and removed at its end.
    """
    async with await Store.connect(url, connections=1) as store, store.walking() as walking:
        await walking.settle()
        survey = await Survey.of(walking, policy, since)
        if bookmark is not None:
            await _take_up(walking, survey, bookmark)
        orders = Orders(url, await walking.snapshot(), frozenset(await walking.erased_codes()))
        keys: list[Keys | None] = []
        async with aclosing(judged(orders, survey.tasks(), processes)) as stretches:
            async for stretch in stretches:
                survey.whole.add(stretch)
                keys.append(stretch.keys)
                if bookmark is not None:
                    bookmark.move(survey.whole.standing(), survey.findings.all)
                if progress is not None:
                    progress(stretch.end, survey.end)
        report = await survey.report(await _sure(walking, survey, keys))
    if bookmark is not None:
        bookmark.remove()
    return report


async def _take_up(walking: Walking, survey: Survey, bookmark: Bookmark) -> None:
    """Go on from the bookmark if it is of this log; if not, say so and begin at the beginning."""
    kept = bookmark.read()
    if kept is None:
        return
    standing, found_before = kept
    where, found = f"bookmark at {standing.size}", Findings()
    last = await walking.entry_hash(standing.size - 1)
    if standing.last is not None and last != standing.last.hash:
        found.add("bookmark", where, "entry_hash", last or "no such entry", standing.last.hash)
    tiles = await walking.tiles(LEVELS_INSIDE - 1, 0, len(standing.stretch_roots))
    for (_, index), tile in tiles.items():
        root = standing.stretch_roots[index]
        found.compare("bookmark", where, f"root of tile 1/{index}", tile.root_hash, root)
    if found.all:
        survey.findings.extend(found.all)
    else:
        survey.take_up(standing, found_before)


async def _sure(walking: Walking, survey: Survey, gathered: list[Keys | None]) -> Sure:
    """What the keys of all stretches tell; nothing unless there are some of each."""
    known = [keys for keys in gathered if keys is not None]
    if survey.start or not known or len(known) < len(gathered):
        return NOT_SURE
    keys = joined(known)
    lines = None if await walking.any_void() else await walking.book_columns()
    return Sure(
        unique=surely_unique(keys.codes) and surely_unique(keys.pdfs),
        beside=not await walking.any_copy_outside(survey.end),
        in_order=lines is not None and surely_in_order(lines, await walking.books(), keys.lines),
    )
