"""A stretch of entries judged by the column: says where the exact judgement has to look (pure).

A row is doubted unless the exact judgement (registry.audit.entries) is sure to find nothing
in it. A doubted row may well be right.
"""

from collections.abc import Collection
from typing import Final

import msgspec
import numpy as np

from registry.audit.columns import PlainRows, hashes, offsets, places
from registry.audit.facts import surely_canonical
from registry.audit.hashing import hash_links, hash_values
from registry.audit.keys import Keys, beginnings, lines, texts
from registry.audit.layout import Bodies
from registry.audit.matrix import Bytes, Integers, Mask, whole
from registry.certified_copy import COMMITMENT_DOMAIN, SALT_BYTES
from registry.store.columns import Columns

_BEFORE_FACTS: Final = len(COMMITMENT_DOMAIN) + SALT_BYTES


class Links(msgspec.Struct, frozen=True):
    """The hashes of each row as they are stored, one a line."""

    leaf_hash: Bytes
    prev_hash: Bytes
    entry_hash: Bytes


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """Neighbouring entries that were judged; `doubted` are to be judged exactly. `keys` are of
    `plain` rows.

    `occurred_at`: microseconds since 1970, of rows that are not doubted.
    """

    links: Links
    doubted: Mask
    plain: Mask
    occurred_at: Integers
    keys: Keys


def judge_in_bulk(
    start: int, end: int, entries: Columns, copies: Columns, erased: Collection[bytes]
) -> Piece | None:
    """None when rows are missing, doubled or lack a part of their link."""
    index = places(entries["index"])
    if not np.array_equal(index, np.arange(start, end)) or 0 in entries["linked"]:
        return None
    links = Links(*(hashes(entries[name]) for name in Links.__struct_fields__))
    bodies = laid_out(entries)
    true = whole(bodies.leaf_hashes() == links.leaf_hash)
    true &= whole(hash_links(links.prev_hash, links.leaf_hash) == links.entry_hash)
    plain = PlainRows(entries)
    opened, beside = _opened(start, plain, copies, erased)
    occurred_at = np.zeros(len(index), np.int64)
    occurred_at[plain.rows] = plain.times["occurred_at"]
    return Piece(
        links=links,
        doubted=~(true & opened & plain.told_by(bodies)),
        plain=plain.mask,
        occurred_at=occurred_at,
        keys=_keys(plain, certain=len(copies["whole"]) == beside),
    )


def laid_out(entries: Columns) -> Bodies:
    """The bodies of a stretch as they were read."""
    lengths = np.diff(offsets(entries["body_length"]))
    ends = np.cumsum(lengths + 1)
    return Bodies(np.frombuffer(entries["body"], np.uint8), ends - lengths, lengths)


def _keys(plain: PlainRows, *, certain: bool) -> Keys:
    unit_code, book = (texts(one.joined, one.ends) for one in plain.texts.values())
    return Keys(
        codes=beginnings(plain.hashes["code_hash"]),
        pdfs=beginnings(plain.hashes["pdf_digest"]),
        lines=lines(unit_code, book, plain.number),
        certain=certain,
    )


def _opened(
    start: int, plain: PlainRows, copies: Columns, erased: Collection[bytes]
) -> tuple[Mask, int]:
    """Beside which rows stands the copy that opens their commitment; how many copies stand beside
    plain rows.
    """
    opened = np.zeros(len(plain.mask), np.bool_)
    index = places(copies["index"])
    if 0 in copies["whole"] or not len(index) or (np.diff(index) <= 0).any():
        return opened, 0
    place = np.full(len(plain.mask), -1)
    place[index - start] = np.arange(len(index))
    place = place[plain.rows]
    code_hash = plain.hashes["code_hash"]
    digests, canonical = _openings(copies)
    opens = (place >= 0) & canonical[place]
    opens &= whole(hashes(copies["code_hash"])[place] == code_hash)
    opens &= whole(digests[place] == plain.hashes["commitment"])
    if erased:
        begins = np.frombuffer(b"".join(one[:8] for one in erased), np.uint64)
        opens &= ~np.isin(code_hash.view(np.uint64)[:, 0], begins)
    opened[plain.rows] = opens
    return opened, int((place >= 0).sum())


def _openings(copies: Columns) -> tuple[Bytes, Mask]:
    """The commitment that each copy opens, and whether its facts are in their one form."""
    joined, ends = np.frombuffer(copies["opening"], np.uint8), offsets(copies["opening_length"])
    starts = ends[:-1] + _BEFORE_FACTS
    return hash_values(joined, ends), surely_canonical(joined, starts, ends[1:] - starts)
