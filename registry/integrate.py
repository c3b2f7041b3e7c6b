"""Integrating entries into the map of codes, by whoever is about to sign a checkpoint of them.

Nothing is believed here either: entries that were signed before there was a map are hashed up to
the signed root again, and pages grow only if the log's key vouches for the root that they have.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from registry.entry import CopyEntry, Entry, parse_entry
from registry.errors import ChainBroken, MalformedEntry
from registry.extension import verify_extension
from registry.log.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from registry.log.code_map import EMPTY, MapBroken, committed_root, extension_line
from registry.log.map_growth import Grown, Growth, changes_of
from registry.log.note import NoteRefused, parse_verifier, verifier_line
from registry.log.tiles import WIDTH, root_over_bundles
from registry.log.tree import leaf_hash, perfect_root
from registry.store.mapping import MapHead
from registry.store.publishing import Publishing

#: Entries taken up in one transaction.
STEP: Final = 64 * WIDTH
_BODIES_AT_ONCE: Final = 8 * WIDTH

#: Index and code hash of entries, in order; an entry about no code is left out.
Codes = Sequence[tuple[int, bytes]]


def code_hash_of(entry: Entry) -> bytes | None:
    """Which copy an entry is about; None when it is about none."""
    return entry.code_hash if isinstance(entry, CopyEntry) else None


async def catch_up(publishing: Publishing, signed: Checkpoint, log_key: Ed25519PrivateKey) -> bool:
    """Take up some of the entries that were signed when there was no map; whether that was all.

    Of the last bundle, if it is not full, they come with the next checkpoint's. What is taken up
    is vouched for by a checkpoint of its size, so that whoever comes next can go on from there.
    """
    head, whole = await publishing.map_head(), signed.size // WIDTH * WIDTH
    end = min(head.size // WIDTH * WIDTH + STEP, whole)
    if head.size < end:
        root = await vouched_root(publishing, head, signed, log_key.public_key())
        roots = await _signed_bundles(publishing, signed)
        codes = await _signed_codes(publishing, head.size, end, roots)
        grown = await integrate(publishing, codes, root)
        step = sign_checkpoint(
            signed.origin,
            end,
            root_over_bundles(roots[: end // WIDTH], ()),
            log_key,
            [extension_line(grown.root)],
        )
        await publishing.put_pages(grown.contents, end, step.note)
    return end == whole or head.size >= whole


async def vouched_root(
    publishing: Publishing, head: MapHead, signed: Checkpoint, log_key: Ed25519PublicKey
) -> bytes:
    """The root of the map of `head.size`, as this key signed it for a beginning of the `signed`
    log. What the map lacks follows from the same `head`: pages may be changed at any time.

    Raises ChainBroken when it did not: then the pages may be anybody's, whatever they add up to.
    """
    size, note = head
    if size == 0:
        return EMPTY
    verifier = parse_verifier(verifier_line(signed.origin, log_key))
    try:
        vouching = open_checkpoint(note or "", signed.origin, [verifier])
        root = committed_root(vouching)
    except NoteRefused as refusal:
        raise ChainBroken(f"the map of codes at {size} is not vouched for: {refusal}") from None
    if vouching.size != size or root is None:
        raise ChainBroken(f"the map of codes at {size} is not vouched for, something else is")
    await verify_extension(publishing, vouching, signed)
    return root


async def integrate(publishing: Publishing, codes: Codes, vouched: bytes) -> Grown:
    """What the stored map of this root becomes with `codes`, all that it lacks; nothing is stored.

    Raises ChainBroken when the pages have another root, or contradict each other.
    """
    growth = Growth(changes_of(codes))
    try:
        while growth.wanted:
            pages = await publishing.newest_pages(growth.wanted)
            await asyncio.to_thread(growth.take, pages)
        grown = await asyncio.to_thread(growth.grown)
    except MapBroken as fault:
        raise ChainBroken(f"the map of codes: {fault}") from None
    if grown.before != vouched:
        raise ChainBroken("the map of codes has another root than the one that was signed")
    return grown


async def _signed_bundles(publishing: Publishing, signed: Checkpoint) -> Sequence[bytes]:
    """The hash over each full bundle, as the signed root has them."""
    roots = await publishing.bundle_roots(signed.size)
    rest = await publishing.partial_tile(0, signed.size // WIDTH, signed.size)
    if root_over_bundles(roots, rest) != signed.root_hash:
        raise ChainBroken(f"checkpoint {signed.size}: the stored hashes lead to another root")
    return roots


async def _signed_codes(
    publishing: Publishing, start: int, end: int, roots: Sequence[bytes]
) -> list[tuple[int, bytes]]:
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
