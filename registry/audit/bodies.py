"""Bodies of issuing entries read by the thousand (pure; numpy).

Most bodies of a log differ in their values only: once the lengths of book, number and unit are
known, every field has its place. Bodies of one layout are laid under each other and read by the
column.
What is not plainly of that form is left to the exact reading (registry.entry): never refused here,
and never passed.
"""

import binascii
from collections.abc import Iterator
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from registry.audit.hashing import Bytes, Offsets, hash_rows
from registry.audit.instants import INSTANT_CHARACTERS, read_instants
from registry.entry import MAX_BODY_BYTES
from registry.log.tree import HASH_BYTES, leaf_hash

Mask = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]

_HEX: Final = 2 * HASH_BYTES
HASHES: Final = ("code_hash", "commitment", "pdf_digest", "seal_fingerprint", "signer_fingerprint")
_LONGEST_BOOK: Final = 64
_LONGEST_NUMBER: Final = 10
_QUOTE, _COMMA, _BACKSLASH, _DELETE = b'",\\\x7f'
_ZERO, _LETTER = np.frombuffer(b"0a", np.uint8)
# Below it a layout costs more than reading its bodies one by one.
_FEWEST: Final = 16


class Layout(msgspec.Struct, frozen=True):
    """The lengths, in bytes, that fix where everything is."""

    book: int
    number: int
    unit: int

    def parts(self) -> Iterator[tuple[str, int, bytes]]:
        """Field, its length, and the fixed text before it; the last one is the text at the end."""
        yield "book", self.book, b'{"book":"'
        yield "certified_at", INSTANT_CHARACTERS, b'","certified_at":"'
        yield "code_hash", _HEX, b'","code_hash":"'
        yield "commitment", _HEX, b'","commitment":"'
        yield "number", self.number, b'","kind":"issued","number":'
        yield "occurred_at", INSTANT_CHARACTERS, b',"occurred_at":"'
        yield "pdf_digest", _HEX, b'","pdf_digest":"'
        yield "seal_fingerprint", _HEX, b'","seal_fingerprint":"'
        yield "signer_fingerprint", _HEX, b'","signer_fingerprint":"'
        yield "unit_code", self.unit, b'","unit_code":"'
        yield "", 0, b'","version":1}'

    def template(self) -> tuple[Bytes, Mask]:
        """A body without its values, and where no value stands."""
        text = b"".join(fixed + bytes(length) for _, length, fixed in self.parts())
        template = np.frombuffer(text, np.uint8)
        return template, template > 0


_FIXED: Final = sum(length + len(text) for _, length, text in Layout(0, 0, 0).parts())
_BEFORE_BOOK: Final = len(b'{"book":"')
# From the end of the book to the number.
_TO_NUMBER: Final = sum(
    len(text) + (length if name != "number" else 0)
    for name, length, text in list(Layout(0, 0, 0).parts())[1:5]
)


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """Bodies of one layout. `rows` are their positions among all bodies, ascending; each field has
    one line a body. Times are microseconds since 1970.
    `sound`: those that are bodies of issuing entries in their one canonical form, except that
    nobody has looked yet whether `hashes` are hex digits (`hash_bytes` does).
    """

    rows: Integers
    sound: Mask
    hashes: dict[str, Bytes]
    texts: dict[str, Bytes]
    number: Integers
    occurred_at: Integers
    certified_at: Integers


def leaves_and_batches(
    joined: Bytes, starts: Offsets, lengths: Offsets
) -> tuple[Bytes, list[Batch]]:
    """The leaf hash of every body, and what could be read in bulk. Body i is the `lengths[i]` bytes
    from `starts[i]` on.
    """
    leaves = np.empty((len(starts), HASH_BYTES), np.uint8)
    # A byte before each body, to become the leaf's prefix; behind the last, room for a look ahead.
    padded = np.concatenate([np.zeros(1, np.uint8), joined, np.zeros(_FIXED, np.uint8)])
    unread = np.ones(len(leaves), np.bool_)
    batches = []
    for layout, rows in _layouts(padded[1:], starts, lengths):
        length = _FIXED + layout.book + layout.number + layout.unit
        table = windows(padded, starts[rows], 1 + length)
        table[:, 0] = 0
        leaves[rows] = hash_rows(table)
        unread[rows] = False
        batches.append(_read(layout, rows, table[:, 1:]))
    for row in np.flatnonzero(unread):
        body = joined[starts[row] : starts[row] + lengths[row]].tobytes()
        leaves[row] = np.frombuffer(leaf_hash(body), np.uint8)
    return leaves, batches


def windows(joined: Bytes, starts: Offsets, length: int) -> Bytes:
    """`length` bytes from each start, as the rows of a matrix."""
    view = np.lib.stride_tricks.sliding_window_view(joined, length)
    return view[starts]


