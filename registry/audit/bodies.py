"""Bodies of issuing entries read by the thousand (pure; numpy).

What is not plainly of that form is left to the exact reading (registry.entry): never refused here,
and never passed.
"""

import binascii
from collections.abc import Iterator
from typing import Final

import msgspec
import numpy as np

from registry.audit.instants import read_instants
from registry.audit.layout import (
    BEFORE_BOOK,
    BOOK_TO_NUMBER,
    COMMA,
    FIXED,
    HASHES,
    QUOTE,
    Bodies,
    Layout,
    by_layout,
    texts_hold,
)
from registry.audit.matrix import Bytes, Integers, Mask, whole, windows
from registry.log.tree import HASH_BYTES

_LONGEST_BOOK: Final = 64
#: All of so many digits have 31 bits.
_LONGEST_NUMBER: Final = 9
_LONGEST_UNIT: Final = 255
#: What follows the digits; from there on, letters are far away.
_COLON, _LETTER = np.frombuffer(b":a", np.uint8)


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """Bodies of one layout. `rows` are their positions among all bodies, ascending; the rest has
    one line a body. Times are microseconds since 1970.

    `sound`: those that are bodies of issuing entries in their one canonical form.
    """

    rows: Integers
    sound: Mask
    texts: dict[str, Bytes]
    times: dict[str, Integers]

    def hashes(self, name: str) -> Bytes:
        """Of the sound ones, 32 bytes each."""
        digits = self.texts[name] if self.sound.all() else self.texts[name][self.sound]
        read = np.frombuffer(binascii.unhexlify(digits.tobytes()), np.uint8)
        return read.reshape(-1, HASH_BYTES)


def read_bodies(bodies: Bodies) -> Iterator[Batch]:
    """What could be read in bulk."""
    fitting = np.flatnonzero((bodies.lengths > FIXED) & (bodies.lengths < FIXED + _LONGEST_UNIT))
    if not len(fitting):
        return
    # Looking ahead from within a body that is as long as FIXED stays inside of it.
    joined, starts, lengths = bodies.joined, bodies.starts[fitting], bodies.lengths[fitting]
    books = _until(joined, starts + BEFORE_BOOK, _LONGEST_BOOK, QUOTE)
    at_number = starts + BEFORE_BOOK + books + BOOK_TO_NUMBER
    inside = at_number + _LONGEST_NUMBER < starts + lengths
    numbers = np.zeros_like(books)
    numbers[inside] = _until(joined, at_number[inside], _LONGEST_NUMBER, COMMA)
    units = lengths - FIXED - books - numbers
    plain = np.flatnonzero((books > 0) & (numbers > 0) & (units > 0))
    for layout, places in by_layout(books[plain], numbers[plain], units[plain]):
        yield _read(bodies, layout, fitting[plain[places]])


def _until(joined: Bytes, starts: Integers, most: int, end: int) -> Integers:
    """How many bytes stand before the first `end`; 0 when there are more than `most`."""
    found: Integers = np.argmax(windows(joined, starts, most + 1) == end, axis=1)
    return found


def _read(bodies: Bodies, layout: Layout, rows: Integers) -> Batch:
    table = bodies.table(rows, len(layout.template))
    sound = _well_written(layout, table)
    texts = {field.name: table[:, field.place] for field in layout.fields}
    for name in ("book", "unit_code"):
        sound &= texts_hold(texts[name])
    times = {}
    for name in ("occurred_at", "certified_at"):
        times[name], well_written = read_instants(texts[name])
        sound &= well_written
    return Batch(rows=rows, sound=sound, texts=texts, times=times)


def _well_written(layout: Layout, table: Bytes) -> Mask:
    """Whether all that is fixed stands there, lower-case hex digits where hashes are, and a number
    without zeros before it.
    """
    lowest, highest = table.min(axis=0), table.max(axis=0)
    if _in_range(layout, lowest).all() and _in_range(layout, highest).all():
        sound = np.ones(len(table), np.bool_)
    else:
        sound = whole(_in_range(layout, table))
    for name, place in layout.fields:
        if name in HASHES:
            constant = np.array_equal(lowest[place], highest[place])
            sound &= _without_gap(table[:1, place] if constant else table[:, place])
    return sound


def _in_range(layout: Layout, table: Bytes) -> Mask:
    least, most = layout.ranges
    inside: Mask = (table >= least) & (table <= most)
    return inside


def _without_gap(digits: Bytes) -> Mask:
    """Whether nothing in rows from 0 to f is between 9 and a."""
    return whole(digits - _COLON >= _LETTER - _COLON)
