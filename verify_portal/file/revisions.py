"""Whether a file begins with a registered one: an incremental update only appends (ISO 32000-2,
7.5.6). Takes as long as hashing the file: run it inside a bounded process.
"""

import hashlib
import hmac
import re
from collections.abc import Iterator
from typing import Final

#: A copy of ours has three; one that was updated more often than this is not looked at further.
_MOST_ENDS: Final = 100
#: A revision's last line may or may not be closed, and belongs to it either way.
_END: Final = re.compile(rb"%%EOF(?=(\r\n|\r|\n|))")


def registered_length(content: bytes, pdf_digest: bytes) -> int | None:
    """How many of the first bytes are the registered file; None when it does not begin so."""
    view, hashed, read = memoryview(content), hashlib.sha256(), 0
    for end in _ends(content):
        hashed.update(view[read:end])
        read = end
        if hmac.compare_digest(hashed.digest(), pdf_digest):
            return end
    return None


def _ends(content: bytes) -> Iterator[int]:
    """Where a revision may end, each place once, in order."""
    for number, found in enumerate(_END.finditer(content)):
        if number == _MOST_ENDS:
            return
        yield found.end()
        yield from range(found.end() + 1, found.end(1) + 1)
