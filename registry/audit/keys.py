"""What must be unique or reserved in the whole book, gathered stretch by stretch.

Kept small: of hashes the first eight bytes. Equal beginnings are only a reason to ask the database.
"""

from collections.abc import Collection, Sequence

import msgspec
import numpy as np
import polars as pl
import pyarrow as pa

from registry.audit.matrix import Bytes, Integers, Offsets
from registry.store.walking_book import BookColumns


class Keys(msgspec.Struct, frozen=True, kw_only=True):
    """Of the plain rows of a stretch: beginnings of codes and PDF digests, and their book lines,
    each once. `certain`: no other row can matter, and nothing stray stands beside.
    """

    codes: Integers
    pdfs: Integers
    lines: pl.DataFrame
    certain: bool


def beginnings(hashes: Bytes) -> Integers:
    """The first eight bytes of each hash, as a number."""
    return hashes.view(np.int64)[:, 0].copy()


def texts(joined: Bytes, offsets: Offsets) -> pl.Series:
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(joined)]
    values = pa.Array.from_buffers(pa.large_string(), len(offsets) - 1, buffers)
    return pl.Series(values)


def lines(unit_code: pl.Series, book: pl.Series, number: Integers) -> pl.DataFrame:
    """Book lines, each once."""
    return pl.DataFrame({"unit_code": unit_code, "book": book, "number": number}).unique()


def joined(keys: Sequence[Keys]) -> Keys:
    """The keys of neighbouring pieces, or stretches, as those of one."""
    return Keys(
        codes=np.concatenate([one.codes for one in keys]),
        pdfs=np.concatenate([one.pdfs for one in keys]),
        lines=pl.concat([one.lines for one in keys]).unique(),
        certain=all(one.certain for one in keys),
    )


def surely_unique(begun: Integers) -> bool:
    """Whether all hashes with these beginnings differ."""
    in_order = np.sort(begun)
    return not (in_order[1:] == in_order[:-1]).any()


def surely_in_order(
    reserved: Sequence[BookColumns], books: Collection[tuple[str, int, str]], issued: pl.DataFrame
) -> bool:
    """Whether the numbers of each unit and year run from 1 without a gap, in `books` (unit, year,
    name), and every issued line is reserved.
    """
    lines_reserved = [issued.clear()]
    for run in reserved:
        read = _read_run(run)
        if read is None or any((run.unit_code, run.year, book) not in books for book in read[0]):
            return False
        lines_reserved.append(read[1])
    return issued.join(pl.concat(lines_reserved), on=issued.columns, how="anti").is_empty()


def _read_run(run: BookColumns) -> tuple[list[str], pl.DataFrame] | None:
    """The names of its books and its lines; None unless they are numbered from 1 to their count."""
    number = np.frombuffer(run.numbers or b"", ">i4").astype(np.int64)
    lengths = np.frombuffer(run.book_lengths or b"", ">i4")
    if run.unit_code is None or run.year is None or len(lengths) != run.rows:
        return None
    if not np.array_equal(np.sort(number), np.arange(1, run.rows + 1)):
        return None
    offsets = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
    book = texts(np.frombuffer(run.books, np.uint8), offsets)
    unit_code = pl.Series([run.unit_code]).new_from_index(0, run.rows)
    return book.unique().to_list(), lines(unit_code, book, number)
