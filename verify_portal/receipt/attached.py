"""The JSON receipt inside a PDF receipt."""

import io
from typing import Final

import pikepdf

NAME: Final = "bansao-receipt.json"
#: Room for a life of many decisions; a longer attachment is not one of ours.
_MOST_BYTES: Final = 4 << 20


def attached_receipt(content: bytes) -> bytes | None:
    """The attachment's bytes; None without one. Run it in a bounded process: raises whatever the
    parser raises on a broken file.
    """
    with pikepdf.open(io.BytesIO(content)) as pdf:
        if NAME not in pdf.attachments:
            return None
        found = pdf.attachments[NAME].get_file().read_bytes()
    return found if len(found) <= _MOST_BYTES else None
