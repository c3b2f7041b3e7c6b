"""Signing and publishing: the log's next checkpoint, and the moment from which it answers.

A checkpoint cannot be taken back, so nothing is believed before signing: the earlier tree is
rebuilt from what is stored and must have the root that was signed, each new row is hashed again
from its body. It is stored before anybody sees it, and published once the policy is met.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.chain import GENESIS, Head, Link, entry_hash
from registry.clock import Clock
from registry.entry import parse_entry
from registry.errors import ChainBroken, MalformedEntry, RegistryUnavailable
from registry.log.checkpoint import Checkpoint, parse_checkpoint, sign_checkpoint
from registry.log.note import NoteRefused
from registry.log.proof import ProofRefused, consistency_ranges, verify_consistency
from registry.log.tiles import Tile, TileBuilder, range_hash, tiles_for
from registry.log.tree import leaf_hash
from registry.store import Store
from registry.store.publishing import Publishing

_log = logging.getLogger(__name__)

_TILES_AT_ONCE: Final = 256


async def publish(
    store: Store, log_key: Ed25519PrivateKey, origin: str, clock: Clock
) -> Checkpoint:
    """Sign the log's present size and publish it, asking no witness; returns the newest checkpoint.

    Needs `registry_publisher`. An empty log gets a checkpoint of size 0. Raises ChainBroken, and
    signs nothing, when what is stored contradicts itself or the last checkpoint.
    """
    async with store.publishing() as publishing:
        checkpoint = await _sign(publishing, log_key, origin, clock)
    async with store.publishing() as publishing:
        if await publishing.published_size() < checkpoint.size:
            await publishing.insert_publication(checkpoint.size, clock())
    return checkpoint


async def _sign(
    publishing: Publishing, log_key: Ed25519PrivateKey, origin: str, clock: Clock
) -> Checkpoint:
    previous = await _previous(publishing, origin)
    head = await publishing.head()
    if previous and head.size == previous.size:
        return previous
    start = previous.size if previous else 0
    builder = await _rebuild(publishing, previous)
    await _grow(publishing, builder, _leaves(publishing, start, head))
    checkpoint = sign_checkpoint(origin, head.size, builder.root(), log_key)
    if previous:
        await _verify_extension(publishing, previous, checkpoint)
    await publishing.insert_checkpoint(checkpoint, clock())
    return checkpoint


async def keep_publishing(
    store: Store, log_key: Ed25519PrivateKey, origin: str, clock: Clock, every: float = 0.5
) -> None:
    """Publish again and again, `every` seconds, until cancelled.

    An unreachable database is waited for; ChainBroken ends it, since nothing may be signed then.
    """
    while True:
        try:
            await publish(store, log_key, origin, clock)
        except RegistryUnavailable:
            _log.warning("not published: the database is not available")
        await asyncio.sleep(every)


async def _previous(publishing: Publishing, origin: str) -> Checkpoint | None:
    row = await publishing.newest_row()
    if row is None:
        return None
    size, root_hash, note = row
    try:
        checkpoint = parse_checkpoint(note)
    except NoteRefused:
        raise ChainBroken(f"checkpoint {size}: its note is malformed") from None
    if (checkpoint.size, checkpoint.root_hash, checkpoint.origin) != (size, root_hash, origin):
        raise ChainBroken(f"checkpoint {size}: its note says something else than its row or us")
    return checkpoint


async def _rebuild(publishing: Publishing, previous: Checkpoint | None) -> TileBuilder:
    """The tree that was signed last, from stored tiles and leaf hashes."""
    if previous is None:
        return TileBuilder()
    builder = TileBuilder(await publishing.edge(previous.size))
    if builder.size != previous.size or builder.root() != previous.root_hash:
        raise ChainBroken(f"checkpoint {previous.size}: stored hashes give another root")
    return builder


async def _grow(publishing: Publishing, builder: TileBuilder, leaves: AsyncIterator[bytes]) -> None:
    """Append all leaves and store the tiles they fill, a few at a time."""
    full: list[Tile] = []
    async for leaf in leaves:
        full.extend(builder.append(leaf))
        if len(full) >= _TILES_AT_ONCE:
            await publishing.insert_tiles(full)
            full = []
    await publishing.insert_tiles(full)


async def _leaves(publishing: Publishing, start: int, head: Head) -> AsyncIterator[bytes]:
    """The leaf hashes [start, head.size), each from its body; the head must be the last link."""
    expected = Head(start, GENESIS.entry_hash)
    if start:
        expected = Head(start, await publishing.entry_hash_at(start - 1) or b"")
    async for link in publishing.links(start, head.size):
        _verify_link(link, expected)
        expected = Head(link.index + 1, link.entry_hash)
        yield link.leaf_hash
    if expected != head:
        raise ChainBroken(f"the head is not entry {head.size - 1}")


def _verify_link(link: Link, expected: Head) -> None:
    true = (
        (link.index, link.prev_hash) == (expected.size, expected.entry_hash)
        and link.leaf_hash == leaf_hash(link.body)
        and link.entry_hash == entry_hash(link.prev_hash, link.leaf_hash)
    )
    if not true:
        raise ChainBroken(f"entry {expected.size}: its link or hash is false")
    try:
        parse_entry(link.body)
    except MalformedEntry:
        raise ChainBroken(f"entry {link.index}: its body is no entry") from None


async def _verify_extension(
    publishing: Publishing, previous: Checkpoint, checkpoint: Checkpoint
) -> None:
    """Prove it to ourselves as a witness would, from the tiles that we are about to serve."""
    if previous.size == 0:
        return
    ranges = consistency_ranges(previous.size, checkpoint.size)
    served = await publishing.tiles(tiles_for(ranges), checkpoint.size)
    try:
        proof = [range_hash(served, *one) for one in ranges]
        verify_consistency(
            previous.size, checkpoint.size, proof, previous.root_hash, checkpoint.root_hash
        )
    except (KeyError, ProofRefused):
        raise ChainBroken(f"checkpoint {checkpoint.size}: not an extension of the last") from None
