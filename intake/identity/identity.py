"""Whether card and face belong together, as remarks for the officer: nothing here refuses."""

import msgspec

from intake.flag import Flag
from intake.identity.face_match import FaceMatch
from intake.identity.id_card import IdCard
from intake.recognise.reading import Reading

__all__ = ["FaceMatch", "IdCard", "Identity", "check_identity", "compare_with_document"]


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """What was found about the person: the card's facts, the faces' distance, every remark.

    It says nothing about whether the live picture shows a living person: no spoof is detected.
    """

    card: IdCard | None
    face: FaceMatch | None
    flags: list[Flag]


def check_identity(card_front: bytes, card_back: bytes | None, face: bytes) -> Identity:
    """Read the card and compare its portrait with the live picture; files are JPEG, PNG or TIFF.

    Raises an `UnreadableScan` when a file is no picture; whatever else is wrong becomes a flag.
    """
    raise NotImplementedError


def compare_with_document(identity: Identity, reading: Reading) -> list[Flag]:
    """Remarks on whether the document names the card's holder."""
    raise NotImplementedError
