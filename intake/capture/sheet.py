"""Finds a photographed sheet in its surroundings and takes the perspective out. Pure.

Conservative on purpose: the copy must hold all of the original. Where the outline is not a clear
four-sided one that is brighter than what surrounds it, the picture stays as it is.
"""

from typing import Final, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from intake.capture.print_marks import Marks

Pixels: TypeAlias = NDArray[np.uint8]
Grey: TypeAlias = NDArray[np.uint8]
Corners: TypeAlias = NDArray[np.float32]
Outline: TypeAlias = NDArray[np.int32]

WORKING_SIDE: Final = 600
SMALLEST_SHARE: Final = 0.25  # of the picture; a smaller bright shape is something on the sheet
LARGEST_SHARE: Final = 0.985  # beyond, the sheet fills the picture and there is nothing to cut
BEST_FIT: Final = 0.96  # overlap of the outline and its four-sided shape
CONTRAST: Final = 60.0  # grey levels by which the sheet is brighter than what surrounds it
MOST_PRINT_OUTSIDE: Final = 0.02  # share of the picture's letters; more belongs to the document
MARGIN: Final = 0.006  # the corners move outwards by this share of the longer side
LARGEST_TILT: Final = 2.0  # ratio of opposite sides; a sheet seen flatter than that is unreadable


def find_sheet(grey: Grey, marks: Marks) -> Corners | None:
    """4 x 2 corners (x, y) in pixels: top left, top right, bottom right, bottom left; or None.

    `marks` are those of the same picture.
    """
    scale = min(1.0, WORKING_SIDE / max(grey.shape))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    # Closing swallows the print, so that the sheet is one bright shape.
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))
    paper = np.asarray(closed, np.uint8)
    _, bright = cv2.threshold(paper, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    outlines, _ = cv2.findContours(bright, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not outlines:
        return None
    outline = np.asarray(max(outlines, key=cv2.contourArea), np.int32)
    corners = _four_corners(outline)
    if corners is None or not _stands_out(paper, outline, corners):
        return None
    corners = _outwards(_in_reading_order(corners), MARGIN * max(paper.shape))
    corners /= np.float32(scale)
    return None if _print_outside(marks, corners, grey.shape) > MOST_PRINT_OUTSIDE else corners


def _print_outside(marks: Marks, corners: Corners, shape: tuple[int, ...]) -> float:
    if not len(marks.boxes):
        return 0.0
    centres = (marks.boxes[:, :2] + marks.boxes[:, 2:] / 2) * (shape[1] / marks.shape[1])
    outline = corners.astype(np.float32)
    outside = [cv2.pointPolygonTest(outline, (float(x), float(y)), False) < 0 for x, y in centres]
    return sum(outside) / len(outside)


def _four_corners(outline: Outline) -> Corners | None:
    hull = cv2.convexHull(outline)
    length = cv2.arcLength(hull, closed=True)
    for tolerance in (0.01, 0.02, 0.03, 0.05):
        shape = cv2.approxPolyDP(hull, tolerance * length, closed=True)
        if len(shape) == 4:
            fit = cv2.contourArea(outline) / max(cv2.contourArea(shape), 1.0)
            return shape.reshape(4, 2).astype(np.float32) if BEST_FIT <= fit <= 1.04 else None
    return None


def _stands_out(paper: Grey, outline: Outline, corners: Corners) -> bool:
    share = cv2.contourArea(corners) / paper.size
    if not SMALLEST_SHARE <= share <= LARGEST_SHARE:
        return False
    sides = np.linalg.norm(corners - np.roll(corners, -1, axis=0), axis=1)
    if max(sides[0] / sides[2], sides[2] / sides[0]) > LARGEST_TILT:
        return False
    if max(sides[1] / sides[3], sides[3] / sides[1]) > LARGEST_TILT:
        return False
    inside = np.zeros_like(paper)
    cv2.drawContours(inside, [outline], -1, 255, cv2.FILLED)
    outside = cv2.dilate(inside, np.ones((9, 9), np.uint8)) == 0
    if not outside.any():
        return False
    # The brightest parts around count: another sheet beside this one must not be cut away.
    around = float(np.percentile(paper[outside], 95))
    return float(np.median(paper[inside > 0])) - around >= CONTRAST


def _in_reading_order(corners: Corners) -> Corners:
    sums, differences = corners.sum(axis=1), corners[:, 1] - corners[:, 0]
    order = [sums.argmin(), differences.argmin(), sums.argmax(), differences.argmax()]
    return corners[order] if len(set(order)) == 4 else corners


def _outwards(corners: Corners, distance: float) -> Corners:
    away = corners - corners.mean(axis=0)
    away /= np.linalg.norm(away, axis=1, keepdims=True)
    return np.asarray(corners + away * distance, np.float32)


def flatten(pixels: Pixels, corners: Corners) -> Pixels:
    """The sheet between the corners as a rectangle of its own longest sides."""
    top_left, top_right, bottom_right, bottom_left = corners
    width = max(np.linalg.norm(top_right - top_left), np.linalg.norm(bottom_right - bottom_left))
    height = max(np.linalg.norm(bottom_left - top_left), np.linalg.norm(bottom_right - top_right))
    right, bottom = float(width) - 1, float(height) - 1
    target = np.array([[0, 0], [right, 0], [right, bottom], [0, bottom]], np.float32)
    transform = cv2.getPerspectiveTransform(corners.astype(np.float32), target)
    size = (round(float(width)), round(float(height)))
    flat = cv2.warpPerspective(
        pixels, transform, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(flat, np.uint8)
