"""How the map grows: a batch of entries at a time, each page that they touch once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from registry.log.code_map import KEY_BYTES, Item, MapBroken, Record, item_hash, unpacked
from registry.log.map_pages import (
    DIGITS,
    EMPTY_PAGE,
    Page,
    digit_at,
    levels_over,
    missing,
    page_of,
    pages_of,
    put_in,
)
from registry.log.tree import HASH_BYTES


class Change(NamedTuple):
    """How many new entries are about a code, and the index of the last of them."""

    entries: int
    latest: int


class Grown(NamedTuple):
    """The pages that changed, by name, and the roots before and after."""

    contents: dict[str, bytes]
    before: bytes
    root: bytes


def changes_of(entries: Iterable[tuple[int, bytes]]) -> dict[bytes, Change]:
    """By code hash, from indexes in order and the code hash of each entry."""
    changes: dict[bytes, Change] = {}
    for index, code_hash in entries:
        count = changes[code_hash].entries if code_hash in changes else 0
        changes[code_hash] = Change(count + 1, index)
    return changes


class Growth:
    """One batch. Pages are asked for with `wanted`, level by level, and given to `take`; then
    `grown` touches each once. Nothing is believed: a page must hash to what stands for it above.
    """

    def __init__(self, changes: Mapping[bytes, Change]) -> None:
        self._changes = sorted((key.hex(), key, change) for key, change in changes.items())
        self._pages: dict[str, Page] = {}
        self._grown: dict[str, bytes] = {}
        self.wanted: Collection[str] = [""]

    def take(self, contents: Mapping[str, bytes]) -> None:
        """Those of the wanted pages that there are; then others may be wanted."""
        found = {name: page_of(content) for name, content in contents.items()}
        self._pages |= found
        wanted = set()
        inner = {name for name, page in found.items() if page.inner}
        lengths = {len(name) for name in inner}
        for digits, key, _ in self._changes if inner else ():
            for length in lengths:
                page = found.get(digits[:length])
                if page and page.inner and len(page.items[digit_at(key, length)]) == HASH_BYTES:
                    wanted.add(digits[: length + 1])
        self.wanted = wanted

    def grown(self) -> Grown:
        """Raises MapBroken when the pages contradict each other, or an entry is counted already."""
        root = self._pages.get("", EMPTY_PAGE)
        before = root.item(0)
        after = self._grow("", before, self._changes) if self._changes else before
        if "" not in self._grown:
            self._grown[""] = root.packed()
        return Grown(self._grown, item_hash(before), item_hash(after))

    def _grow(self, name: str, item: Item, changes: "_Changes") -> Item:
        """What stands there after these changes, all of keys that begin with the name."""
        if len(item) != HASH_BYTES:
            return self._settle(name, _merged([item] if item else [], changes))
        page = self._pages.get(name) or missing(name)
        if page.inner:
            return self._spread(name, page, item, changes)
        if page.item(len(name)) != item:
            raise _changed(name)
        return self._settle(name, _merged(page.items, changes))

    def _spread(self, name: str, page: Page, item: Item, changes: "_Changes") -> Item:
        levels = levels_over(page.items)
        if levels[-1][0] != item:
            raise _changed(name)
        by_digit = groupby(changes, key=lambda change: digit_at(change[1], len(name)))
        put_in(
            levels,
            {
                digit: self._grow(name + DIGITS[digit], page.items[digit], [*some])
                for digit, some in by_digit
            },
        )
        self._grown[name] = Page(True, tuple(levels[0])).packed()
        return levels[-1][0]

    def _settle(self, name: str, records: Sequence[bytes]) -> Item:
        contents, item = pages_of(name, records)
        self._grown |= contents
        return item


_Changes = Sequence[tuple[str, bytes, Change]]


def _changed(name: str) -> MapBroken:
    return MapBroken(f"page {name or 'of the root'} of the map is not as it was")


def _merged(records: Sequence[bytes], changes: _Changes) -> list[bytes]:
    held = {record[:KEY_BYTES]: record for record in records}
    for _, key, change in changes:
        count = change.entries
        if old := held.get(key):
            record = unpacked(old)
            if record.latest >= change.latest:
                raise MapBroken("an entry is in the map already")
            count += record.count
        held[key] = Record(key, count, change.latest).packed()
    return sorted(held.values())
