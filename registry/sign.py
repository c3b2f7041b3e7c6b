"""Signing: the log's next checkpoint, after re-hashing everything that it newly covers.

A checkpoint cannot be taken back, so nothing is believed here: the earlier tree is rebuilt from
what is stored and must have the root that was signed, each new row is hashed again from its body.
"""

from collections.abc import AsyncIterator
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.chain import GENESIS, Head, Link, entry_hash
from registry.clock import Clock
from registry.entry import parse_entry
from registry.errors import ChainBroken, MalformedEntry
from registry.log.checkpoint import Checkpoint, parse_checkpoint, sign_checkpoint
from registry.log.note import NoteRefused
from registry.log.proof import ProofRefused, consistency_ranges, verify_consistency
from registry.log.tiles import Tile, TileBuilder, range_hash, tiles_for
from registry.log.tree import leaf_hash
from registry.store import Store
from registry.store.publishing import Publishing

_TILES_AT_ONCE: Final = 256


class Signed(NamedTuple):
    """The newest checkpoint, whose note has the log's signature only."""

    checkpoint: Checkpoint
    published: bool


async def sign(
    store: Store, log_key: Ed25519PrivateKey, origin: str, clock: Clock, *, one_at_a_time: bool
) -> Signed:
    """Sign the log's present size, unless that is done; stored before anybody sees it.

    With `one_at_a_time`, a checkpoint that is not published yet stands in the way of the next.
    Needs `registry_publisher`. An empty log gets a checkpoint of size 0. Raises ChainBroken, and
    signs nothing, when what is stored contradicts itself or the last checkpoint.
    """
    async with store.publishing() as publishing:
        previous = await _previous(publishing, origin)
        head = await publishing.head()
        if previous:
            published = await publishing.published_size() >= previous.size
            waiting = one_at_a_time and not published and previous.size < head.size
            if previous.size == head.size or waiting:
                if not published:
                    await publishing.settle()  # a witness may see it next
                return Signed(previous, published)
        checkpoint = await _extend(publishing, previous, head, origin, log_key)
        await publishing.insert_checkpoint(checkpoint, clock())
    return Signed(checkpoint, published=False)


async def _extend(
    publishing: Publishing,
    previous: Checkpoint | None,
    head: Head,
    origin: str,
    log_key: Ed25519PrivateKey,
) -> Checkpoint:
    builder = await _rebuild(publishing, previous)
    await _grow(publishing, builder, _leaves(publishing, builder.size, head))
    checkpoint = sign_checkpoint(origin, head.size, builder.root(), log_key)
    if previous:
        await _verify_extension(publishing, previous, checkpoint)
    return checkpoint


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
