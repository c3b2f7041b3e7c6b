"""The public keys under which seals are believed: the one in use, and those that were before it.

A JWK Set (RFC 7517, keys as in RFC 8037) where `nbf` and `exp` are the POSIX seconds between which
a key sealed, as in OpenID Federation's historical keys; either may be missing. Pure.
"""

import base64
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Literal

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from registry.clock import HANOI
from registry.errors import ForgedSeal, SealKeyNotInUse
from registry.jws import key_id
from registry.seal import SealClaims, open_seal


class PublicJwk(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An Ed25519 key; `x` is its 32 bytes in base64url, `kid` its thumbprint (RFC 7638)."""

    kty: Literal["OKP"]
    crv: Literal["Ed25519"]
    x: str
    kid: str = ""
    nbf: int | None = None
    exp: int | None = None


class SealKey(msgspec.Struct, frozen=True, kw_only=True):
    """`since` and `until` are None where the key's time in use has no such end."""

    public: Ed25519PublicKey
    since: datetime | None = None
    until: datetime | None = None

    @property
    def kid(self) -> str:
        return key_id(self.public)

    def was_in_use_on(self, day: date) -> bool:
        """On any part of the local day."""
        begun = self.since is None or self.since.astimezone(HANOI).date() <= day
        return begun and (self.until is None or day <= self.until.astimezone(HANOI).date())


class SealKeys(msgspec.Struct, frozen=True):
    """All that an authority has sealed with; none where it does not say."""

    keys: tuple[SealKey, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.keys)

    def open(self, text: str) -> SealClaims:
        """The claims of a genuine seal. Raises MalformedSeal: ForgedSeal where no key made it, or
        SealKeyNotInUse for a day on which its key sealed nothing, so that an old key that was
        stolen makes no new copies.
        """
        for key in self.keys:
            try:
                claims = open_seal(key.public, text)
            except ForgedSeal:
                continue
            if key.was_in_use_on(date.fromisoformat(claims.certified_on)):
                return claims
            raise SealKeyNotInUse("the seal's key was not in use on the day that it names")
        raise ForgedSeal("no key is known that made the seal")


def parse_jwks(content: bytes) -> tuple[SealKey, ...]:
    """Raises ValueError for what is no set of Ed25519 keys."""
    try:
        listed: Sequence[PublicJwk] = msgspec.json.decode(content, type=_Set).keys
        return tuple(_key_of(one) for one in listed)
    except (msgspec.MsgspecError, ValueError, OverflowError, OSError) as error:
        raise ValueError(f"no set of Ed25519 keys: {error}") from None


class _Set(msgspec.Struct, frozen=True):
    keys: tuple[PublicJwk, ...]


def jwk_of(key: SealKey) -> PublicJwk:
    """Its public form."""
    x = base64.urlsafe_b64encode(key.public.public_bytes_raw()).rstrip(b"=").decode("ascii")
    since, until = (
        None if moment is None else int(moment.timestamp()) for moment in (key.since, key.until)
    )
    return PublicJwk(kty="OKP", crv="Ed25519", x=x, kid=key.kid, nbf=since, exp=until)


def _key_of(jwk: PublicJwk) -> SealKey:
    raw = base64.b64decode(jwk.x + "=" * (-len(jwk.x) % 4), altchars=b"-_", validate=True)
    since, until = (
        None if second is None else datetime.fromtimestamp(second, UTC)
        for second in (jwk.nbf, jwk.exp)
    )
    return SealKey(public=Ed25519PublicKey.from_public_bytes(raw), since=since, until=until)
