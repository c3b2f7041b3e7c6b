"""How far apart two faces are (pure): the only thing that is kept of them."""

import msgspec

# The distance below which dlib's authors call two faces one person; see face.py for what we measured.
SAME_PERSON = 0.6


class FaceMatch(msgspec.Struct, frozen=True, kw_only=True):
    """Euclidean distance between two 128-number face encodings, and what it was held against.

    Encodings themselves are biometric data: they never leave the process that computed them.
    """

    distance: float
    threshold: float
    matched: bool


def judge(distance: float, threshold: float = SAME_PERSON) -> FaceMatch:
    """Two faces at `distance` match when it does not exceed `threshold`."""
    return FaceMatch(distance=distance, threshold=threshold, matched=distance <= threshold)
