"""Stands a page upright, level and flat, and encodes it for the copy.

The picture stays faithful: colours are kept, nothing is erased, sharpened or turned to black and
white, and corners that a rotation would cut get room instead.
"""

import re
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from intake.capture.page import Page, Quality, Quarter
from intake.capture.print_marks import Direction, Marks, direction_of, find_marks
from intake.capture.quality import (
    believable_dpi,
    contrast_of,
    cut_edges_of,
    glare_of,
    sharpness_of,
)
from intake.capture.rasters import LONGEST_USEFUL_SIDE, Pixels, Raster
from intake.capture.sheet import find_sheet, flatten
from intake.errors import RecogniserFailed
from intake.tesseract import run_tesseract

JPEG_QUALITY: Final = 85
LEAST_LEAN: Final = 0.15  # degrees: less cannot be seen, and turning costs sharpness
ORIENTATION_SIDE: Final = 1800  # pixels; Tesseract's orientation needs letters of 12 pixels
ORIENTATION_SECONDS: Final = 10.0
LEAST_ORIENTATION_CONFIDENCE: Final = 2.0


def straighten(raster: Raster, tessdata: Path) -> Page:
    """One page of the copy from one raster of the scan."""
    pixels, dpi = _fitting(raster.pixels, raster.dpi)
    grey = _grey(pixels)
    sharpness, contrast, glare = sharpness_of(grey), contrast_of(grey), glare_of(grey)
    corners = find_sheet(grey, find_marks(grey))
    if corners is not None:
        pixels = flatten(pixels, corners)
        dpi = 0.0  # the scale changes from corner to corner, and the sheet now fills the picture
    level, marks, direction = _levelled(pixels)
    turned = _quarter_turns(level, marks, direction, tessdata)
    upright = np.ascontiguousarray(np.rot90(level, -turned // 90))
    height, width = upright.shape[:2]
    return Page(
        image=_jpeg(upright),
        media_type="image/jpeg",
        width=width,
        height=height,
        dpi=believable_dpi(dpi, width, height),
        quality=Quality(
            sharpness=round(sharpness, 3),
            contrast=round(contrast, 3),
            skew_degrees=direction.lean,
            turned=turned,
            flattened=corners is not None,
            glare=round(glare, 4),
            cut_edges=cut_edges_of(find_marks(_grey(upright))),
        ),
    )


def _fitting(pixels: Pixels, dpi: float) -> tuple[Pixels, float]:
    scale = LONGEST_USEFUL_SIDE / max(pixels.shape[:2])
    if scale >= 1.0:
        return pixels, dpi
    smaller = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(smaller, np.uint8), dpi * scale


def _grey(pixels: Pixels) -> NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)


def _levelled(pixels: Pixels) -> tuple[Pixels, Marks, Direction]:
    """The page with its lines along one of the axes, its marks, and its direction before that."""
    marks = find_marks(_grey(pixels))
    direction = direction_of(marks)
    if abs(direction.lean) < LEAST_LEAN:
        return pixels, marks, direction
    return _rotated(pixels, -direction.lean), marks, direction


def _rotated(pixels: Pixels, degrees: float) -> Pixels:
    """Counter-clockwise, on a canvas that holds every corner, filled with the border's colour."""
    height, width = pixels.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    cosine, sine = abs(turn[0, 0]), abs(turn[0, 1])
    new_width = round(width * cosine + height * sine)
    new_height = round(width * sine + height * cosine)
    turn[:, 2] += ((new_width - width) / 2, (new_height - height) / 2)
    ring = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    colour = tuple(float(channel) for channel in np.median(ring, axis=0))
    rotated = cv2.warpAffine(
        pixels, turn, (new_width, new_height), flags=cv2.INTER_CUBIC, borderValue=colour
    )
    return np.asarray(rotated, np.uint8)


def _quarter_turns(level: Pixels, marks: Marks, direction: Direction, tessdata: Path) -> Quarter:
    """Degrees clockwise that stand the print upright; 0 where nobody can tell."""
    if direction.upright or not marks.enough:
        return 0
    scale = min(3.0, ORIENTATION_SIDE / max(level.shape[:2]))
    smoothing = cv2.INTER_AREA if scale < 1.0 else cv2.INTER_CUBIC
    sized = cv2.resize(_grey(level), None, fx=scale, fy=scale, interpolation=smoothing)
    try:
        told = run_tesseract(
            np.asarray(sized, np.uint8),
            ["--psm", "0", "-l", "osd"],
            tessdata=tessdata,
            dpi=150,
            seconds=ORIENTATION_SECONDS,
        )
    except RecogniserFailed:
        return 0  # it exits with an error where it finds too few letters
    return _told_turn(told)


def _told_turn(told: str) -> Quarter:
    turn = re.search(r"^Rotate: (0|90|180|270)$", told, re.MULTILINE)
    confidence = re.search(r"^Orientation confidence: ([\d.]+)$", told, re.MULTILINE)
    if not turn or not confidence or float(confidence[1]) < LEAST_ORIENTATION_CONFIDENCE:
        return 0
    quarters: dict[str, Quarter] = {"90": 90, "180": 180, "270": 270}
    return quarters.get(turn[1], 0)


def _jpeg(pixels: Pixels) -> bytes:
    written, encoded = cv2.imencode(
        ".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]
    )
    if not written:
        raise MemoryError  # the only reason for which an 8-bit picture does not encode
    return bytes(encoded)
