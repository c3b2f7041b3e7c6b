"""How the bodies of issuing entries are laid out (pure; numpy).

Most bodies of a log differ in their values only: once the lengths of book, number and unit are
known, every field has its place. Bodies of one layout are laid under each other and judged by the
column.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Final, NamedTuple

import msgspec
import numpy as np

from registry.audit.hashing import hash_spans
from registry.audit.instants import INSTANT_CHARACTERS
from registry.audit.matrix import Bytes, Integers, Mask, Offsets, whole, windows
from registry.log.tree import HASH_BYTES

HEX: Final = 2 * HASH_BYTES
HASHES: Final = ("code_hash", "commitment", "pdf_digest", "seal_fingerprint", "signer_fingerprint")
QUOTE, COMMA, BACKSLASH, DELETE, ONE = b'",\\\x7f1'
_ANYTHING: Final = b"\x00\xff"
_RANGES: Final = {**dict.fromkeys(HASHES, b"0f"), "number": b"09"}
#: Bodies judged together; and of those, how many at a time where all their bytes are looked at:
#: so many stay in the processor's cache.
AT_ONCE: Final = 4096
_IN_CACHE: Final = 256
#: Below it a layout costs more than reading its bodies one by one.
FEWEST: Final = 16


class Bodies(NamedTuple):
    """Body i is the `lengths[i]` bytes from `starts[i]` on; the byte before it is zero, as a leaf's
    prefix is.
    """

    joined: Bytes
    starts: Offsets
    lengths: Offsets

    def leaf_hashes(self) -> Bytes:
        return hash_spans(self.joined, self.starts - 1, self.lengths + 1)

    def body(self, at: int) -> bytes:
        start = int(self.starts[at])
        return self.joined[start : start + int(self.lengths[at])].tobytes()

    def table(self, rows: Integers, length: int) -> Bytes:
        """Bodies of one length as the rows of a matrix."""
        return windows(self.joined, self.starts[rows], length)


class Field(NamedTuple):
    name: str
    place: slice


class Layout(msgspec.Struct, frozen=True, dict=True):
    """The lengths, in bytes, that fix where everything is."""

    book: int
    number: int
    unit: int

    @cached_property
    def template(self) -> Bytes:
        """A body with zeros for its values."""
        text = b"".join(fixed + bytes(length) for _, length, fixed in self._parts())
        return np.frombuffer(text, np.uint8)

    @cached_property
    def fields(self) -> list[Field]:
        """Where each value stands, in order."""
        found, at = [], 0
        for name, length, fixed in self._parts():
            at += len(fixed)
            found.append(Field(name, slice(at, at + length)))
            at += length
        return found[:-1]

    @cached_property
    def ranges(self) -> tuple[Bytes, Bytes]:
        """The least and the greatest that each byte can be, as far as that is fixed."""
        least, most = self.template.copy(), self.template.copy()
        for name, place in self.fields:
            begin, end = _RANGES.get(name, _ANYTHING)
            least[place], most[place] = begin, end
            if name == "number":
                least[place.start] = ONE
        return least, most

    def _parts(self) -> Iterator[tuple[str, int, bytes]]:
        """Field, its length, and the fixed text before it; the last one is the text at the end."""
        yield "book", self.book, b'{"book":"'
        yield "certified_at", INSTANT_CHARACTERS, b'","certified_at":"'
        yield "code_hash", HEX, b'","code_hash":"'
        yield "commitment", HEX, b'","commitment":"'
        yield "number", self.number, b'","kind":"issued","number":'
        yield "occurred_at", INSTANT_CHARACTERS, b',"occurred_at":"'
        yield "pdf_digest", HEX, b'","pdf_digest":"'
        yield "seal_fingerprint", HEX, b'","seal_fingerprint":"'
        yield "signer_fingerprint", HEX, b'","signer_fingerprint":"'
        yield "unit_code", self.unit, b'","unit_code":"'
        yield "", 0, b'","version":1}'


_BARE: Final = Layout(0, 0, 0)
#: The length of a body without book, number and unit.
FIXED: Final = len(_BARE.template)
BEFORE_BOOK: Final = _BARE.fields[0].place.start
#: From the end of the book to the number.
BOOK_TO_NUMBER: Final = (
    next(one.place.start for one in _BARE.fields if one.name == "number") - BEFORE_BOOK
)


def by_layout(
    books: Integers, numbers: Integers, units: Integers
) -> Iterator[tuple[Layout, Integers]]:
    """Each layout with the places of its bodies, ascending, a few at a time; what is rare is left
    out. Lengths are above 0 and below 256.
    """
    keys = (units << 16) | (books << 8) | numbers
    kinds, counts = np.unique(keys, return_counts=True)
    for key in kinds[counts >= FEWEST].tolist():
        layout = Layout(book=key >> 8 & 0xFF, number=key & 0xFF, unit=key >> 16)
        places = np.flatnonzero(keys == key)
        for begin in range(0, len(places), AT_ONCE):
            yield layout, places[begin : begin + AT_ONCE]


def in_cache(count: int) -> Iterator[slice]:
    """A few of so many bodies after the other."""
    for begin in range(0, count, _IN_CACHE):
        yield slice(begin, min(begin + _IN_CACHE, count))


def texts_hold(texts: Bytes) -> Mask:
    """Whether texts are not blank, need no escaping and are UTF-8, as far as can be told here."""
    if len(texts) > 1 and (texts == texts[0]).all():
        return np.repeat(texts_hold(texts[:1]), len(texts))
    plain = (texts >= 0x20) & (texts != QUOTE) & (texts != BACKSLASH) & (texts != DELETE)
    sound: Mask = whole(plain) & (texts[:, 0] > 0x20) & (texts[:, 0] < DELETE)
    # A byte of ASCII after each keeps neighbours from completing one another's characters.
    ended = np.full((len(texts), texts.shape[1] + 1), QUOTE, np.uint8)
    ended[:, :-1] = texts
    try:
        ended.tobytes().decode()
    except UnicodeDecodeError:
        sound &= whole(texts < 0x80)
    return sound
