"""The public keys behind this portal's answers, for whoever checks without asking it.

A JWK Set (RFC 7517). `purpose` says what a key signs; the log's key has a form of its own, which
its readers want (C2SP signed-note).
"""

from pathlib import Path
from typing import Literal

import msgspec

from registry.seal_keys import SealKey, jwk_of
from registry.settings import trusted_ed25519, trusted_seal_keys


class PublishedKey(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`x` is the key in base64url, `kid` its thumbprint (RFC 7638), `nbf` and `exp` the POSIX
    seconds between which it signed; neither where it is in use with no end set.
    """

    kty: Literal["OKP"]
    crv: Literal["Ed25519"]
    alg: Literal["EdDSA"]
    use: Literal["sig"]
    purpose: Literal["seal", "status-list"]
    kid: str
    x: str
    nbf: int | None = None
    exp: int | None = None


class LogKey(msgspec.Struct, frozen=True, kw_only=True):
    """`vkey` is a verifier key line (C2SP signed-note)."""

    vkey: str


class PublishedKeys(msgspec.Struct, frozen=True, kw_only=True):
    """`log` is null where the log is trusted by a policy file alone."""

    keys: tuple[PublishedKey, ...]
    log: LogKey | None


def published_keys(trust: Path) -> PublishedKeys:
    """From the trust directory. Raises the registry's SettingsIncomplete."""
    seals = [_published(key, "seal") for key in trusted_seal_keys(trust).keys]
    status = trusted_ed25519(trust / "status_list.vkey.pem")
    lists = [] if status is None else [_published(SealKey(public=status), "status-list")]
    vkey = trust / "log.vkey"
    log = LogKey(vkey=vkey.read_text("utf-8").strip()) if vkey.exists() else None
    return PublishedKeys(keys=(*seals, *lists), log=log)


def _published(key: SealKey, purpose: Literal["seal", "status-list"]) -> PublishedKey:
    jwk = jwk_of(key)
    return PublishedKey(
        kty=jwk.kty,
        crv=jwk.crv,
        alg="EdDSA",
        use="sig",
        purpose=purpose,
        kid=jwk.kid,
        x=jwk.x,
        nbf=jwk.nbf,
        exp=jwk.exp,
    )
