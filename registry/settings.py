"""What the registry reads from its environment, once per process."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from cryptography.x509 import Certificate, load_pem_x509_certificates

from registry.errors import RegistryError
from registry.jws import key_id
from registry.log.note import NoteRefused
from registry.log.policy import Policy, PolicyRefused, parse_policy, policy_of_log
from registry.seal_keys import SealKey, SealKeys, parse_jwks


class SettingsIncomplete(RegistryError):
    """A variable or a secret that the registry needs is missing."""

    code = "settings-incomplete"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """`database_url` without credentials that matter: each role logs in with its own secret.

    `policy_file` is None where the trust directory's own policy, if any, counts. `portal_url` is
    where the status lists are served, which is their name.
    """

    database_url: str
    secrets: Path
    trust: Path
    origin: str
    policy_file: Path | None = None
    tsa_url: str | None = None
    portal_url: str = "http://127.0.0.1:8003"

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Settings":
        """Reads BANSAO_DATABASE_URL, BANSAO_DATA, BANSAO_SECRETS, BANSAO_TRUST, BANSAO_ORIGIN,
        BANSAO_POLICY, BANSAO_TSA_URL and BANSAO_PORTAL_URL.
        """
        root = Path(env.get("BANSAO_DATA", "./.bansao"))
        if not (url := env.get("BANSAO_DATABASE_URL")):
            raise SettingsIncomplete("BANSAO_DATABASE_URL is not set")
        return cls(
            database_url=url,
            secrets=Path(env.get("BANSAO_SECRETS", root / "secrets")),
            trust=Path(env.get("BANSAO_TRUST", root / "trust")),
            origin=env.get("BANSAO_ORIGIN", "bansao.localhost/log"),
            policy_file=Path(named) if (named := env.get("BANSAO_POLICY")) else None,
            tsa_url=env.get("BANSAO_TSA_URL") or None,
            portal_url=env.get("BANSAO_PORTAL_URL", "http://127.0.0.1:8003"),
        )

    def role_url(self, role: str) -> str:
        """The database address for one role, its password taken from `secrets/db_<role>`."""
        parts = urlsplit(self.database_url)
        password = quote(self._secret(f"db_{role}").decode().strip(), safe="")
        host = parts.netloc.rpartition("@")[2]
        return urlunsplit(parts._replace(netloc=f"{role}:{password}@{host}"))

    def log_key(self) -> Ed25519PrivateKey:
        """The key that signs checkpoints."""
        return self._ed25519("log_key.pem")

    def qr_seal_key(self) -> Ed25519PrivateKey:
        """The key that signs the seals in QR codes."""
        return self._ed25519("qr_seal_key.pem")

    def status_list_key(self) -> Ed25519PrivateKey | None:
        """The key that signs status lists; None in an installation from before there were any."""
        return self._ed25519_if_there("status_list_key.pem")

    def receipt_key(self) -> Ed25519PrivateKey | None:
        """The key that signs the portal's receipts; None in an installation that makes none."""
        return self._ed25519_if_there("receipt_key.pem")

    def policy(self) -> Policy:
        """Whose checkpoints count, and with whose cosignatures; raises SettingsIncomplete."""
        return trusted_policy(self.trust, self.policy_file)

    def tsa_roots(self) -> list[Certificate]:
        """The certificates above the time-stamp authority's: `tsa.pem` in the trust directory, or
        `root.pem` where the authority is of our own house. Raises SettingsIncomplete.
        """
        path = self.trust / "tsa.pem"
        if not path.exists():
            path = self.trust / "root.pem"
        try:
            return load_pem_x509_certificates(path.read_bytes())
        except OSError as error:
            raise SettingsIncomplete(f"{path} cannot be read ({error.strerror})") from None
        except ValueError:
            raise SettingsIncomplete(f"{path} holds no PEM certificates") from None

    def _ed25519_if_there(self, name: str) -> Ed25519PrivateKey | None:
        return self._ed25519(name) if (self.secrets / name).exists() else None

    def _ed25519(self, name: str) -> Ed25519PrivateKey:
        key = load_pem_private_key(self._secret(name), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise SettingsIncomplete(f"{name} is not an Ed25519 key")
        return key

    def _secret(self, name: str) -> bytes:
        try:
            return (self.secrets / name).read_bytes()
        except FileNotFoundError:
            raise SettingsIncomplete(f"the secret {name} is missing") from None


def trusted_policy(trust: Path, named: Path | None = None) -> Policy:
    """The policy (C2SP tlog-policy) of the file `named`, else of `log.policy` in the directory
    `trust`, else trust in its `log.vkey` alone. Raises SettingsIncomplete.
    """
    path = named or trust / "log.policy"
    try:
        if named is None and not path.exists():
            path = trust / "log.vkey"
            return policy_of_log(path.read_text("utf-8"))
        return parse_policy(path.read_bytes())
    except OSError as error:
        raise SettingsIncomplete(f"{path} cannot be read ({error.strerror})") from None
    except (PolicyRefused, NoteRefused, UnicodeDecodeError) as refusal:
        raise SettingsIncomplete(f"{path}: {refusal}") from None


def trusted_seal_keys(trust: Path) -> SealKeys:
    """The keys in the directory `trust` that seals are believed under: `qr_seal.vkey.pem`, which
    is in use, and those of `qr_seal.jwks.json`, with the time that each was. Raises
    SettingsIncomplete.
    """
    keys = _former_seal_keys(trust / "qr_seal.jwks.json")
    present = trusted_ed25519(trust / "qr_seal.vkey.pem")
    if present is not None and key_id(present) not in {key.kid for key in keys}:
        keys = (SealKey(public=present), *keys)
    return SealKeys(keys)


def trusted_ed25519(path: Path) -> Ed25519PublicKey | None:
    """A public key's file (PEM); None where there is none. Raises SettingsIncomplete."""
    if not path.exists():
        return None
    try:
        key = load_pem_public_key(path.read_bytes())
    except (OSError, ValueError) as error:
        raise SettingsIncomplete(f"{path} cannot be read ({type(error).__name__})") from None
    if not isinstance(key, Ed25519PublicKey):
        raise SettingsIncomplete(f"{path} holds no Ed25519 key")
    return key


def _former_seal_keys(path: Path) -> tuple[SealKey, ...]:
    if not path.exists():
        return ()
    try:
        return parse_jwks(path.read_bytes())
    except (OSError, ValueError) as error:
        raise SettingsIncomplete(f"{path}: {error}") from None
