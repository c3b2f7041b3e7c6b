"""Text that a stranger's file claims about itself, fit to stand on a page of ours. Pure."""

import unicodedata
from typing import Final

LONGEST: Final = 120


def claimed(text: str) -> str:
    """Cut to a length, without control and format characters: those could turn the writing around
    or make one name look like another.
    """
    kept = (letter for letter in text[: 4 * LONGEST] if unicodedata.category(letter)[0] != "C")
    return " ".join("".join(kept).split())[:LONGEST]