def _layouts(padded: Bytes, starts: Offsets, lengths: Offsets) -> Iterator[tuple[Layout, Integers]]:
    fitting = np.flatnonzero((lengths > _FIXED) & (lengths <= MAX_BODY_BYTES))
    starts, lengths = starts[fitting], lengths[fitting]
    books = _until(padded, starts + _BEFORE_BOOK, _LONGEST_BOOK, _QUOTE)
    at_number = starts + _BEFORE_BOOK + books + _TO_NUMBER
    inside = at_number + _LONGEST_NUMBER < starts + lengths
    numbers = np.zeros_like(books)
    numbers[inside] = _until(padded, at_number[inside], _LONGEST_NUMBER, _COMMA)
    units = lengths - _FIXED - books - numbers
    plain = (books > 0) & (numbers > 0) & (units > 0)
    fitting, books, numbers, units = (one[plain] for one in (fitting, books, numbers, units))
    keys = (units << 16) | (books << 8) | numbers
    kinds, which, counts = np.unique(keys, return_inverse=True, return_counts=True)
    for kind, key in enumerate(kinds.tolist()):
        if counts[kind] >= _FEWEST:
            rows = fitting[which == kind]
            yield Layout(book=key >> 8 & 0xFF, number=key & 0xFF, unit=key >> 16), rows


def _until(joined: Bytes, starts: Offsets, most: int, end: int) -> Integers:
    """How many bytes stand before the first `end`; 0 when there are more than `most`."""
    found: Integers = np.argmax(windows(joined, starts, most + 1) == end, axis=1)
    return found


def _read(layout: Layout, rows: Integers, table: Bytes) -> Batch:
    template, fixed = layout.template()
    sound: Mask = whole((table == template) | ~fixed)
    fields, at = {}, 0
    for name, length, text in layout.parts():
        at += len(text)
        fields[name] = table[:, at : at + length]
        at += length
    for name in ("book", "unit_code"):
        sound &= _texts_hold(fields[name])
    number, well_written = _read_numbers(fields["number"])
    sound &= well_written
    times = {}
    for name in ("occurred_at", "certified_at"):
        times[name], well_written = read_instants(fields[name])
        sound &= well_written
    return Batch(
        rows=rows,
        sound=sound,
        hashes={name: fields[name] for name in HASHES},
        texts={name: fields[name] for name in ("book", "unit_code")},
        number=number,
        **times,
    )


def whole(table: Mask) -> Mask:
    """For each row whether all of it is true; quick when everything is."""
    if table.all():
        return np.ones(len(table), np.bool_)
    rows: Mask = np.logical_and.reduce(table, axis=1)
    return rows


def _texts_hold(texts: Bytes) -> Mask:
    """Whether texts are not blank, need no escaping and are UTF-8, as far as can be told here."""
    if len(texts) > 1 and (texts == texts[0]).all():
        return np.repeat(_texts_hold(texts[:1]), len(texts))
    plain = (texts >= 0x20) & (texts != _QUOTE) & (texts != _BACKSLASH) & (texts != _DELETE)
    sound: Mask = whole(plain) & (texts[:, 0] > 0x20) & (texts[:, 0] < _DELETE)
    # A byte of ASCII after each keeps neighbours from completing one another's characters.
    ended = np.full((len(texts), texts.shape[1] + 1), _QUOTE, np.uint8)
    ended[:, :-1] = texts
    try:
        ended.tobytes().decode()
    except UnicodeDecodeError:
        sound &= whole(texts < 0x80)
    return sound


def _read_numbers(digits: Bytes) -> tuple[Integers, Mask]:
    """Whole numbers from 1 to 2^31 - 1."""
    values = digits.astype(np.int64) - _ZERO
    sound = whole((values >= 0) & (values <= 9)) & (values[:, 0] > 0)
    number = values @ (10 ** np.arange(values.shape[1] - 1, -1, -1, dtype=np.int64))
    return number, sound & (number < 2**31)


def hash_bytes(digits: Bytes) -> tuple[Bytes, Mask]:
    """Hashes of 32 bytes, and which of them were well written: 64 lower-case hex digits."""
    holds = hex_holds(digits)
    written = digits if holds.all() else np.where(holds[:, np.newaxis], digits, _ZERO)
    read = np.frombuffer(binascii.unhexlify(written.tobytes()), np.uint8)
    return read.reshape(-1, HASH_BYTES), holds


def hex_holds(digits: Bytes) -> Mask:
    """Which hashes are well written; quicker than reading them."""
    if len(digits) > 1 and (digits == digits[0]).all():  # certificates hardly change
        return np.repeat(hex_holds(digits[:1]), len(digits))
    return whole((digits - _ZERO <= 9) | (digits - _LETTER <= 5))


def hex_digits(hashes: bytes | memoryview) -> Bytes:
    """Joined hashes of 32 bytes as they are written in bodies, one a row."""
    return np.frombuffer(binascii.hexlify(hashes), np.uint8).reshape(-1, _HEX)
