"""Finding a copy, as of the newest checkpoint, with its proof.

Columns are how rows are found, never what is answered: what a row says must be in its body, and the
facts must open the commitment there. A database that contradicts itself answers nothing.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import msgspec

from registry.certified_copy import Facts, opens
from registry.code import code_hash
from registry.entry import Closed, CopyEntry, Issued, StatusChange, parse_entry
from registry.errors import (
    AbsenceNotProvable,
    ChainBroken,
    NothingPublished,
    NotYetPublished,
    RegistryError,
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
from registry.status import Status, status_of
from registry.status_list import Place
from registry.store import Store
from registry.store.reading import CopyHistory, Reading

_FACTS: Final = msgspec.json.Decoder(Facts)


class Found(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """`facts` is None when the person was erased. All of it is true at `checkpoint`, but that an
    erasure shows at once: the facts are gone before a checkpoint covers the entry that says so.

    `changes` are the entries, by index, that made `status` of the issued copy, oldest first.
    `leaves` are the leaf hashes of the issue and of all changes, by index: what a proof is about.
    `place` is where the status lists speak of it; None for a copy from before there were any.
    """

    index: int
    entry: Issued
    facts: Facts | None
    status: Status
    changes: tuple[tuple[int, StatusChange], ...] = ()
    leaves: tuple[tuple[int, bytes], ...]
    place: Place | None = None
    checkpoint: Checkpoint


class Findings(NamedTuple):
    """By code hash: a copy, or why none can be told. Whatever is missing is not in the log up to
    the checkpoint.
    """

    checkpoint: Checkpoint
    outcomes: dict[bytes, Found | RegistryError]


class ProvenHistory(NamedTuple):
    """Every entry about a code, oldest first, and how many there are; all at one checkpoint."""

    entries: tuple[ProofFile, ...]
    latest: MapProof


async def find_by_code(store: Store, code: str) -> Found | None:
    """The copy of a code; None when no entry up to the newest checkpoint has it.

    Raises MalformedCode, NotYetPublished (registered, but beyond the checkpoint), NothingPublished,
    RegistryUnavailable, ChainBroken (what is stored contradicts itself).
    """
    return await _find(store, code_hash(code))


async def issuing_entry(store: Store, code: str) -> Issued:
    """The entry that issued a code, published or not: for whoever decides, not for an answer.

    Raises MalformedCode, UnknownCopy, ChainBroken, RegistryUnavailable.
    """
    hashed = code_hash(code)
    async with store.reading() as reading:
        history = (await reading.histories([hashed])).of.get(hashed)
    if history is None:
        raise UnknownCopy("no copy with this code was issued")
    entry = _of_copy(hashed, history.bodies[0][1])
    if not isinstance(entry, Issued):
        raise ChainBroken("a copy's history does not begin with its issue")
    return entry


async def find_all(
    store: Store, code_hashes: Sequence[bytes], at: Checkpoint | None = None
) -> Findings:
    """The copies with these code hashes, in one statement, all at one checkpoint: the newest, or
    the published one `at`, so that many questions can be asked a part at a time.

    Raises NothingPublished, RegistryUnavailable; NotYetPublished from a server that lags behind
    `at`. What is wrong with one copy stands in its place.
    """
    async with store.reading() as reading:
        histories = await reading.histories(code_hashes)
    if histories.note is None and histories.of:
        raise NotYetPublished("nothing is published yet")
    newest = _checkpoint(histories.note)
    if at is not None and newest.size < at.size:
        raise NotYetPublished("this server has not seen the checkpoint yet")
    checkpoint = at or newest
    outcomes: dict[bytes, Found | RegistryError] = {}
    for hashed, history in histories.of.items():
        try:
            outcomes[hashed] = _found(hashed, history, checkpoint)
        except RegistryError as fault:
            outcomes[hashed] = fault
    return Findings(checkpoint, outcomes)


async def find_by_digest(store: Store, pdf_digest: bytes) -> Found | None:
    """The copy whose PDF has this SHA-256; otherwise as `find_by_code`."""
    async with store.reading() as reading:
        hashed = await reading.code_hash_of(pdf_digest)
    if hashed is None:
        await latest_checkpoint(store)
        return None
    found = await _find(store, hashed)
    if found is not None and found.entry.pdf_digest != pdf_digest:
        raise ChainBroken("a digest leads to another copy's entry")
    return found


async def code_hashes_of(store: Store, pdf_digests: Sequence[bytes]) -> dict[bytes, bytes]:
    """By digest, the code hash under which that PDF was registered, published or not: where to
    look, no answer yet. Raises RegistryUnavailable.
    """
    async with store.reading() as reading:
        return await reading.code_hashes_of(pdf_digests)


async def latest_checkpoint(store: Store) -> Checkpoint:
    """The newest checkpoint; raises NothingPublished before the first one."""
    async with store.reading() as reading:
        note = await reading.newest_note()
    return _checkpoint(note)


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
    checkpoint = _checkpoint(stored.note)
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
    checkpoint = _checkpoint(stored.note)
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


async def _find(store: Store, hashed: bytes) -> Found | None:
    outcome = (await find_all(store, [hashed])).outcomes.get(hashed)
    if isinstance(outcome, RegistryError):
        raise outcome
    return outcome


def _found(hashed: bytes, history: CopyHistory, checkpoint: Checkpoint) -> Found:
    entries = [(index, _of_copy(hashed, body)) for index, body in history.bodies]
    covered = [(index, entry) for index, entry in entries if index < checkpoint.size]
    if not covered:
        raise NotYetPublished("the newest checkpoint does not cover the copy yet")
    index, issued = covered[0]
    if not isinstance(issued, Issued):
        raise ChainBroken("a copy's history does not begin with its issue")
    status = status_of(entry for _, entry in covered)
    facts = _opened(history, issued)
    if facts is None and not status.erased:
        if not any(entry.kind == "erased" for _, entry in entries):
            raise ChainBroken("a copy's facts are gone and no entry says why")
        status = msgspec.structs.replace(status, erased=True)
    changes = [(at, entry) for at, entry in covered if not isinstance(entry, Issued)]
    return Found(
        index=index,
        entry=issued,
        facts=facts,
        status=status,
        changes=tuple(changes),
        leaves=tuple((at, leaf_hash(body)) for at, body in history.bodies[: len(covered)]),
        place=history.place,
        checkpoint=checkpoint,
    )


def _of_copy(hashed: bytes, body: bytes) -> CopyEntry:
    entry = parse_entry(body)
    if isinstance(entry, Closed) or entry.code_hash != hashed:
        raise ChainBroken("an entry is filed under another copy's code")
    return entry


def _opened(history: CopyHistory, issued: Issued) -> Facts | None:
    """The facts as they were committed to when the copy was issued."""
    if history.facts is None or history.salt is None:
        return None
    stored = history.facts.encode()
    try:
        facts = _FACTS.decode(stored)
    except msgspec.DecodeError:
        raise ChainBroken("a copy's facts are not facts") from None
    # Stored as they were committed to: what is not in that form any more was touched.
    if not opens(issued.commitment, stored, history.salt):
        raise ChainBroken("a copy's facts are not the ones it was issued with")
    return facts


def _checkpoint(note: str | None) -> Checkpoint:
    if note is None:
        raise NothingPublished("the log has no checkpoint yet")
    return _parsed(note)


#: The newest checkpoint is read with every answer, and is the same one for a while.
_parsed: Final = lru_cache(8)(parse_checkpoint)
