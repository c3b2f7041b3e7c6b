"""Which copies hold, two bits each: what an agency keeps to check copies offline (IETF Token Status
List, draft-ietf-oauth-status-list, sections 4 and 7).

Pure: positions and values, and what a signed list says beside them. `status_token.py` signs it.
"""

import zlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Final

import msgspec

from registry.errors import MalformedStatusList
from registry.status import Verdict

BITS: Final = 2
_EACH_BYTE: Final = 8 // BITS
_MASK: Final = (1 << BITS) - 1
#: Places in one list, used or not: 256 KiB before compression.
CAPACITY: Final = 1 << 20
_MOST_BYTES: Final = CAPACITY // _EACH_BYTE
#: 3 is the draft's "application specific": the copy is genuine, and another has taken its place.
VALUES: Final[Mapping[Verdict, int]] = {"valid": 0, "revoked": 1, "suspended": 2, "superseded": 3}
_VERDICTS: Final[Mapping[int, Verdict]] = {value: verdict for verdict, value in VALUES.items()}

#: A list is wrong about what was decided since it was signed, so it does not live long.
LIFETIME: Final = timedelta(hours=24)
#: When a receiver should look for a newer one.
TIME_TO_LIVE: Final = timedelta(minutes=10)


class Place(msgspec.Struct, frozen=True, gc=False):
    """Where a copy stands: a list's number and an index in it, both from 0."""

    list: Annotated[int, msgspec.Meta(ge=0)]
    index: Annotated[int, msgspec.Meta(ge=0)]


class SignedAt(msgspec.Struct, frozen=True, kw_only=True):
    """The checkpoint whose entries a list was computed from; `root` is its 32 bytes."""

    origin: str
    size: int
    root: bytes


class StatusList(msgspec.Struct, frozen=True, kw_only=True):
    """What a signed list says. `uri` names it and ends in its number; `lst` is compressed."""

    uri: str
    issued_at: datetime
    expires_at: datetime
    ttl: int
    lst: bytes
    checkpoint: SignedAt

    @property
    def number(self) -> int:
        return int(self.uri.rpartition("/")[2])

    def verdict_at(self, index: int) -> Verdict:
        """Raises MalformedStatusList for an index that the list does not have, or broken bits.

        An index that was never given to a copy reads as `valid`: whoever asks must hold a seal.
        """
        return Statuses.expanded(self.lst).verdict_at(index)


class Statuses:
    """One list's bits, to be changed and read: value `i` begins at bit 2·(i mod 4) of byte i//4."""

    def __init__(self, content: bytes = bytes(_MOST_BYTES)) -> None:
        self._content = bytearray(content)

    @classmethod
    def expanded(cls, lst: bytes) -> "Statuses":
        """From what a list carries; raises MalformedStatusList, also for what would not fit."""
        expanding = zlib.decompressobj()
        try:
            content = expanding.decompress(lst, _MOST_BYTES + 1)
        except zlib.error:
            raise MalformedStatusList("the bits are not compressed as zlib does it") from None
        if not expanding.eof or expanding.unused_data or len(content) > _MOST_BYTES:
            raise MalformedStatusList("the bits are cut off, or more than a list holds")
        return cls(content)

    def compressed(self) -> bytes:
        return zlib.compress(self._content, 9)

    def set(self, index: int, verdict: Verdict) -> bool:
        """Whether that changes anything."""
        at, shift = self._position(index)
        before = self._content[at]
        self._content[at] = before & ~(_MASK << shift) | VALUES[verdict] << shift
        return self._content[at] != before

    def verdict_at(self, index: int) -> Verdict:
        at, shift = self._position(index)
        return _VERDICTS[self._content[at] >> shift & _MASK]

    def _position(self, index: int) -> tuple[int, int]:
        if not 0 <= index < len(self._content) * _EACH_BYTE:
            raise MalformedStatusList("the list has no such index")
        return index // _EACH_BYTE, index % _EACH_BYTE * BITS


def list_uri(portal_url: str, number: int) -> str:
    """Where the portal serves a list, and what the list is called."""
    return f"{portal_url.rstrip('/')}/v1/status-list/{number}"
