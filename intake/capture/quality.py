"""Measures what the camera or scanner delivered, and says where it will not do. Pure."""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from intake.capture.page import Edge, Page
from intake.capture.print_marks import Marks
from intake.flag import Flag

# A drawn page at 300 dpi loses words from a blur of 4 pixels on (sharpness 0.20); shrunk
# to 100 dpi its body text is still read, but small notes no longer.
LEAST_SHARPNESS: Final = 0.22
LEAST_CONTRAST: Final = 0.35
LEAST_DPI: Final = 150
MOST_GLARE: Final = 0.01
MOST_LEAN: Final = 15.0  # degrees; beyond, the picture was not taken with care

STEP: Final = 50  # grey levels between paper and stroke for an edge to count
WINDOW: Final = np.ones((7, 7), np.uint8)
SHEET_INCHES: Final = 11.69  # the longer side of A4
BELIEVABLE_INCHES: Final = (3.0, 17.0)  # longer side of an ID card with margins, and of A3


def sharpness_of(grey: NDArray[np.uint8]) -> float:
    """Steepest step beside each stroke as a share of the stroke's whole contrast; median, 0 to 1.

    A Gaussian blur of s pixels gives about 0.4/s, whatever the print's contrast.
    """
    spread = cv2.subtract(cv2.dilate(grey, WINDOW), cv2.erode(grey, WINDOW))
    strokes = spread >= STEP
    if not strokes.any():
        return 1.0
    across = np.abs(np.diff(grey.astype(np.int16), axis=1, append=grey[:, -1:].astype(np.int16)))
    down = np.abs(np.diff(grey.astype(np.int16), axis=0, append=grey[-1:, :].astype(np.int16)))
    steepest = cv2.dilate(np.maximum(across, down).astype(np.uint8), WINDOW)
    return float(np.median(steepest[strokes] / spread[strokes].astype(np.float32)))


def contrast_of(grey: NDArray[np.uint8]) -> float:
    """Between the paper (upper half of the greys) and the darkest two thousandths, 0 to 1."""
    sample = grey[::2, ::2]
    return float(np.percentile(sample, 75) - np.percentile(sample, 0.2)) / 255.0


def glare_of(grey: NDArray[np.uint8]) -> float:
    """Share of blown-out patches on paper that is otherwise not white; 0 for a scanner's white."""
    small = cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    if float(np.percentile(small, 60)) >= 235:
        return 0.0
    blown = (small >= 252).astype(np.uint8)
    patches = cv2.morphologyEx(blown, cv2.MORPH_OPEN, np.ones((9, 9), np.uint8))
    return float(patches.mean())


def cut_edges_of(marks: Marks) -> tuple[Edge, ...]:
    """Edges which at least four letters touch: one may be a speck, a row is cut print."""
    height, width = marks.shape
    left, top = marks.boxes[:, 0], marks.boxes[:, 1]
    right, bottom = left + marks.boxes[:, 2], top + marks.boxes[:, 3]
    touching: dict[Edge, int] = {
        "top": int((top <= 1).sum()),
        "right": int((right >= width - 1).sum()),
        "bottom": int((bottom >= height - 1).sum()),
        "left": int((left <= 1).sum()),
    }
    return tuple(edge for edge, letters in touching.items() if letters >= 4)


def believable_dpi(told: float, width: int, height: int) -> int:
    """The told resolution where it makes a sheet of sensible size, else that of a filled A4."""
    longer = max(width, height)
    shortest, longest = BELIEVABLE_INCHES
    if told > 0 and shortest <= longer / told <= longest:
        return round(told)
    return round(longer / SHEET_INCHES)


def page_flags(page: Page, ordinal: int) -> list[Flag]:
    """Remarks on the `ordinal`th page of the dossier, counted from 1; `about` is `page-1` …"""
    quality = page.quality
    degrees = f"{abs(quality.skew_degrees):.0f}"
    found: list[tuple[bool, str, dict[str, str]]] = [
        (quality.sharpness < LEAST_SHARPNESS, "flag-page-blurred", {}),
        (quality.contrast < LEAST_CONTRAST, "flag-page-faint", {}),
        (page.dpi < LEAST_DPI, "flag-page-coarse", {"dpi": str(page.dpi)}),
        (quality.glare > MOST_GLARE, "flag-page-glare", {}),
        (abs(quality.skew_degrees) > MOST_LEAN, "flag-page-askew", {"degrees": degrees}),
        *((True, f"flag-page-cut-{edge}", {}) for edge in quality.cut_edges),
    ]
    about, place = f"page-{ordinal}", {"page": str(ordinal)}
    return [
        Flag(code=code, severity="warn", about=about, values=place | values)
        for holds, code, values in found
        if holds
    ]
