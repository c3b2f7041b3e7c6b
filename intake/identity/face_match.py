"""How far apart two faces are (pure): the only thing that is kept of them."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

# The distance up to which dlib's authors call two faces one person; face.py says what we measured.
SAME_PERSON = 0.6
# Of several faces, the nearest is the person meant when it covers this many times the next one.
DOMINANT = 2.0


class FaceMatch(msgspec.Struct, frozen=True, kw_only=True):
    """Euclidean distance between two 128-number face encodings, and what it was held against.

    Encodings themselves are biometric data: they never leave the process that computed them.
    """

    distance: float
    threshold: float
    matched: bool


class FaceBox(NamedTuple):
    """Where a face is, in pixels from the picture's top left corner."""

    top: int
    right: int
    bottom: int
    left: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def area(self) -> int:
        return self.width * (self.bottom - self.top)


def judge(distance: float, threshold: float = SAME_PERSON) -> FaceMatch:
    """Two faces at `distance` match when it does not exceed `threshold`."""
    return FaceMatch(distance=distance, threshold=threshold, matched=distance <= threshold)


def dominant_face(boxes: Sequence[FaceBox]) -> FaceBox | None:
    """The only face, or the one that clearly stands before the others; None when none does."""
    largest_first = sorted(boxes, key=lambda box: box.area, reverse=True)
    if not largest_first:
        return None
    if len(largest_first) > 1 and largest_first[0].area < DOMINANT * largest_first[1].area:
        return None
    return largest_first[0]
