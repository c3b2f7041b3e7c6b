"""The map of codes built anew from the log, beside its stored pages and the roots that were signed.

Judged once the log itself is in order: what is wrong with an entry is named there. Pages are held
to the signed root from above and to the log's records from below.
"""

from collections.abc import Iterator, Sequence
from itertools import islice

from registry.audit.map_root import item_over
from registry.audit.report import MAX_FINDINGS, Findings
from registry.log.checkpoint import parse_checkpoint
from registry.log.code_map import (
    KEY_BYTES,
    RECORD_BYTES,
    Item,
    MapBroken,
    committed_root,
    item_hash,
    unpacked,
)
from registry.log.map_pages import DIGITS, Page, digit_at, levels_over, page_of
from registry.log.note import NoteRefused
from registry.log.tree import HASH_BYTES
from registry.store.walking import Walking


async def judge_map(walking: Walking, newest: int, findings: Findings) -> None:
    """The newest root that was signed, and every page as it is now; `newest` is the greatest size
    that was signed.
    """
    size = await walking.map_size()
    if size > newest:
        findings.add("map", "map", "size", f"0 to {newest}", size)
        return
    committed = await _newest_committed(walking, findings)
    if committed and committed[0] != size:
        rebuilt = await _rebuilt_root(walking, committed[0])
        _judge_root(committed, rebuilt, findings)
    if size == 0 and not await walking.map_pages("", ""):
        return  # an older log's, or thrown away to be built anew
    rebuilt = await _Pages(findings).judged(walking, size)
    if committed and committed[0] == size:
        _judge_root(committed, rebuilt, findings)


async def _newest_committed(walking: Walking, findings: Findings) -> tuple[int, bytes] | None:
    async for size, note in walking.notes_backwards():
        try:
            if root := committed_root(parse_checkpoint(note)):
                return size, root
        except NoteRefused as refusal:
            findings.add("map", f"checkpoint {size}", "map", "a root", refusal)
    return None


def _judge_root(committed: tuple[int, bytes], rebuilt: bytes, findings: Findings) -> None:
    size, root = committed
    findings.compare("map", f"checkpoint {size}", "map", rebuilt, root)


async def _rebuilt_root(walking: Walking, size: int) -> bytes:
    items: list[Item] = [b""] * len(DIGITS)
    async for digit, records in walking.map_records(size):
        items[digit] = item_over(records, 4)
    return item_hash(levels_over(items)[-1][0])


class _Pages:
    """Walks the stored pages a first digit at a time, beside the log's records."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._stored: dict[str, bytes] = {}

    async def judged(self, walking: Walking, size: int) -> bytes:
        """The root of the log of `size`, once the pages have been compared with that log."""
        root = self._page("", await walking.map_pages("", ""))
        places = _spread(root)
        items: list[Item] = [b""] * len(DIGITS)
        seen: set[int] = set()
        async for digit, records in walking.map_records(size):
            seen.add(digit)
            items[digit] = item_over(records, 4)
            await self._judge_below(walking, digit, places[digit], records)
        for digit in set(range(len(DIGITS))) - seen:
            await self._judge_below(walking, digit, places[digit], b"")
        above = levels_over(items)[-1][0]
        if root is not None and root.item(0) != above:
            expected, found = item_hash(above), item_hash(root.item(0))
            self._findings.compare("map", "map page of the root", "content", expected, found)
        return item_hash(above)

    async def _judge_below(
        self, walking: Walking, digit: int, place: Sequence[Item], records: bytes
    ) -> None:
        name = DIGITS[digit]
        self._stored = await walking.map_pages(name, name + "~")
        found = [record for item in place for record in self._records(name, item)]
        if b"".join(found) != records:
            self._name_differences(records, found)
        for stray in islice(self._stored, MAX_FINDINGS):
            self._findings.add("map", f"map page {stray}", "content", "none", "a page")

    def _records(self, name: str, item: Item) -> Iterator[bytes]:
        """All records that stand below; pages on the way are taken out of the stored ones."""
        if len(item) != HASH_BYTES:
            yield from [item] if item else []
            return
        page = self._page(name, self._stored)
        if page is None:
            return
        if page.inner and page.item(len(name)) != item:
            self._findings.add("map", f"map page {name}", "content", item, page.item(len(name)))
        for digit, below in enumerate(page.items):
            yield from self._records(name + DIGITS[digit], below) if page.inner else [below]

    def _page(self, name: str, stored: dict[str, bytes]) -> Page | None:
        where = f"map page {name or 'of the root'}"
        content = stored.pop(name, None)
        if content is None:
            self._findings.add("map", where, "content", "a page", "none")
            return None
        try:
            return page_of(content)
        except MapBroken:
            self._findings.add("map", where, "content", "a page", content)
            return None

    def _name_differences(self, records: bytes, found: Sequence[bytes]) -> None:
        log = {records[at : at + RECORD_BYTES] for at in range(0, len(records), RECORD_BYTES)}
        expected = {one[:KEY_BYTES]: one for one in log.difference(found)}
        stored = {one[:KEY_BYTES]: one for one in set(found) - log}
        for key in islice(sorted({*expected, *stored}), MAX_FINDINGS):
            where = f"map, code hash {key.hex()}"
            said, held = _told(expected.get(key)), _told(stored.get(key))
            self._findings.add("map", where, "entries", said, held)


def _spread(root: Page | None) -> list[list[Item]]:
    """What stands at each first digit, whichever way the root's page keeps it."""
    places: list[list[Item]] = [[] for _ in DIGITS]
    for at, item in enumerate(root.items if root else ()):
        places[at if root and root.inner else digit_at(item, 0)].append(item)
    return places


def _told(record: bytes | None) -> str:
    if record is None:
        return "none"
    held = unpacked(record)
    return f"{held.count}, the latest is {held.latest}"
