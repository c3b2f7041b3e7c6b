"""What a file's bytes say before any parser sees them: its kind, whether it ends, bare codes.

Pure. `codes_in_bytes` takes seconds on a hostile file: run it inside a bounded process.
"""

import re
from typing import Final, Literal

from registry.code import find_codes

Kind = Literal["pdf", "image", "other"]

#: A file full of well-formed codes must not turn one question into thousands.
MOST_CODES: Final = 12
#: Nor may one that is full of near misses: each costs the arithmetic of its check characters.
MOST_CANDIDATES: Final = 2_000
_MAGIC: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"RIFF", b"II*\x00", b"MM\x00*", b"BM", b"GIF8")
# Printed form only, so that compressed streams do not yield accidental codes.
_PRINTED: Final = re.compile(rb"(?<![0-9A-Z-])[0-9A-Z]{6}-[0-9A-Z]{6}-[0-9A-Z]{6}(?![0-9A-Z-])")
#: Where readers look for the end of a PDF.
_TAIL_BYTES: Final = 1_024


def kind_of(content: bytes) -> Kind:
    """A PDF when a PDF header stands anywhere, else by the first bytes.

    Readers look for the header beyond the start, some through the whole file: a picture with a PDF
    behind it must never pass for a picture.
    """
    if b"%PDF-" in content:
        return "pdf"
    return "image" if content.startswith(_MAGIC) else "other"


def is_cut_off(content: bytes) -> bool:
    """Whether a PDF lacks its end, as an interrupted download does (ISO 32000-2, 7.5.5)."""
    return b"%%EOF" not in content[-_TAIL_BYTES:]


def codes_in_bytes(content: bytes) -> tuple[str, ...]:
    """Well-formed codes that stand uncompressed in a file: XMP, /Reason, plain content streams."""
    found: dict[str, None] = {}
    candidates: set[bytes] = set()
    for match in _PRINTED.finditer(content):
        if match.group() in candidates:
            continue
        candidates.add(match.group())
        found.update(dict.fromkeys(find_codes(match.group().decode("ascii"))))
        if len(found) >= MOST_CODES or len(candidates) >= MOST_CANDIDATES:
            break
    return tuple(found)
