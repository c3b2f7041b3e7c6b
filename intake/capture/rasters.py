"""Opens a scan of unknown worth. Runs only inside the bounded process.

Accepted are JPEG, PNG, TIFF (every frame) and PDF, told apart by their first bytes. Whatever a
decoder raises on malformed input becomes one of our own errors here.
"""

import io
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Literal, TypeAlias

import msgspec
import numpy as np
import pypdfium2
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps, ImageSequence
from pypdfium2 import raw as pdfium

from intake.capture.limits import Limits
from intake.errors import (
    DamagedFile,
    EmptyFile,
    IntakeError,
    PasswordProtected,
    TooFewPixels,
    TooLarge,
    TooManyPages,
    TooManyPixels,
    WrongType,
)

Pixels: TypeAlias = NDArray[np.uint8]
Format = Literal["JPEG", "PNG", "TIFF", "PDF"]

PDF_DPI: Final = 300
MAGIC: Final[tuple[tuple[bytes, Format], ...]] = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"II+\x00", "TIFF"),
    (b"MM\x00+", "TIFF"),
    (b"%PDF-", "PDF"),
)
PDF_HEADER_WITHIN: Final = 1024  # readers look this far for the header (ISO 32000-1, annex H.3.4.1)
LONGEST_USEFUL_SIDE: Final = 3508  # an A4 sheet at 300 dpi; more is thrown away by straightening
LEAST_USEFUL_SIDE: Final = 64  # pixels: three lines of the smallest print that can be read

# Limits.page_pixels is the guard; Pillow's own would warn below it and raise above it.
Image.MAX_IMAGE_PIXELS = None


class Raster(msgspec.Struct, frozen=True, kw_only=True):
    """Upright as its file says. `pixels` is height x width x 3, RGB; `dpi` 0 where not told."""

    pixels: Pixels
    dpi: float


def format_of(scan: bytes) -> Format:
    """By content, never by name. Raises EmptyFile, WrongType."""
    if not scan:
        raise EmptyFile
    for magic, name in MAGIC:
        if scan.startswith(magic):
            return name
    if b"%PDF-" in scan[:PDF_HEADER_WITHIN]:
        return "PDF"
    raise WrongType


def rasters(scan: bytes, limits: Limits) -> Iterator[Raster]:
    """The scan's pages in order, one in memory at a time. Raises UnreadableScan's kin."""
    kind = format_of(scan)
    if len(scan) > limits.bytes:
        raise TooLarge(limit_mib=limits.bytes >> 20)
    pages = _pdf_pages(scan, limits) if kind == "PDF" else _image_frames(scan, kind, limits)
    total = 0
    with _decoder_errors_named():
        for ordinal, page in enumerate(pages, start=1):
            if ordinal > limits.pages:
                raise TooManyPages(limit=limits.pages)
            _must_show_something(page.pixels)
            total += page.pixels.shape[0] * page.pixels.shape[1]
            if total > limits.total_pixels:
                raise TooManyPixels(limit_megapixels=limits.total_pixels // 1_000_000)
            yield page


def _must_show_something(pixels: Pixels) -> None:
    shorter, longer = sorted(pixels.shape[:2])
    if shorter * min(1.0, LONGEST_USEFUL_SIDE / longer) < LEAST_USEFUL_SIDE:
        raise TooFewPixels(least=LEAST_USEFUL_SIDE)


@contextmanager
def _decoder_errors_named() -> Iterator[None]:
    """Pillow and pdfium raise nearly anything on crafted input, so everything is caught here."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the file, which the outcome tells better
            yield
    except (IntakeError, MemoryError, GeneratorExit):
        raise
    except Exception as failure:
        raise DamagedFile(cause=type(failure).__name__) from failure


def _image_frames(scan: bytes, kind: Format, limits: Limits) -> Iterator[Raster]:
    with Image.open(io.BytesIO(scan), formats=(kind,)) as image:
        # Only TIFF holds sheets; the frames of an animated PNG or a camera's MPO are no pages.
        frames = ImageSequence.Iterator(image) if kind == "TIFF" else iter((image,))
        for frame in frames:
            if frame.width * frame.height > limits.page_pixels:
                raise TooManyPixels(limit_megapixels=limits.page_pixels // 1_000_000)
            dpi = _told_dpi(frame)
            full_width = frame.width
            frame.draft(None, _draft_size(frame))
            frame.load()
            dpi *= frame.width / full_width
            yield Raster(pixels=_as_rgb(_upright(frame)), dpi=dpi)


def _draft_size(image: Image.Image) -> tuple[int, int]:
    """The smallest size worth having: a JPEG decoder then skips what straightening would drop."""
    scale = min(1.0, LONGEST_USEFUL_SIDE / max(image.size))
    return round(image.width * scale), round(image.height * scale)


def _told_dpi(image: Image.Image) -> float:
    try:
        horizontal, _ = image.info.get("dpi", (0, 0))
        return float(horizontal)
    except (TypeError, ValueError, ZeroDivisionError):
        return 0.0


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except (TypeError, ValueError, KeyError, SyntaxError, struct.error, ZeroDivisionError):
        return image  # broken EXIF says nothing about the picture; straightening finds out itself


def _as_rgb(image: Image.Image) -> Pixels:
    if image.mode.startswith(("I", "F")):
        return _eight_bit_grey(image)
    if image.mode in {"LA", "La", "PA", "RGBA", "RGBa"} or "transparency" in image.info:
        paper = Image.new("RGBA", image.size, "white")
        paper.alpha_composite(image.convert("RGBA"))
        image = paper
    elif image.mode in {"RGB", "CMYK"} and image.info.get("icc_profile"):
        image = _in_srgb(image)
    return np.asarray(image.convert("RGB"))


def _eight_bit_grey(image: Image.Image) -> Pixels:
    """16-bit samples keep their high byte; wider or floating ones are spread over their range."""
    samples = np.asarray(image).astype(np.float32)
    top = 65535.0 if image.mode.startswith("I;16") else float(samples.max(initial=1.0))
    grey = np.clip(samples * (255.0 / max(top, 1.0)), 0, 255).astype(np.uint8)
    return np.repeat(grey[:, :, np.newaxis], 3, axis=2)


def _in_srgb(image: Image.Image) -> Image.Image:
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(image.info["icc_profile"]))
        if "sRGB" in ImageCms.getProfileDescription(own):
            return image
        srgb = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, own, srgb, outputMode="RGB") or image
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image  # a broken profile: the plain conversion is close enough to read


def _pdf_pages(scan: bytes, limits: Limits) -> Iterator[Raster]:
    try:
        document = pypdfium2.PdfDocument(scan)
    except pypdfium2.PdfiumError as failure:
        if b"/Encrypt" in scan and failure.err_code in {
            pdfium.FPDF_ERR_PASSWORD,
            pdfium.FPDF_ERR_SECURITY,
        }:
            raise PasswordProtected from None
        raise
    try:
        if len(document) > limits.pages:
            raise TooManyPages(limit=limits.pages)
        document.init_forms()
        for page in document:
            yield _rendered(page)
    finally:
        document.close()


def _rendered(page: pypdfium2.PdfPage) -> Raster:
    longest_inches = max(page.get_size()) / 72
    dpi = min(PDF_DPI, LONGEST_USEFUL_SIDE / longest_inches)
    bitmap = page.render(scale=dpi / 72, rev_byteorder=True, prefer_bgrx=False)
    pixels = np.ascontiguousarray(bitmap.to_numpy()[:, :, :3])
    page.close()
    return Raster(pixels=pixels, dpi=dpi)
