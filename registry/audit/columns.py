"""The columns of issuing entries against their bodies, by the thousand (pure; numpy).

What the body of a row must be is written from its columns: where the two are alike, the body is in
its one canonical form, and every column says what it says.
"""

import binascii
from collections.abc import Mapping
from typing import Final

import numpy as np

from registry.audit.instants import FIRST, LAST, write_instants
from registry.audit.layout import (
    FIXED,
    HASHES,
    HEX,
    Bodies,
    Layout,
    by_layout,
    in_cache,
    texts_hold,
)
from registry.audit.matrix import Bytes, Integers, Mask, Offsets, neighbours, whole, windows
from registry.log.tree import HASH_BYTES

_EPOCH: Final = 946_684_800_000_000  # 2000 in microseconds since 1970
_PLACE: Final = np.dtype(">i8")
_WORD: Final = np.dtype(">i4")
_ZERO: Final = ord("0")
_POWERS: Final = 10 ** np.arange(10)


class Texts:
    """A column of texts, joined."""

    def __init__(self, joined: bytes, lengths: bytes) -> None:
        self.joined = np.frombuffer(joined, np.uint8)
        self.ends = offsets(lengths)

    def lengths(self) -> Integers:
        return np.diff(self.ends)

    def table(self, at: Integers | slice, length: int) -> Bytes:
        """Texts of one length as the rows of a matrix."""
        return windows(self.joined, self.ends[at], length)


class PlainRows:
    """The columns of the plain rows of a stretch (`registry.store.columns`); `rows` are their
    places among all rows. Times are microseconds since 1970.
    """

    def __init__(self, entries: Mapping[str, bytes]) -> None:
        self.mask = np.frombuffer(entries["plain"], np.bool_)
        self.rows = np.flatnonzero(self.mask)
        self.hashes = {name: hashes(entries[name]) for name in HASHES}
        self.number = np.frombuffer(entries["number"], _WORD).astype(np.int64)
        self.times = {
            name: np.frombuffer(entries[name], _PLACE) + _EPOCH
            for name in ("occurred_at", "certified_at")
        }
        self.texts = {
            name: Texts(entries[name], entries[f"{name}_length"]) for name in ("unit_code", "book")
        }

    def told_by(self, bodies: Bodies) -> Mask:
        """Of all rows, those that are plain and whose body follows from their columns."""
        told = np.zeros(len(self.mask), np.bool_)
        books, units = self.texts["book"].lengths(), self.texts["unit_code"].lengths()
        digits = np.searchsorted(_POWERS, self.number, side="right")
        fits = bodies.lengths[self.rows] == FIXED + books + digits + units
        fits &= (self.number > 0) & (books > 0) & (books < 256) & (units > 0) & (units < 256)
        for moments in self.times.values():
            fits &= (moments >= FIRST) & (moments <= LAST)
        fitting = np.flatnonzero(fits)
        for layout, places in by_layout(books[fitting], digits[fitting], units[fitting]):
            at = neighbours(fitting[places])
            expected = self._written(layout, at)
            alike = _same(expected, bodies, self.rows[at])
            for field in layout.fields:
                if field.name in self.texts:
                    alike &= texts_hold(expected[:, field.place])
            told[self.rows[at]] = alike
        return told

    def _written(self, layout: Layout, at: Integers | slice) -> Bytes:
        """The bodies that these rows must have."""
        table = np.empty((len(self.number[at]), len(layout.template)), np.uint8)
        table[:] = layout.template
        for name, place in layout.fields:
            values = table[:, place]
            if name in self.hashes:
                values[:] = _hex_digits(self.hashes[name][at])
            elif name in self.times:
                write_instants(self.times[name][at], values)
            elif name in self.texts:
                values[:] = self.texts[name].table(at, place.stop - place.start)
            else:
                _write_numbers(self.number[at], values)
        return table


def _same(expected: Bytes, bodies: Bodies, rows: Integers) -> Mask:
    same = np.empty(len(rows), np.bool_)
    for some in in_cache(len(rows)):
        same[some] = whole(bodies.table(rows[some], expected.shape[1]) == expected[some])
    return same


def _hex_digits(rows: Bytes) -> Bytes:
    """Of one row when all are alike, as those of certificates mostly are."""
    if len(rows) > 1 and (rows[-1] == rows[0]).all() and (rows == rows[0]).all():
        rows = rows[:1]
    return np.frombuffer(binascii.hexlify(rows.data), np.uint8).reshape(-1, HEX)


def _write_numbers(values: Integers, digits: Bytes) -> None:
    numbers = values.astype(np.int32)
    for at in range(digits.shape[1] - 1, -1, -1):
        tens = numbers // 10
        digits[:, at] = numbers - tens * 10 + _ZERO
        numbers = tens


def hashes(joined: bytes) -> Bytes:
    """One a row."""
    return np.frombuffer(joined, np.uint8).reshape(-1, HASH_BYTES)


def offsets(lengths: bytes) -> Offsets:
    """Where each value begins, and where the last one ends."""
    found = np.zeros(len(lengths) // _WORD.itemsize + 1, np.int64)
    np.cumsum(np.frombuffer(lengths, _WORD), out=found[1:])
    return found


def places(indexes: bytes) -> Integers:
    return np.frombuffer(indexes, _PLACE)
