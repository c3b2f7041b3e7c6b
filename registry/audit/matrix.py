"""Matrices of bytes whose rows are values of one length (pure; numpy)."""

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Offsets = npt.NDArray[np.int64]
Integers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


def windows(joined: Bytes, starts: Offsets, length: int) -> Bytes:
    """`length` bytes from each start, as the rows of a matrix."""
    view = np.lib.stride_tricks.sliding_window_view(joined, length)
    return view[starts]


def whole(table: Mask) -> Mask:
    """For each row whether all of it is true; quick when everything is."""
    if table.all():
        return np.ones(len(table), np.bool_)
    rows: Mask = np.logical_and.reduce(table, axis=1)
    return rows


def neighbours(places: Integers) -> Integers | slice:
    """Ascending places as a slice if they are next to each other: what stands there need not be
    copied then.
    """
    first, last = int(places[0]), int(places[-1])
    return slice(first, last + 1) if last - first + 1 == len(places) else places
