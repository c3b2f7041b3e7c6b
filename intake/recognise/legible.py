"""Prepares a page for the OCR engine: seals and dotted lines, which spoil the letters near them,
are taken out. Only the engine sees the result; the copy keeps the page as it is. Pure.
"""

from typing import Final, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Grey: TypeAlias = NDArray[np.uint8]
Pixels: TypeAlias = NDArray[np.uint8]

RECOGNISED_DPI: Final = 300  # what the engine was trained for
LARGEST_ENLARGEMENT: Final = 3.0
SEAL_INCHES: Final = (0.9, 2.0)  # Vietnamese seals measure 30 to 42 mm across
REDNESS: Final = 45  # by which red exceeds green and blue
DOT_INCHES: Final = 0.032  # the largest dot of a dotted line
DOT_GAP_INCHES: Final = 0.09
FEWEST_DOTS: Final = 7


def legible(pixels: Pixels, dpi: int) -> tuple[Grey, int]:
    """The page in grey for the engine, and that picture's resolution; `pixels` is RGB."""
    grey = without_dotted_lines(without_seals(pixels, dpi), dpi)
    scale = min(RECOGNISED_DPI / max(dpi, 1), LARGEST_ENLARGEMENT)
    if scale <= 1.2:
        return grey, dpi
    larger = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    return np.asarray(larger, np.uint8), round(dpi * scale)


def without_seals(pixels: Pixels, dpi: int) -> Grey:
    """Grey, with red ink faded in round shapes of a seal's size. Red titles and numbers stay."""
    grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8).copy()
    red = pixels[:, :, 0]
    others = cv2.max(pixels[:, :, 1], pixels[:, :, 2])
    reddish = cv2.subtract(red, others) > REDNESS
    step = max(dpi // 75, 1)
    coarse = reddish[::step, ::step].astype(np.uint8)
    joined = cv2.morphologyEx(coarse, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    _, _, measures, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    smallest, largest = (inches * dpi / step for inches in SEAL_INCHES)
    for left, top, width, height, _ in measures[1:]:
        if smallest <= min(width, height) and max(width, height) <= min(largest, 1.4 * width):
            area = np.s_[
                top * step : (top + height + 1) * step, left * step : (left + width + 1) * step
            ]
            # Where red ink crosses black, the red channel is dark only for the black.
            faded = np.maximum(grey[area], red[area])
            grey[area] = np.where(_widened(reddish[area]), faded, grey[area])
    return grey


def _widened(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return np.asarray(cv2.dilate(mask.astype(np.uint8), np.ones((5, 5), np.uint8)), np.bool_)


def without_dotted_lines(grey: Grey, dpi: int) -> Grey:
    """Rows of dots painted over with the paper around them; single dots and accents stay."""
    largest = max(round(DOT_INCHES * dpi), 2)
    ink = cv2.adaptiveThreshold(
        grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, blockSize=31, C=18
    )
    count, labels, measures, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    width, height = measures[:, cv2.CC_STAT_WIDTH], measures[:, cv2.CC_STAT_HEIGHT]
    dots = (width <= largest) & (height <= largest) & (width >= 2) & (height >= 2)
    dots[0] = False
    if dots.sum() < FEWEST_DOTS:
        return grey
    chained = np.zeros(count, bool)
    chained[np.flatnonzero(dots)[_in_rows(np.asarray(measures[dots], np.int32), dpi)]] = True
    mask = cv2.dilate(chained[labels].astype(np.uint8), np.ones((5, 5), np.uint8))
    paper = cv2.dilate(grey, np.ones((largest * 2 + 1, largest * 2 + 1), np.uint8))
    return np.where(mask > 0, paper, grey).astype(np.uint8)


def _in_rows(measures: NDArray[np.int32], dpi: int) -> NDArray[np.bool_]:
    """Which dots stand in a row with enough others, one beside the next."""
    middles = measures[:, cv2.CC_STAT_TOP] + measures[:, cv2.CC_STAT_HEIGHT] // 2
    lefts, gap = measures[:, cv2.CC_STAT_LEFT], DOT_GAP_INCHES * dpi
    tolerance = max(dpi // 100, 1)
    chosen = np.zeros(len(measures), bool)
    # Bands overlap by half, so that a row which drifts by a pixel is whole in one of them.
    for offset in (0, tolerance):
        band = (middles + offset) // (2 * tolerance)
        order = np.lexsort((lefts, band))
        apart = (np.diff(band[order]) != 0) | (np.diff(lefts[order]) > gap)
        run = np.concatenate([[0], np.cumsum(apart)])
        lengths = np.bincount(run)
        chosen[order] |= lengths[run] >= FEWEST_DOTS
    return chosen
