"""Integrating entries into the map of codes, by whoever is about to sign a checkpoint of them.

Nothing is believed here either: entries that were signed before there was a map are hashed up to
the signed root again, and a page is taken for what the root commits to or not at all.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

from registry.entry import CopyEntry, Entry, parse_entry
from registry.errors import ChainBroken, MalformedEntry
from registry.log.checkpoint import Checkpoint, parse_checkpoint
from registry.log.code_map import EMPTY, MapBroken, committed_root
from registry.log.map_growth import Growth, changes_of
from registry.log.note import NoteRefused
from registry.log.tiles import WIDTH, root_over_bundles
from registry.log.tree import leaf_hash, perfect_root
from registry.store.publishing import Publishing

#: Entries taken up in one transaction.
STEP: Final = 64 * WIDTH
_BODIES_AT_ONCE: Final = 8 * WIDTH

#: Index and code hash of entries, in order; an entry about no code is left out.
Codes = Sequence[tuple[int, bytes]]


def code_hash_of(entry: Entry) -> bytes | None:
    """Which copy an entry is about; None when it is about none."""
    return entry.code_hash if isinstance(entry, CopyEntry) else None


async def catch_up(publishing: Publishing, signed: Checkpoint) -> bool:
    """Take up some of the entries that were signed when there was no map; whether that was all.

    Of the last bundle, if it is not full, they come with the next checkpoint's.
    """
    start, whole = await publishing.map_size(), signed.size // WIDTH * WIDTH
    end = min(start // WIDTH * WIDTH + STEP, whole)
    if start < end:
        codes = await _signed_codes(publishing, start, end, signed)
        await integrate(publishing, codes, end)
    return end == whole or start >= whole


async def integrate(publishing: Publishing, codes: Codes, size: int) -> bytes:
    """Bring the map to the log of `size` and return its root; `codes` are all that it lacks.

    Raises ChainBroken when the pages do not have the root that was signed for them.
    """
    growth = Growth(changes_of(codes))
    try:
        expected = await _signed_root(publishing, await publishing.map_size())
        while growth.wanted:
            pages = await publishing.newest_pages(growth.wanted)
            await asyncio.to_thread(growth.take, pages)
        grown = await asyncio.to_thread(growth.grown)
    except (MapBroken, NoteRefused) as fault:
        raise ChainBroken(f"the map of codes: {fault}") from None
    if expected not in {None, grown.before}:
        raise ChainBroken("the map of codes has another root than the one that was signed")
    await publishing.put_pages(grown.contents, size)
    return grown.root


async def _signed_root(publishing: Publishing, size: int) -> bytes | None:
    """What the checkpoint of this size commits to, if there is one and it does."""
    if size == 0:
        return EMPTY
    note = await publishing.note_at(size)
    return committed_root(parse_checkpoint(note)) if note else None


async def _signed_codes(
    publishing: Publishing, start: int, end: int, signed: Checkpoint
) -> list[tuple[int, bytes]]:
    roots = await publishing.bundle_roots(signed.size)
    rest = await publishing.partial_tile(0, signed.size // WIDTH, signed.size)
    if root_over_bundles(roots, rest) != signed.root_hash:
        raise ChainBroken(f"checkpoint {signed.size}: the stored hashes lead to another root")
    codes: list[tuple[int, bytes]] = []
    for first in range(start // WIDTH * WIDTH, end, _BODIES_AT_ONCE):
        bodies = await publishing.bodies(first, min(first + _BODIES_AT_ONCE, end))
        codes += await asyncio.to_thread(_codes_in, first, bodies, roots)
    return [(index, code_hash) for index, code_hash in codes if index >= start]


def _codes_in(
    first: int, bodies: Sequence[bytes], roots: Sequence[bytes]
) -> list[tuple[int, bytes]]:
    """Of whole bundles, each of which must have its root."""
    for at in range(0, len(bodies), WIDTH):
        leaves = [leaf_hash(body) for body in bodies[at : at + WIDTH]]
        if len(leaves) < WIDTH or perfect_root(leaves) != roots[(first + at) // WIDTH]:
            raise ChainBroken(f"entries from {first + at} on: not as signed")
    try:
        entries = [parse_entry(body) for body in bodies]
    except MalformedEntry:
        raise ChainBroken(f"entries from {first} on: a body is no entry") from None
    hashes = ((index, code_hash_of(entry)) for index, entry in enumerate(entries, first))
    return [(index, hashed) for index, hashed in hashes if hashed is not None]
