"""A stretch of entries judged by the column: says where the exact judgement has to look (pure).

A row is doubted unless the exact judgement (registry.audit.entries) is sure to find nothing
in it. A doubted row may well be right.
"""

from collections.abc import Collection
from typing import Final

import msgspec
import numpy as np
import polars as pl

from registry.audit.bodies import (
    HASHES,
    Batch,
    Integers,
    Mask,
    hex_digits,
    leaves_and_batches,
    whole,
    windows,
)
from registry.audit.hashing import Bytes, Offsets, hash_links, hash_values
from registry.audit.keys import Keys, beginnings, lines, texts
from registry.log.tree import HASH_BYTES
from registry.store.columns import Columns

_EPOCH: Final = 946_684_800_000_000  # 2000 in microseconds since 1970
_PLACE: Final = np.dtype(">i8")
_WORD: Final = np.dtype(">i4")


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
    index = np.frombuffer(entries["index"], _PLACE)
    if not np.array_equal(index, np.arange(start, end)) or 0 in entries["linked"]:
        return None
    links = Links(*(_hashes(entries[name]) for name in Links.__struct_fields__))
    ends = _offsets(entries["body_length"])
    bodies = np.frombuffer(entries["body"], np.uint8)
    leaves, batches = leaves_and_batches(bodies, ends[:-1], np.diff(ends))
    true = whole(leaves == links.leaf_hash)
    true &= whole(hash_links(links.prev_hash, links.leaf_hash) == links.entry_hash)
    plain = PlainRows(entries)
    opened, beside = _opened(start, plain, copies, erased)
    answered = np.zeros(len(index), np.bool_)
    occurred_at = np.zeros(len(index), np.int64)
    for batch in batches:
        answered[batch.rows] = plain.agree_with(batch) & opened[batch.rows]
        occurred_at[batch.rows] = batch.occurred_at
    return Piece(
        links=links,
        doubted=~(true & answered),
        plain=plain.mask,
        occurred_at=occurred_at,
        keys=plain.keys(certain=len(copies["whole"]) == beside),
    )


class PlainRows:
    """The columns of the plain rows of a stretch."""

    def __init__(self, entries: Columns) -> None:
        self.mask = np.frombuffer(entries["plain"], np.bool_)
        self.hashes = {name: _hashes(entries[name]) for name in HASHES}
        self._place = np.cumsum(self.mask) - 1
        self._number = np.frombuffer(entries["number"], _WORD).astype(np.int64)
        self._times = {
            name: np.frombuffer(entries[name], _PLACE) + _EPOCH
            for name in ("occurred_at", "certified_at")
        }
        self._texts = {name: _Texts(entries, name) for name in ("unit_code", "book")}

    def keys(self, *, certain: bool) -> Keys:
        return Keys(
            codes=beginnings(self.hashes["code_hash"]),
            pdfs=beginnings(self.hashes["pdf_digest"]),
            lines=lines(
                self._texts["unit_code"].series(), self._texts["book"].series(), self._number
            ),
            certain=certain,
        )

    def agree_with(self, batch: Batch) -> Mask:
        """Which of its bodies are sound, and of a plain row with the same values."""
        same = batch.sound & self.mask[batch.rows]
        if not same.any():
            return same
        place = np.where(same, self._place[batch.rows], 0)
        for name, digits in batch.hashes.items():
            same &= whole(hex_digits(self.hashes[name][place].data) == digits)
        for name, written in batch.texts.items():
            same &= self._texts[name].equal(place, written)
        same &= self._number[place] == batch.number
        same &= self._times["occurred_at"][place] == batch.occurred_at
        same &= self._times["certified_at"][place] == batch.certified_at
        return same


class _Texts:
    def __init__(self, columns: Columns, name: str) -> None:
        self._starts = _offsets(columns[f"{name}_length"])
        self._joined = np.frombuffer(columns[name], np.uint8)

    def series(self) -> pl.Series:
        return texts(self._joined, self._starts)

    def equal(self, place: Integers, written: Bytes) -> Mask:
        length = written.shape[1]
        same: Mask = (self._starts[place + 1] - self._starts[place]) == length
        if len(self._joined) < length or not same.any():
            return np.zeros(len(place), np.bool_)
        starts = np.where(same, self._starts[place], 0)
        return same & whole(windows(self._joined, starts, length) == written)


def _opened(
    start: int, plain: PlainRows, copies: Columns, erased: Collection[bytes]
) -> tuple[Mask, int]:
    """Beside which rows stands the copy that opens their commitment; how many copies stand beside
    plain rows.
    """
    opened = np.zeros(len(plain.mask), np.bool_)
    index = np.frombuffer(copies["index"], _PLACE)
    if 0 in copies["whole"] or not len(index) or (np.diff(index) <= 0).any():
        return opened, 0
    rows = np.flatnonzero(plain.mask)
    place = np.full(len(plain.mask), -1)
    place[index - start] = np.arange(len(index))
    place = place[rows]
    digests = hash_values(
        np.frombuffer(copies["opening"], np.uint8), _offsets(copies["opening_length"])
    )
    code_hash = plain.hashes["code_hash"]
    opens = place >= 0
    opens &= whole(_hashes(copies["code_hash"])[place] == code_hash)
    opens &= whole(digests[place] == plain.hashes["commitment"])
    if erased:
        begins = np.frombuffer(b"".join(one[:8] for one in erased), np.uint64)
        opens &= ~np.isin(code_hash.view(np.uint64)[:, 0], begins)
    opened[rows] = opens
    return opened, int((place >= 0).sum())


def _hashes(joined: bytes) -> Bytes:
    return np.frombuffer(joined, np.uint8).reshape(-1, HASH_BYTES)


def _offsets(lengths: bytes) -> Offsets:
    offsets = np.zeros(len(lengths) // _WORD.itemsize + 1, np.int64)
    np.cumsum(np.frombuffer(lengths, _WORD), out=offsets[1:])
    return offsets
