"""The map cut into pages of four levels, as a database keeps them.

A page is named by the hexadecimal digits that its keys begin with. A few records lie in one page,
sorted; more are spread over sixteen places, of which one with two or more records has a page of its
own. The root's page is always there. How it is cut is the database's own matter: no hash depends on
it. A page is a byte that tells which of both it is; then 48 bytes a record, or sixteen lengths and
what stands at the places.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby, pairwise
from typing import NamedTuple

from registry.log.code_map import (
    KEY_BYTES,
    RECORD_BYTES,
    Item,
    MapBroken,
    bit_at,
    halves_at,
    item_hash,
    join,
    subtree,
)
from registry.log.tree import HASH_BYTES

#: Measured: with fewer a batch touches more pages, with more it hashes more in each.
MOST_RECORDS = 16
DIGITS = "0123456789abcdef"
_DIGIT_BITS = 4
_BUCKET, _INNER = 0, 1
_LENGTHS = frozenset({0, HASH_BYTES, RECORD_BYTES})
_PLACES = 17  # where the sixteen items begin, behind their lengths


@dataclass(frozen=True, slots=True)
class Page:
    """`items` are sorted records, or with `inner` what stands at the sixteen places."""

    inner: bool
    items: tuple[Item, ...]

    def packed(self) -> bytes:
        if not self.inner:
            return bytes([_BUCKET]) + b"".join(self.items)
        return bytes([_INNER, *map(len, self.items)]) + b"".join(self.items)

    def item(self, depth: int) -> Item:
        """What stands for the page in the one above; its names have `depth` digits."""
        if self.inner:
            return levels_over(self.items)[-1][0]
        return subtree(self.items, _DIGIT_BITS * depth)


def page_of(content: bytes) -> Page:
    """Raises MapBroken for what is no page."""
    if content[:1] == bytes([_BUCKET]):
        items = [content[at : at + RECORD_BYTES] for at in range(1, len(content), RECORD_BYTES)]
        keys = {one[:KEY_BYTES] for one in items}
        whole = not (len(content) - 1) % RECORD_BYTES
        if whole and len(keys) == len(items) and items == sorted(items):
            return Page(False, tuple(items))
    elif content[:1] == bytes([_INNER]):
        lengths = content[1:_PLACES]
        ends = [*accumulate(lengths, initial=_PLACES)]
        if ends[-1] == len(content) and len(ends) == 17 and _LENGTHS.issuperset(lengths):
            return Page(True, tuple(content[start:end] for start, end in pairwise(ends)))
    raise MapBroken("a page of the map is malformed")


EMPTY_PAGE = Page(False, ())


class Way(NamedTuple):
    """From the root's halves down: `siblings` hashed, the root's child first; `end` is nothing, or
    the one record at the place.
    """

    siblings: tuple[bytes, ...]
    end: Item


def names_on_way(code_hash: bytes) -> list[str]:
    """The pages that may lie on a key's way; below the first few there are hardly ever any."""
    name = code_hash.hex()
    return [name[:length] for length in range(len(name))]


def way_of(code_hash: bytes, contents: Mapping[str, bytes]) -> Way:
    """From the pages on the key's way, which may be more; raises MapBroken when one is missing."""
    siblings: list[bytes] = []
    for depth, name in enumerate(names_on_way(code_hash)):
        page = page_of(contents[name]) if name in contents else missing(name)
        if not page.inner:
            return _way_down(code_hash, page.items, depth, siblings)
        item = _way_across(code_hash, page.items, depth, siblings)
        if len(item) != HASH_BYTES:
            return Way(tuple(siblings), item)
    raise MapBroken("the map has no end below a key")


def _way_down(
    code_hash: bytes, records: Sequence[bytes], digits: int, siblings: list[bytes]
) -> Way:
    depth = _DIGIT_BITS * digits
    while len(records) > 1:
        middle = halves_at(records, depth)
        halves = records[:middle], records[middle:]
        side = bit_at(code_hash, depth)
        depth += 1
        siblings.append(item_hash(subtree(halves[1 - side], depth)))
        records = halves[side]
    return Way(tuple(siblings), records[0] if records else b"")


def _way_across(
    code_hash: bytes, items: Sequence[Item], digits: int, siblings: list[bytes]
) -> Item:
    """What stands at the key's place, or above it where the way ends."""
    levels, place = levels_over(items), digit_at(code_hash, digits)
    for height in range(_DIGIT_BITS, 0, -1):
        item = levels[height][place >> height]
        if len(item) != HASH_BYTES:
            return item
        siblings.append(item_hash(levels[height - 1][place >> height - 1 ^ 1]))
    return items[place]


def levels_over(items: Sequence[Item]) -> list[list[Item]]:
    """The places, what stands above each two of them, and so on up to what stands above all."""
    levels = [list(items)]
    while len(items) > 1:
        items = [join(left, right) for left, right in zip(items[::2], items[1::2], strict=True)]
        levels.append(items)
    return levels


def put_in(levels: Sequence[list[Item]], items: Mapping[int, Item]) -> None:
    """Put other items at some places, and what follows above them."""
    for place, item in items.items():
        levels[0][place] = item
    changed = set(items)
    for below, over in pairwise(levels):
        changed = {place >> 1 for place in changed}
        for place in changed:
            over[place] = join(below[2 * place], below[2 * place + 1])


def missing(name: str) -> Page:
    raise MapBroken(f"page {name or 'of the root'} of the map is missing")


def pages_of(name: str, records: Sequence[bytes]) -> tuple[dict[str, bytes], Item]:
    """The pages of all records whose keys begin with the name, sorted, and what stands for them."""
    if len(records) < 2 and name:
        return {}, records[0] if records else b""
    if len(records) <= MOST_RECORDS:
        page = Page(False, tuple(records))
        return {name: page.packed()}, page.item(len(name))
    contents: dict[str, bytes] = {}
    items: list[Item] = [b""] * len(DIGITS)
    for digit, some in groupby(records, key=lambda record: digit_at(record, len(name))):
        below, items[digit] = pages_of(name + DIGITS[digit], [*some])
        contents |= below
    return above(name, items, contents)


def above(
    name: str, items: Sequence[Item], below: dict[str, bytes]
) -> tuple[dict[str, bytes], Item]:
    """The page over sixteen places, beside those below it."""
    page = Page(True, tuple(items))
    return below | {name: page.packed()}, page.item(len(name))


def digit_at(key: bytes, place: int) -> int:
    """The hexadecimal digit at a place, as a number."""
    byte = key[place >> 1]
    return byte & 15 if place & 1 else byte >> 4
