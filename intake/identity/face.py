"""The face on the card against the face before the camera. Runs only inside the bounded process.

dlib's HOG detector finds faces, its ResNet describes each with 128 numbers; distances up to 0.6
are taken for one person. Measured on public photographs, with faces at least 80 pixels wide: 60
pairs of one person lay at 0.26-0.63 (one above the threshold), 471 pairs of different persons at
0.61-1.1 (none below it). With faces of 36-72 pixels 18 of 1,872 pairs of strangers fell below it,
hence the flag on small ones. All of that is too little to state an error rate: it says nothing
about relatives, children, years between the pictures, printing on cards, or people in Vietnam, and
the network is known to err unevenly between groups of people. Nor does a match tell a living face
from a photograph held before the camera. The officer compares for himself.

Encodings are biometric data: they stay local variables here, and only a distance leaves.
"""

import warnings
from functools import cache
from typing import Any, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray
from PIL import ImageFile

from intake.flag import Flag
from intake.identity.face_match import SAME_PERSON, FaceBox, FaceMatch, dominant_face, judge

Pixels = NDArray[np.uint8]
Side = Literal["card", "live"]

# Enlarging finds smaller faces and more that are none; a big picture does not need it.
WORTH_ENLARGING = 800
SMALLEST_SURE_FACE = 80


class FaceComparison(msgspec.Struct, frozen=True, kw_only=True):
    """`match` is None when either picture shows no one face to compare."""

    match: FaceMatch | None
    flags: list[Flag]


def compare_faces(card: Pixels, live: Pixels) -> FaceComparison:
    """Compare the portrait on the card with the live picture; both are height x width x 3, RGB."""
    flags: list[Flag] = []
    encodings = [_encoding(card, "card", flags), _encoding(live, "live", flags)]
    if encodings[0] is None or encodings[1] is None:
        return FaceComparison(match=None, flags=flags)
    match = judge(round(float(np.linalg.norm(encodings[0] - encodings[1])), 4), SAME_PERSON)
    if not match.matched:
        values = {"distance": f"{match.distance:.2f}", "threshold": f"{match.threshold:.2f}"}
        flags.append(Flag(code="flag-face-differs", severity="alarm", about="face", values=values))
    return FaceComparison(match=match, flags=flags)


def find_faces(pixels: Pixels) -> list[FaceBox]:
    """Every face the detector sees, enlarging a small picture when it sees none at first."""
    boxes = _models().face_locations(pixels, number_of_times_to_upsample=0)
    if not boxes and max(pixels.shape[:2]) <= WORTH_ENLARGING:
        boxes = _models().face_locations(pixels, number_of_times_to_upsample=1)
    return [FaceBox(*box) for box in boxes]


def _encoding(pixels: Pixels, side: Side, flags: list[Flag]) -> NDArray[np.float64] | None:
    boxes = find_faces(pixels)
    box = dominant_face(boxes)
    flags.extend(_face_flags(boxes, box, side))
    if box is None:
        return None
    (encoding,) = _models().face_encodings(pixels, known_face_locations=[tuple(box)])
    return np.asarray(encoding, dtype=np.float64)


def _face_flags(boxes: list[FaceBox], chosen: FaceBox | None, side: Side) -> list[Flag]:
    about = "card_front" if side == "card" else "face"
    if not boxes:
        return [Flag(code=f"flag-face-{side}-none", severity="alarm", about=about)]
    count = {"count": str(len(boxes))}
    if chosen is None:
        code = f"flag-face-{side}-several"
        return [Flag(code=code, severity="alarm", about=about, values=count)]
    flags = []
    if len(boxes) > 1:
        code = f"flag-face-{side}-nearest"
        flags.append(Flag(code=code, severity="warn", about=about, values=count))
    if chosen.width < SMALLEST_SURE_FACE:
        code = f"flag-face-{side}-small"
        width = {"width": str(chosen.width)}
        flags.append(Flag(code=code, severity="warn", about=about, values=width))
    return flags


@cache
def _models() -> Any:
    """face_recognition, whose import loads dlib's models: once a process, a second or so."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its model package announces pkg_resources' end
        import face_recognition  # noqa: PLC0415 - costs memory only where faces are compared
    # Its import tells Pillow to accept truncated pictures, here and in every later task of this
    # worker: half a scan would pass for a page.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    return face_recognition
