"""What an agency shows to see a copy's full facts: `bsk_<id>_<secret and checksum>`.

The id (40 bits) names the key in lists and in the trail. The secret is 168 random bits, so nobody
guesses it, and one SHA-256 hides it: a slow hash is for what people think up. The last 32 bits are
a CRC-32, so that a key that was cut off or mistyped is told without asking the database.
"""

import base64
import binascii
import hashlib
import re
import zlib
from collections.abc import Callable
from typing import Final, Literal, get_args

import msgspec

from verify_portal.errors import PortalError

Scope = Literal["facts", "pdf"]
SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)

_DOMAIN: Final = b"bansao agency key v1\n"
_ID_BYTES: Final = 5
_SECRET_BYTES: Final = 21
_FORM: Final = re.compile(r"bsk_([a-z2-7]{8})_([a-z2-7]{40})")


class MistypedKey(PortalError):
    """No key has this form, or its checksum is wrong."""


class AgencyKey(msgspec.Struct, frozen=True, kw_only=True):
    """`presented` (32 bytes) stands for the key towards the database, which keeps a hash of it."""

    id: str
    presented: bytes

    @property
    def stored(self) -> bytes:
        """What is kept of the key."""
        return hashlib.sha256(self.presented).digest()


def new_key(random_bytes: Callable[[int], bytes]) -> str:
    """A key's text; the only moment at which it is known to us."""
    own_id, secret = random_bytes(_ID_BYTES), random_bytes(_SECRET_BYTES)
    return f"bsk_{_text(own_id)}_{_text(secret + _checksum(own_id + secret))}"


def read_key(text: str) -> AgencyKey:
    """The key in this text; raises MistypedKey, which does not repeat it."""
    form = _FORM.fullmatch(text)
    if form is None:
        raise MistypedKey("this is no agency key")
    own_id, rest = (_bytes(part) for part in form.groups())
    secret, checksum = rest[:_SECRET_BYTES], rest[_SECRET_BYTES:]
    if checksum != _checksum(own_id + secret):
        raise MistypedKey("this agency key is not complete, or was mistyped")
    return AgencyKey(id=form[1], presented=hashlib.sha256(_DOMAIN + own_id + secret).digest())


def _checksum(content: bytes) -> bytes:
    return zlib.crc32(content).to_bytes(4, "big")


def _text(content: bytes) -> str:
    return base64.b32encode(content).decode("ascii").lower()


def _bytes(text: str) -> bytes:
    try:
        return base64.b32decode(text.upper())
    except binascii.Error:
        raise MistypedKey("this is no agency key") from None
