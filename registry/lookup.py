"""Finding a copy, as of the newest checkpoint; `proving.py` has the proofs.

Columns are how rows are found, never what is answered: what a row says must be in its body, and the
facts must open the commitment there. A database that contradicts itself answers nothing.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec

from registry.certified_copy import Facts, opens
from registry.code import code_hash
from registry.entry import Closed, CopyEntry, Issued, StatusChange, parse_entry
from registry.errors import ChainBroken, NotYetPublished, RegistryError, UnknownCopy
from registry.log.checkpoint import Checkpoint
from registry.log.tree import leaf_hash
from registry.proving import latest_checkpoint, published
from registry.status import Status, status_of
from registry.status_list import Place
from registry.store import Store
from registry.store.reading import CopyHistory

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
    newest = published(histories.note)
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
    except (RecursionError, msgspec.DecodeError):
        raise ChainBroken("a copy's facts are not facts") from None
    # Stored as they were committed to: what is not in that form any more was touched.
    if not opens(issued.commitment, stored, history.salt):
        raise ChainBroken("a copy's facts are not the ones it was issued with")
    return facts
