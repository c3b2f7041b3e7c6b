"""Signing: the log's next checkpoint, after re-hashing everything that it newly covers.

A checkpoint cannot be taken back, so nothing is believed here: the earlier tree is rebuilt from
what is stored and must have the root that was signed, each new row is hashed again from its body.
The map of codes grows in the same transaction, so that a checkpoint commits to the map of its size.
"""

from collections.abc import AsyncIterator
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.chain import GENESIS, Head, Link, entry_hash
from registry.clock import Clock
from registry.entry import Entry, parse_entry
from registry.errors import ChainBroken, MalformedEntry
from registry.extension import verify_extension
from registry.integrate import STEP, catch_up, code_hash_of, integrate, vouched_root
from registry.log.checkpoint import Checkpoint, parse_checkpoint, sign_checkpoint
from registry.log.code_map import EMPTY, extension_line
from registry.log.note import NoteRefused
from registry.log.tiles import Tile, TileBuilder
from registry.log.tree import leaf_hash
from registry.store import Store
from registry.store.mapping import MapHead
from registry.store.publishing import Publishing

_TILES_AT_ONCE: Final = 256


class Signed(NamedTuple):
    """The newest checkpoint, whose note has the log's signature only.

    Not `whole`: the log has more entries than one signature takes up, and the next one may follow.
    """

    checkpoint: Checkpoint
    published: bool
    whole: bool = True


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
        mapped = previous is None or await catch_up(publishing, previous, log_key)
        head = await publishing.head()
        if previous:
            published = await publishing.published_size() >= previous.size
            waiting = one_at_a_time and not published and previous.size < head.size
            if previous.size == head.size or waiting:
                if not published:
                    await publishing.settle()  # a witness may see it next
                return Signed(previous, published)
        extension = _Extension(publishing, previous, head, mapped=mapped)
        checkpoint = await extension.signed(origin, log_key)
        await publishing.insert_checkpoint(checkpoint, clock())
    return Signed(checkpoint, published=False, whole=checkpoint.size == head.size)


class _Extension:
    """From the last checkpoint to the next one, which commits to the map of codes if `mapped`."""

    def __init__(
        self, publishing: Publishing, previous: Checkpoint | None, head: Head, *, mapped: bool
    ) -> None:
        self._publishing = publishing
        self._previous = previous
        self._head = head
        self._mapped = mapped
        self._start = previous.size if previous else 0
        # What the map takes up is bounded, so that the transaction is.
        self._end = min(head.size, self._start + STEP) if mapped else head.size
        self._codes: list[tuple[int, bytes]] = []

    async def signed(self, origin: str, log_key: Ed25519PrivateKey) -> Checkpoint:
        builder = await _rebuild(self._publishing, self._previous)
        head = await self._publishing.map_head()
        if self._mapped:
            await self._take_rest(builder, head.size)
        await _grow(self._publishing, builder, self._leaves())
        lines = []
        if self._mapped:
            root = await self._mapped_root(head, log_key)
            lines.append(extension_line(root))
        checkpoint = sign_checkpoint(origin, self._end, builder.root(), log_key, lines)
        if self._previous:
            await verify_extension(self._publishing, self._previous, checkpoint)
        return checkpoint

    async def _mapped_root(self, head: MapHead, log_key: Ed25519PrivateKey) -> bytes:
        vouched = EMPTY
        if self._previous:
            key = log_key.public_key()
            vouched = await vouched_root(self._publishing, head, self._previous, key)
        grown = await integrate(self._publishing, self._codes, vouched)
        await self._publishing.put_pages(grown.contents, self._end)
        return grown.root

    async def _take_rest(self, builder: TileBuilder, first: int) -> None:
        """What is signed and not in the map: of the last bundle, when it was caught up with."""
        lowest = [hashes for level, _, hashes in builder.partial_tiles() if level == 0]
        signed = [leaf for hashes in lowest for leaf in hashes]
        lacking = self._start - first
        if not 0 <= lacking <= len(signed):
            raise ChainBroken(f"the map of codes has {first} entries, {self._start} are signed")
        bodies = await self._publishing.bodies(first, self._start)
        if [leaf_hash(body) for body in bodies] != signed[len(signed) - lacking :]:
            raise ChainBroken(f"entries {first} to {self._start - 1}: not as signed")
        for index, body in enumerate(bodies, first):
            self._note_code(index, _parsed(index, body))

    async def _leaves(self) -> AsyncIterator[bytes]:
        """The new leaf hashes, each from its body; the head must be the last link."""
        expected = Head(self._start, GENESIS.entry_hash)
        if self._start:
            before = await self._publishing.entry_hash_at(self._start - 1)
            expected = Head(self._start, before or b"")
        async for link in self._publishing.links(self._start, self._end):
            self._note_code(link.index, _verified_entry(link, expected))
            expected = Head(link.index + 1, link.entry_hash)
            yield link.leaf_hash
        if expected.size != self._end or (self._end == self._head.size and expected != self._head):
            raise ChainBroken(f"the head is not entry {self._head.size - 1}")

    def _note_code(self, index: int, entry: Entry) -> None:
        if (code_hash := code_hash_of(entry)) is not None:
            self._codes.append((index, code_hash))


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


def _verified_entry(link: Link, expected: Head) -> Entry:
    true = (
        (link.index, link.prev_hash) == (expected.size, expected.entry_hash)
        and link.leaf_hash == leaf_hash(link.body)
        and link.entry_hash == entry_hash(link.prev_hash, link.leaf_hash)
    )
    if not true:
        raise ChainBroken(f"entry {expected.size}: its link or hash is false")
    return _parsed(link.index, link.body)


def _parsed(index: int, body: bytes) -> Entry:
    try:
        return parse_entry(body)
    except MalformedEntry:
        raise ChainBroken(f"entry {index}: its body is no entry") from None
