"""Whether card, face and document belong together, as remarks for the officer.

Nothing here refuses anything and nothing here detects a spoof: QR and MRZ are unsigned, and a
photograph held before the camera matches as well as a face does.
"""

import msgspec

from intake.capture.bounded import run_bounded
from intake.flag import Flag
from intake.identity.card_checks import card_flags, join_sources
from intake.identity.card_qr import parse_card_qr
from intake.identity.face_match import FaceMatch
from intake.identity.holder import holder_flags
from intake.identity.id_card import IdCard
from intake.identity.mrz_photo import read_mrz
from intake.identity.pictures import PICTURE_LIMITS, look
from intake.recognise.reading import Reading
from registry.clock import HANOI, Clock, utc_now

__all__ = ["FaceMatch", "IdCard", "Identity", "check_identity", "compare_with_document"]


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """What was found about the person: the card's facts, the faces' distance, every remark.

    Personal data: encrypted at rest, never logged. `face` holds no template, only the outcome.
    """

    card: IdCard | None
    face: FaceMatch | None
    flags: list[Flag]


def check_identity(
    card_front: bytes, card_back: bytes | None, face: bytes, *, clock: Clock = utc_now
) -> Identity:
    """Read the card and compare its portrait with the live picture.

    Files are JPEG, PNG, TIFF or PDF (first page). Blocks for one to three seconds: call it off the
    event loop. Raises UnreadableScan's kin (value `picture` says which file), BoundedTaskFailed's
    kin and RecogniserFailed; whatever else is wrong becomes a flag.
    """
    seen = run_bounded(look, card_front, card_back, face, PICTURE_LIMITS, limits=PICTURE_LIMITS)
    code = next(filter(None, map(parse_card_qr, seen.codes)), None)
    zone = None if seen.back is None else read_mrz(seen.back)
    flags = _reading_flags(
        codes=len(seen.codes),
        code_read=code is not None,
        back_given=seen.back is not None,
        zone_read=zone is not None,
    )
    flags += card_flags(code, zone, clock().astimezone(HANOI).date())
    return Identity(
        card=join_sources(code, zone),
        face=seen.comparison.match,
        flags=flags + seen.comparison.flags,
    )


def compare_with_document(identity: Identity, reading: Reading) -> list[Flag]:
    """Remarks on whether the document that was read names the card's holder.

    It need not: anyone may have a copy certified of a paper that he holds lawfully.
    """
    return [] if identity.card is None else holder_flags(identity.card, reading)


def _reading_flags(*, codes: int, code_read: bool, back_given: bool, zone_read: bool) -> list[Flag]:
    flags = []
    if not code_read:
        kind = "flag-card-qr-foreign" if codes else "flag-card-qr-missing"
        flags.append(Flag(code=kind, severity="warn", about="card_front"))
    if not back_given:
        flags.append(Flag(code="flag-card-back-missing", severity="info", about="card_back"))
    elif not zone_read:
        flags.append(Flag(code="flag-card-zone-unread", severity="warn", about="card_back"))
    return flags
