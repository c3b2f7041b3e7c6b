"""The chain of rows: each entry's hash covers the one before it, so SQL alone can walk the book."""

import hashlib
from collections.abc import Iterable
from typing import Final

import msgspec

from registry.log.tree import leaf_hash


class Head(msgspec.Struct, frozen=True, gc=False):
    """The end of the book: how many entries there are, and the hash of the last one."""

    size: int
    entry_hash: bytes


class Link(msgspec.Struct, frozen=True, gc=False):
    """One stored row without its columns. Hashes have 32 bytes; `index` counts from 0."""

    index: int
    body: bytes
    leaf_hash: bytes
    prev_hash: bytes
    entry_hash: bytes


#: Before the first entry.
GENESIS: Final = Head(0, bytes(32))


def entry_hash(prev_hash: bytes, leaf: bytes) -> bytes:
    """The prefix 0x02 keeps links apart from the tree's leaves (0x00) and nodes (0x01)."""
    return hashlib.sha256(b"\x02" + prev_hash + leaf).digest()


def follow(head: Head, body: bytes) -> Link:
    """The row that follows the head."""
    leaf = leaf_hash(body)
    return Link(head.size, body, leaf, head.entry_hash, entry_hash(head.entry_hash, leaf))


def extend(head: Head, bodies: Iterable[bytes]) -> list[Link]:
    """The rows that follow the head, in order."""
    links = []
    for body in bodies:
        link = follow(head, body)
        links.append(link)
        head = Head(link.index + 1, link.entry_hash)
    return links
