"""Pictures for tests of capture: pages of print-like lines, and photographs of them."""

import io
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

LINES = (
    "Printed matter has lines that end on a baseline",
    "and letters of which some reach above and few",
    "below it, which is how a page tells that it is",
    "upright, and how far it leans to either side.",
)


def printed_page(width: int = 1240, height: int = 1754) -> NDArray[np.uint8]:
    """Black on white, RGB; A4 at 150 dpi unless told otherwise."""
    page = Image.new("RGB", (width, height), "white")
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(size=round(height / 58))
    for number in range(24):
        at = (round(width * 0.12), round(height * (0.1 + number / 32)))
        pen.text(at, LINES[number % len(LINES)], font=font, fill="black")
    return np.asarray(page)


def turned(pixels: NDArray[np.uint8], degrees: float) -> NDArray[np.uint8]:
    """Counter-clockwise by any angle, nothing cut, white around."""
    image = Image.fromarray(pixels)
    angled = image.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor="white")
    return np.asarray(angled)


def photographed(page: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The page lying on a dark table, seen from below left."""
    height, width = page.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    seen = np.array([[300, 200], [1300, 260], [1420, 1800], [160, 1740]], np.float32)
    view = cv2.getPerspectiveTransform(corners, seen)
    photo = cv2.warpPerspective(page, view, (1600, 2000), borderValue=(60, 50, 40))
    return np.asarray(photo, np.uint8)


def encoded(pixels: NDArray[Any], form: str = "PNG", **options: Any) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, form, **options)
    return out.getvalue()
