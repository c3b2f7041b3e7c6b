"""What only the whole book tells: its head, its numbers, what may follow what, what is beside."""

import contextlib
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final, NamedTuple

from registry.audit.law import Step, judge_closings, judge_steps
from registry.audit.report import MAX_FINDINGS, Findings
from registry.audit.subtree import span
from registry.audit.whole import Whole
from registry.entry import Closed, StatusChange, parse_entry
from registry.errors import MalformedEntry
from registry.store.walking import Walking

_CODES_AT_ONCE: Final = 1000


async def judge_ends(walking: Walking, whole: Whole, findings: Findings) -> None:
    """The head, the checkpoints and the tiles reach as far as the entries."""
    for index in await walking.outside(whole.size, MAX_FINDINGS):
        findings.add("index", f"entry {index}", "index", f"0 to {whole.size - 1}", index)
    head = await walking.head()
    if head is None:
        findings.add("head", "head", "size", whole.size, "no head")
    else:
        findings.compare("head", "head", "size", whole.size, head.size)
        if whole.last is not None:
            findings.compare("head", "head", "entry_hash", whole.last.hash, head.entry_hash)
    whole.judge_beyond()


async def judge_upper_tiles(
    walking: Walking, whole: Whole, published: int, findings: Findings
) -> None:
    """The tiles above the stretches, and those that no tree of this size has."""
    for tile in whole.upper_tiles:
        where = f"tile {tile.level}/{tile.index}"
        stored = (await walking.tiles(tile.level, tile.index, tile.index + 1)).values()
        for row in stored:
            findings.compare("tile", where, "hashes", tile.hashes, row.hashes)
            findings.compare("tile", where, "root_hash", tile.root_hash, row.root_hash)
        if not stored and (tile.index + 1) * span(tile.level) <= published:
            findings.add("tile", where, "hashes", "a full tile", "none")
    for level, index, fault in await walking.stray_tiles(whole.size):
        findings.add("tile", f"tile {level}/{index}", "index", "a full tile of the log", fault)


async def judge_others(walking: Walking, findings: Findings) -> None:
    """Every change of a code is lawful after the ones before it, a year is closed as its book
    says, and each of these entries has its officers.
    """
    others = await walking.others()
    codes = iter(sorted({row.code_hash for row in others if row.code_hash is not None}))
    while some := list(islice(codes, _CODES_AT_ONCE)):
        await _judge_histories(walking, some, findings)
    closings = [row.entry_index for row in others if row.code_hash is None]
    await _judge_closings(walking, closings, findings)
    for row in others:
        if not row.decided:
            findings.add("change", _place(row.entry_index), "decided_by", "an officer", "none")
    for index in await walking.stray_changes():
        findings.add("change", f"change {index}", "entry_index", "a change", "none")


async def _judge_histories(
    walking: Walking, code_hashes: Sequence[bytes], findings: Findings
) -> None:
    steps = await _steps(walking, code_hashes)
    changes = [step.entry for step in steps if isinstance(step.entry, StatusChange)]
    successors = {change.successor for change in changes if change.successor is not None}
    steps += await _steps(walking, list(successors.difference(code_hashes)))
    judge_steps(steps, set(code_hashes), _place, findings)


async def _steps(walking: Walking, code_hashes: Sequence[bytes]) -> list[Step]:
    histories = await walking.histories(code_hashes)
    return [step for code_hash, rows in histories.items() for step in _read(code_hash, rows)]


def _read(code_hash: bytes, rows: Iterable[tuple[int, bytes]]) -> list[Step]:
    """Empty unless every body can be read: one that cannot is named where the walk meets it."""
    try:
        entries = [(index, parse_entry(body)) for index, body in rows]
    except MalformedEntry:
        return []
    return [
        Step(index, code_hash, entry) for index, entry in entries if not isinstance(entry, Closed)
    ]


async def _judge_closings(walking: Walking, indexes: Sequence[int], findings: Findings) -> None:
    closings = []
    for row in await walking.entries_at(indexes):
        with contextlib.suppress(MalformedEntry):
            entry = parse_entry(row.link.body)
            if isinstance(entry, Closed):
                closings.append((row.link.index, entry))
    judge_closings(closings, _place, findings)
    for index, closing in closings:
        numbers, void = await walking.book_counts(closing.unit_code, closing.year)
        findings.compare("book", _place(index), "numbers", numbers, closing.numbers)
        findings.compare("book", _place(index), "void", void, closing.void)


def _place(index: int) -> str:
    return f"entry {index}"


class Sure(NamedTuple):
    """What is known of the whole book already, so that the database need not compare whole tables:
    no code or PDF is issued twice, each copy stands beside its entry, the book is in order.
    """

    unique: bool = False
    beside: bool = False
    in_order: bool = False


NOT_SURE: Final = Sure()


async def judge_beside(walking: Walking, findings: Findings, sure: Sure) -> None:
    """Codes and PDFs are issued once; copies stand beside entries; the book has no gaps."""
    if not sure.unique:
        for column, value, index in await walking.issued_twice():
            findings.add("duplicate", f"entry {index}", column, "issued once", value)
    if not sure.beside:
        for index in await walking.stray_copies():
            findings.add("copy", f"copy {index}", "entry_index", "an issuing entry", "none")
    if not sure.in_order:
        for fault in await walking.book_faults():
            where = f"book {fault.book} of unit {fault.unit_code}, number {fault.number}"
            findings.add("book", where, "number", fault.expected, fault.found)
