"""From an uploaded scan to the pages of the copy."""

from pathlib import Path
from typing import Final

import cv2

from intake.capture.bounded import run_bounded
from intake.capture.limits import DEFAULT_LIMITS, Limits
from intake.capture.page import Page
from intake.capture.rasters import format_of, rasters
from intake.capture.straighten import straighten
from intake.errors import (
    DecodeCrashed,
    DecodeMemoryExceeded,
    DecodeTimeout,
    TaskCrashed,
    TaskMemoryExceeded,
    TaskTimeout,
    TooLarge,
)
from intake.tesseract import default_tessdata

OPENCV_NO_MEMORY: Final = -4  # cv::Error::StsNoMem, which the Python module does not name


def capture(
    scan: bytes, limits: Limits = DEFAULT_LIMITS, tessdata: Path | None = None
) -> list[Page]:
    """The straightened pages of a JPEG, PNG, TIFF or PDF, in order; at least one.

    Decodes in a bounded process and blocks meanwhile: call it off the event loop. Raises one of
    UnreadableScan's kin; nothing of a scan that fails half-way is returned.
    """
    format_of(scan)
    if len(scan) > limits.bytes:
        raise TooLarge(limit_mib=limits.bytes >> 20)
    try:
        return run_bounded(
            straightened_pages, scan, limits, tessdata or default_tessdata(), limits=limits
        )
    except TaskTimeout as failure:
        raise DecodeTimeout(**failure.values) from None
    except TaskMemoryExceeded as failure:
        raise DecodeMemoryExceeded(**failure.values) from None
    except TaskCrashed as failure:
        raise DecodeCrashed(**failure.values) from None


def straightened_pages(scan: bytes, limits: Limits, tessdata: Path) -> list[Page]:
    """The bounded process's part; never call it on untrusted bytes in your own."""
    try:
        return [straighten(raster, tessdata) for raster in rasters(scan, limits)]
    except cv2.error as failure:
        if failure.code == OPENCV_NO_MEMORY:
            raise MemoryError from None
        raise
