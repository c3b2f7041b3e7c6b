"""One row of the book against itself and its neighbour: the exact judgement, which names the field.

Pure. What is wrong in one row is said there; the walk goes on from what is stored, so that
findings do not avalanche.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final

import msgspec

from registry.audit.report import Findings
from registry.certified_copy import Facts, canonical_facts, committed
from registry.chain import entry_hash
from registry.entry import Issued, parse_entry
from registry.errors import MalformedEntry
from registry.log.tree import leaf_hash
from registry.store.rows import COLUMNS, columns_of
from registry.store.walking import EntryRow

_OCCURRED_AT: Final = [name for name, _ in COLUMNS].index("occurred_at")
_FACTS: Final = msgspec.json.Decoder(Facts)


class Edge(msgspec.Struct, frozen=True):
    """What an entry shows to its neighbour: the hash that links them, and its time."""

    hash: bytes
    at: datetime | None


def judge_entry(row: EntryRow, erased: Collection[bytes], findings: Findings) -> None:
    """Everything about one row that can be told without its neighbours."""
    link, where = row.link, f"entry {row.link.index}"
    findings.compare("hash", where, "leaf_hash", leaf_hash(link.body), link.leaf_hash)
    linked = entry_hash(link.prev_hash, link.leaf_hash)
    findings.compare("hash", where, "entry_hash", linked, link.entry_hash)
    try:
        entry = parse_entry(link.body)
    except MalformedEntry as error:
        findings.add("body", where, "body", "a canonical body", error)
        return
    columns = columns_of(entry)
    if columns != row.columns:
        for (name, _), expected, found in zip(COLUMNS, columns, row.columns, strict=True):
            findings.compare("column", where, name, expected, found)
    if isinstance(entry, Issued):
        _judge_copy(row, entry, entry.code_hash in erased, findings)


def _judge_copy(row: EntryRow, entry: Issued, erased: bool, findings: Findings) -> None:
    where = f"copy {row.link.index}"
    if row.facts is None or row.salt is None:
        if not erased:
            findings.add("copy", where, "facts", "a row beside its entry", "none")
        return
    if erased:
        findings.add("copy", where, "facts", "none: the copy is erased", "a row")
        return
    findings.compare("copy", where, "code_hash", entry.code_hash, row.copy_code_hash)
    # The values are personal: only their commitment may be shown.
    if not _opens(entry, row.facts, row.salt):
        findings.add("commitment", where, "facts", entry.commitment, "facts that do not open it")
    elif not canonical(row.facts):
        findings.add("copy", where, "facts", "facts in RFC 8785 form", "another text")


def _opens(entry: Issued, facts: str, salt: bytes) -> bool:
    try:
        return committed(facts.encode(), salt) == entry.commitment
    except ValueError:
        return False


def canonical(facts: str | bytes) -> bool:
    """Whether a text is the one form of some facts."""
    try:
        read = _FACTS.decode(facts)
        text = facts.encode() if isinstance(facts, str) else facts
        return canonical_facts(read) == text
    except (ValueError, RecursionError, msgspec.MsgspecError):
        return False


def judge_neighbours(
    index: int, before: Edge | None, after: Edge | None, findings: Findings
) -> None:
    """Whether entry `index`, whose edge is `after`, continues the one before it."""
    if before is None or after is None:
        return
    where = f"entry {index}"
    findings.compare("chain", where, "prev_hash", before.hash, after.hash)
    if before.at and after.at and after.at < before.at:
        expected = f"not before {before.at.isoformat()}"
        findings.add("time", where, "occurred_at", expected, after.at.isoformat())


def edges_of(row: EntryRow) -> tuple[Edge, Edge]:
    """Towards the entry before and the one after."""
    at = row.columns[_OCCURRED_AT]
    return Edge(row.link.prev_hash, at), Edge(row.link.entry_hash, at)
