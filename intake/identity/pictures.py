"""What the card's and the person's pictures show. Runs only inside the bounded process."""

import cv2
import msgspec
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from intake.capture.limits import MIB, Limits
from intake.capture.rasters import rasters
from intake.errors import UnreadableScan
from intake.identity.face import FaceComparison, compare_faces

# The first task of a worker loads the models, on a busy machine for tens of seconds.
PICTURE_LIMITS = Limits(bytes=30 * MIB, pages=8, seconds=90.0)

# Longer sides in pixels. A card lying on a scanned A4 sheet still has a face 80 pixels wide at the
# first; a person before a kiosk's camera fills far more than that of the second.
CARD_SIDE, LIVE_SIDE = 1_600, 1_000
# An A4 sheet at 300 dpi: a card lying on one keeps a readable zone.
ZONE_SIDE = 3_508


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """`codes` are the texts of all QR codes, front first; `back` is the back in grey."""

    codes: list[str]
    back: NDArray[np.uint8] | None
    comparison: FaceComparison


def look(card_front: bytes, card_back: bytes | None, face: bytes, limits: Limits) -> Seen:
    """Decode the pictures and take from them what they show.

    Of a file with several pages the first counts. Raises UnreadableScan's kin, whose value
    `picture` names the file: `card_front`, `card_back` or `face`.
    """
    front = _first_picture(card_front, "card_front", limits)
    back = None if card_back is None else _first_picture(card_back, "card_back", limits)
    live = _first_picture(face, "face", limits)
    codes = [code for side in (front, back) if side is not None for code in _qr_texts(side)]
    return Seen(
        codes=list(dict.fromkeys(codes)),
        back=None if back is None else _grey(_bounded(back, ZONE_SIDE)),
        comparison=compare_faces(_bounded(front, CARD_SIDE), _bounded(live, LIVE_SIDE)),
    )


def _first_picture(content: bytes, role: str, limits: Limits) -> NDArray[np.uint8]:
    try:
        return next(rasters(content, limits)).pixels
    except UnreadableScan as failure:
        raise type(failure)(**failure.values, picture=role) from None


def _qr_texts(pixels: NDArray[np.uint8]) -> list[str]:
    found = zxingcpp.read_barcodes(
        pixels, formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
    )
    return [code.text for code in found if code.valid]


def _bounded(pixels: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    height, width = pixels.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return pixels
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _grey(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
