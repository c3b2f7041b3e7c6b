"""Proving what the log holds, to who trusts nothing but its signed checkpoints.

Each proof is checked before it is given: a database that contradicts itself proves nothing.
"""

from functools import lru_cache
from typing import Final, NamedTuple

from registry.errors import (
    AbsenceNotProvable,
    ChainBroken,
    NothingPublished,
    NotYetPublished,
    UnknownCheckpoint,
    UnknownCopy,
)
from registry.log.checkpoint import MAX_SIZE, Checkpoint, parse_checkpoint
from registry.log.code_map import MapBroken, committed_root, record_of
from registry.log.map_pages import names_on_way, way_of
from registry.log.map_proof import MapProof, map_proof_text, verify_way
from registry.log.note import NoteRefused
from registry.log.proof import (
    ProofRefused,
    consistency_ranges,
    inclusion_ranges,
    verify_consistency,
    verify_inclusion,
)
from registry.log.proof_file import ProofFile, proof_text
from registry.log.tiles import WIDTH, bundle, range_hash, width_at
from registry.log.tree import leaf_hash
from registry.store import Store
from registry.store.reading import Reading


class ProvenHistory(NamedTuple):
    """Every entry about a code, oldest first, and how many there are; all at one checkpoint."""

    entries: tuple[ProofFile, ...]
    latest: MapProof


async def latest_checkpoint(store: Store) -> Checkpoint:
    """The newest checkpoint; raises NothingPublished before the first one."""
    async with store.reading() as reading:
        note = await reading.newest_note()
    return published(note)


def published(note: str | None) -> Checkpoint:
    """The checkpoint in the newest published note. Raises NothingPublished where there is none,
    ChainBroken for what is no checkpoint.
    """
    if note is None:
        raise NothingPublished("the log has no checkpoint yet")
    try:
        return _parsed(note)
    except NoteRefused as refusal:
        raise ChainBroken(f"the newest checkpoint is malformed: {refusal}") from None


#: The newest checkpoint is read with every answer, and is the same one for a while.
_parsed: Final = lru_cache(8)(parse_checkpoint)


async def inclusion_proof(store: Store, index: int) -> str:
    """A C2SP tlog-proof file for entry `index` in the newest checkpoint's tree.

    One statement and a few tiles, whatever the log's size. Raises UnknownCopy, NotYetPublished,
    NothingPublished; ChainBroken when what is stored proves nothing.
    """
    async with store.reading() as reading:
        return proof_text(await _entry_proof(reading, index))


async def proven_history(store: Store, code_hash: bytes) -> ProvenHistory:
    """All that the newest checkpoint's log holds about a code, and proof that it is all.

    Everything is of one moment. Raises NotYetPublished, NothingPublished, AbsenceNotProvable,
    RegistryUnavailable; ChainBroken when what is stored proves nothing.
    """
    async with store.reading_at_once() as reading:
        proof = await _map_proof(reading, code_hash)
        history = (await reading.histories([code_hash])).of.get(code_hash)
        indexes = [index for index, _ in history.bodies] if history else []
        covered = [index for index in indexes if index < proof.checkpoint.size]
        if indexes and not covered:
            raise NotYetPublished("the newest checkpoint does not cover the copy yet")
        entries = [await _entry_proof(reading, index) for index in covered]
    said = proof.found and (proof.found.count, proof.found.latest)
    if said != ((len(covered), covered[-1]) if covered else None):
        raise ChainBroken("the map of codes counts other entries than the log has")
    return ProvenHistory(tuple(entries), proof)


