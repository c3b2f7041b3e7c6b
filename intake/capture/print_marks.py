"""Finds what is printed on a page and which way its lines run. Pure: arrays in, numbers out.

Angles are in degrees, counter-clockwise positive, seen on the picture.
"""

from typing import Final, TypeAlias

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

Grey: TypeAlias = NDArray[np.uint8]
Points: TypeAlias = NDArray[np.float32]

WORKING_SIDE: Final = 1200  # pixels of the longer side: 10-point letters are still 8 pixels high
LETTER_HEIGHTS: Final = (4, 60)  # at the working size, print of 6 to 60 points
MOST_POINTS: Final = 40_000
FEWEST_POINTS: Final = 1_500  # below, a page has too little print to tell its direction


class Marks(msgspec.Struct, frozen=True, kw_only=True):
    """Print of letter size; rules, pictures and the sheet's own edges are left out.

    `points` are n x 2 (x, y) pixels of ink at the working size, `boxes` m x 4 (left, top, width,
    height) letters or joined letters there, `shape` (height, width) of the working size.
    """

    points: Points
    boxes: NDArray[np.int32]
    shape: tuple[int, int]

    @property
    def enough(self) -> bool:
        return len(self.points) >= FEWEST_POINTS


class Direction(msgspec.Struct, frozen=True, kw_only=True):
    """`lean`: how far the lines lean from the nearer axis, -45 to 45. `upright`: the print stands
    upright beyond doubt; False means that nothing is known about quarter turns."""

    lean: float
    upright: bool


def find_marks(grey: Grey) -> Marks:
    scale = min(2.0, WORKING_SIDE / max(grey.shape))
    smoothing = cv2.INTER_AREA if scale < 1.0 else cv2.INTER_CUBIC
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=smoothing)
    ink = cv2.adaptiveThreshold(
        small, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, blockSize=31, C=14
    )
    _, labels, measures, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    width, height = measures[:, cv2.CC_STAT_WIDTH], measures[:, cv2.CC_STAT_HEIGHT]
    low, high = LETTER_HEIGHTS
    longer, shorter = np.maximum(width, height), np.minimum(width, height)
    letters = (longer >= low) & (longer <= high) & (shorter >= 2)
    letters[0] = False  # the background
    rows, columns = np.nonzero(letters[labels])
    points = np.stack([columns, rows], axis=1).astype(np.float32)
    if len(points) > MOST_POINTS:
        points = points[:: len(points) // MOST_POINTS + 1]
    # Off the pixel grid, else the grid's own diagonals and axes look like sharp lines of print.
    points += np.random.default_rng(0).uniform(-0.5, 0.5, points.shape).astype(np.float32)
    boxes = measures[letters][:, :4].astype(np.int32)
    return Marks(points=points, boxes=boxes, shape=(small.shape[0], small.shape[1]))


def direction_of(marks: Marks) -> Direction:
    """By projection profiles: along the right angle lines give sharp steps between ink and gap."""
    if not marks.enough:
        return Direction(lean=0.0, upright=False)
    lean = 0.0
    for reach, step in ((45.0, 1.0), (1.0, 0.2), (0.2, 0.05)):
        around = np.arange(lean - reach, lean + reach + step / 2, step)
        scores = [_sharpest_axis(marks.points, angle) for angle in around]
        lean = float(around[int(np.argmax(scores))])
    lean = (lean + 45.0) % 90.0 - 45.0
    return Direction(lean=round(lean, 2), upright=_stands_upright(marks.points, lean))


def _sharpest_axis(points: Points, angle: float) -> float:
    return max(_steps(points, angle)[0], _steps(points, angle + 90.0)[0])


def _steps(points: Points, angle: float) -> tuple[float, float]:
    """(energy, asymmetry) of the steps of the profile across lines that lean by `angle`.

    Asymmetry is negative where falls are steeper than rises.
    """
    radians = np.deg2rad(angle)
    across = points[:, 0] * np.sin(radians) + points[:, 1] * np.cos(radians)
    profile = np.bincount((across - across.min()).astype(np.int64)).astype(np.float64)
    steps = np.diff(profile)
    cubes = steps**3
    return float((steps**2).sum()), float(cubes.sum() / max(np.abs(cubes).sum(), 1.0))


def _stands_upright(points: Points, lean: float) -> bool:
    """Latin print ends sharply on its baseline and raggedly, with ascenders and accents, above."""
    along, asymmetry = _steps(points, lean)
    crosswise, _ = _steps(points, lean + 90.0)
    return along > 1.5 * crosswise and asymmetry < -0.12
