"""Reads the pages of one original: OCR at the edge, then naming, fields and checks."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count, repeat
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from intake.capture.page import Page
from intake.recognise.checks import check
from intake.recognise.extract import extract_fields
from intake.recognise.legible import legible
from intake.recognise.marks_of_others import marking_flags, part_old_certification
from intake.recognise.naming import name_document
from intake.recognise.reading import Reading
from intake.recognise.words import Word, engine_lines, in_cells, parse_tsv
from intake.tesseract import run_tesseract

PAGE_SECONDS: Final = 120.0
LEAST_WORD_CONFIDENCE: Final = 0.25  # below, it is the engine's reading of ornaments and stains


def read(pages: Sequence[Page], tessdata: Path) -> Reading:
    """Text, type, fields and remarks of one document; a page without text is no error.

    `tessdata` holds `vie.traineddata`, or is the npm folder with the packed models. Blocks for one
    to three seconds a page and core. Raises RecogniserFailed.
    """
    # Each page is a process of its own; the threads only wait for them.
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as waiting:
        per_page = waiting.map(_words_of, pages, count(), repeat(tessdata))
    words = [word for page in per_page for word in page]
    return reading_of(words, page_count=len(pages))


def reading_of(words: Sequence[Word], *, page_count: int) -> Reading:
    """The pure part of `read`: everything that follows from the words and their places."""
    lines = engine_lines(words)
    own, stamp = part_old_certification(in_cells(lines))
    named = name_document(own)
    fields = extract_fields(named, own)
    letters = sum(len(word.text) for word in words)
    confidence = (
        sum(len(word.text) * word.confidence for word in words) / letters if letters else 0.0
    )
    read_words = [word.text for word in words]
    remarks = check(named.document_type, fields, confidence=confidence, words=read_words)
    return Reading(
        document_type=named.document_type,
        title=named.title,
        fields=tuple(fields),
        text=tuple(
            "\n".join(line.text for line in lines if line.page == page)
            for page in range(page_count)
        ),
        confidence=round(confidence, 3),
        flags=(*remarks, *marking_flags(own, stamp)),
    )


def _words_of(page: Page, ordinal: int, tessdata: Path) -> list[Word]:
    grey, dpi = legible(_pixels(page), page.dpi)
    tsv = run_tesseract(
        grey,
        ["-l", "vie", "--psm", "3", "-c", "tessedit_create_tsv=1"],
        tessdata=tessdata,
        dpi=dpi,
        seconds=PAGE_SECONDS,
    )
    return [word for word in parse_tsv(tsv, ordinal) if word.confidence >= LEAST_WORD_CONFIDENCE]


def _pixels(page: Page) -> NDArray[np.uint8]:
    # Pages are of our own encoding, so this decoder sees nothing crafted.
    decoded = cv2.imdecode(np.frombuffer(page.image, np.uint8), cv2.IMREAD_COLOR_RGB)
    return np.asarray(decoded, np.uint8)
