"""What `bansao verify` answers, and the trust that it starts from."""

import base64
import os
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from bansao.errors import WrongQuestion
from registry.log.policy import Policy
from registry.log.proof import ProofRefused
from registry.settings import SettingsIncomplete, trusted_policy


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """`verdict` and the rest of a verdict's JSON; `reasons` say it in words.

    `then` is the verdict of the past day that was asked for; only `valid`, of that day or else of
    now, is a success.
    """

    verdict: str
    fields: dict[str, object]
    reasons: list[str]
    then: str | None = None

    @property
    def is_valid(self) -> bool:
        return (self.then or self.verdict) == "valid"


def trusted_log(trust: Path) -> Policy:
    """Whose checkpoints are believed: BANSAO_POLICY, or what lies in the trust directory."""
    named = os.environ.get("BANSAO_POLICY")
    if not named and not (trust / "log.policy").exists():
        trusted_file(trust, "log.vkey")  # says where to get it
    try:
        return trusted_policy(trust, Path(named) if named else None)
    except SettingsIncomplete as refusal:
        raise WrongQuestion(str(refusal)) from None


def trusted_file(trust: Path, name: str) -> Path:
    """Raises WrongQuestion that says what is missing, and where to get it."""
    path = trust / name
    if not path.is_file():
        raise WrongQuestion(
            f"{path} is missing, a public key of the issuing authority: get it from there and name "
            "its directory with BANSAO_TRUST"
        )
    return path


def trusted_key(trust: Path, name: str) -> Ed25519PublicKey:
    """A public key (PEM) of the trust directory; raises WrongQuestion."""
    path = trusted_file(trust, name)
    key = load_pem_public_key(path.read_bytes())
    if not isinstance(key, Ed25519PublicKey):
        raise WrongQuestion(f"{path} holds no Ed25519 key")
    return key


def text_of(proof: Path) -> str:
    """A proof's text; raises ProofRefused for what is none."""
    try:
        return proof.read_text("utf-8")
    except UnicodeDecodeError:
        raise ProofRefused("not a text file") from None


def base64_root(root_hash: bytes) -> str:
    """As checkpoints write it."""
    return base64.b64encode(root_hash).decode("ascii")
