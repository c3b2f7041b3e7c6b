"""Bundles of entries taken apart side by side (pure; numpy)."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec
import numpy as np

from registry.audit.layout import Bodies
from registry.audit.matrix import Bytes, Integers, Mask, Offsets
from registry.log.tiles import WIDTH

#: Before each entry, big-endian.
_LENGTH: Final = np.dtype(">u2")


class Bundle(NamedTuple):
    """A file that must hold so many entries, of which the first ones are asked for."""

    content: bytes
    held: int
    asked: int


NO_BUNDLE: Final = Bundle(b"", 0, 0)


class Bundles(msgspec.Struct, frozen=True):
    """The entries of some neighbouring bundles: `bodies`, and the place of each, 256 a bundle.
    `sound`: the bundles that hold as many entries as they must; of others nothing is taken.
    """

    bodies: Bodies
    places: Integers
    sound: Mask


def take_apart(bundles: Sequence[Bundle]) -> Bundles:
    """At least one."""
    contents, held, asked = zip(*bundles, strict=True)
    joined = np.frombuffer(bytearray().join([*contents, bytes(_LENGTH.itemsize)]), np.uint8)
    begins = np.cumsum([0, *map(len, contents)])
    chains = _chains(joined, begins[:-1])
    sound = chains[held, np.arange(len(held))] == begins[1:]
    taken = sound[:, np.newaxis] & (np.arange(WIDTH) < np.array(asked)[:, np.newaxis])
    starts = chains[:-1].T[taken] + _LENGTH.itemsize
    lengths = chains[1:].T[taken] - starts
    joined[starts - 1] = 0  # its length is read: now a leaf's prefix stands before each body
    return Bundles(Bodies(joined, starts, lengths), np.flatnonzero(taken), sound)


def _chains(joined: Bytes, begins: Offsets) -> Offsets:
    """Where each bundle's entries end, one under the other; its beginning stands above them. A
    bundle that ends within an entry goes on in the next one, and never meets its own end again.
    """
    lengths = np.ndarray(len(joined) - 1, _LENGTH, joined, strides=(1,))
    chains = np.empty((WIDTH + 1, len(begins)), np.int64)
    chains[0] = begins
    for entry in range(WIDTH):
        at = np.minimum(chains[entry], len(lengths) - 1)
        chains[entry + 1] = at + lengths[at] + _LENGTH.itemsize
    return chains