async def consistency_proof(store: Store, old: int, new: int) -> list[bytes]:
    """The hashes that prove checkpoint `old` to begin checkpoint `new` (RFC 6962, 2.1.2).

    Both were signed, published or not. Raises UnknownCheckpoint when one was not, or `old` is the
    larger; ChainBroken when what is stored proves nothing.
    """
    if not 0 <= old <= new:
        raise UnknownCheckpoint("consistency runs from a smaller checkpoint to a larger one")
    if old == 0:
        return []
    async with store.reading() as reading:
        stored = await reading.around_size(old, new)
    if stored is None:
        raise UnknownCheckpoint(f"sizes {old} and {new} were not both signed")
    try:
        proof = [range_hash(stored.tiles, *one) for one in consistency_ranges(old, new)]
        verify_consistency(old, new, proof, stored.old_root, stored.new_root)
    except (KeyError, ProofRefused):
        raise ChainBroken(f"checkpoint {new}: not an extension of checkpoint {old}") from None
    return proof


async def map_proof(store: Store, code_hash: bytes) -> str:
    """A file that proves what the newest checkpoint's log holds about a code, if anything.

    One statement, whatever the log's size; `registry.log.map_proof` reads it. Raises
    NothingPublished, AbsenceNotProvable; ChainBroken when what is stored proves nothing.
    """
    async with store.reading() as reading:
        return map_proof_text(await _map_proof(reading, code_hash))


async def tile(store: Store, level: int, index: int, width: int) -> bytes | None:
    """A tile's hashes as C2SP tlog-tiles serves them; None when no checkpoint has such a tile."""
    async with store.reading() as reading:
        size = await _published_size(reading)
        if not 0 < width <= width_at(level, index, size):
            return None
        hashes = (await reading.tiles([(level, index)], size)).get((level, index), [])
    return b"".join(hashes[:width]) if len(hashes) >= width else None


async def entry_bundle(store: Store, index: int, width: int) -> bytes | None:
    """Entries [256*index, 256*index + width) as tlog-tiles serves them, or None as `tile`."""
    async with store.reading() as reading:
        if not 0 < width <= width_at(0, index, await _published_size(reading)):
            return None
        bodies = await reading.bodies(index * WIDTH, index * WIDTH + width)
    return bundle(bodies) if len(bodies) == width else None


async def time_stamp(store: Store, size: int) -> bytes | None:
    """The RFC 3161 token (DER) of the published checkpoint of this size; None without one."""
    if not 0 <= size <= MAX_SIZE:
        return None
    async with store.reading() as reading:
        return await reading.time_stamp(size)


async def _entry_proof(reading: Reading, index: int) -> ProofFile:
    stored = await reading.around_entry(index)
    checkpoint = published(stored.note)
    if stored.body is None:
        raise UnknownCopy("there is no such entry")
    if index >= checkpoint.size:
        raise NotYetPublished("the newest checkpoint does not cover the entry yet")
    ranges = inclusion_ranges(index, checkpoint.size)
    try:
        hashes = tuple(range_hash(stored.tiles, *one) for one in ranges)
        verify_inclusion(
            index, checkpoint.size, leaf_hash(stored.body), hashes, checkpoint.root_hash
        )
    except (KeyError, ProofRefused):
        raise ChainBroken(f"entry {index}: stored hashes do not prove it") from None
    return ProofFile(stored.body, index, hashes, checkpoint)


async def _map_proof(reading: Reading, code_hash: bytes) -> MapProof:
    stored = await reading.published_pages(names_on_way(code_hash))
    checkpoint = published(stored.note)
    try:
        root = committed_root(checkpoint)
        if root is None:
            raise AbsenceNotProvable("the newest checkpoint commits to no map of codes yet")
        way = way_of(code_hash, stored.contents)
        proof = MapProof(code_hash, record_of(way.end), way.siblings[::-1], checkpoint)
        verify_way(proof, root)
    except (MapBroken, NoteRefused, ProofRefused):
        raise ChainBroken("the map of codes: stored pages do not prove what is signed") from None
    return proof


async def _published_size(reading: Reading) -> int:
    size = await reading.published_size()
    if size < 0:
        raise NothingPublished("the log has no checkpoint yet")
    return size
