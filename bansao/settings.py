"""Where everything of this installation lies: what the front door reads from BANSAO_*."""

from collections.abc import Mapping
from pathlib import Path

import msgspec


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Absolute paths; `database_url` is None when the embedded PostgreSQL serves."""

    data: Path
    secrets: Path
    trust: Path
    blobs: Path
    database_url: str | None
    origin: str
    portal_url: str | None
    tsa_url: str | None
    log_level: str

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Settings":
        """Reads BANSAO_DATA, _SECRETS, _TRUST, _BLOBS, _DATABASE_URL, _ORIGIN, _PORTAL_URL,
        _TSA_URL and _LOG_LEVEL; an empty variable counts as absent."""
        data = Path(env.get("BANSAO_DATA") or ".bansao").absolute()
        return cls(
            data=data,
            secrets=Path(env.get("BANSAO_SECRETS") or data / "secrets").absolute(),
            trust=Path(env.get("BANSAO_TRUST") or data / "trust").absolute(),
            blobs=Path(env.get("BANSAO_BLOBS") or data / "blobs").absolute(),
            database_url=env.get("BANSAO_DATABASE_URL") or None,
            origin=env.get("BANSAO_ORIGIN") or "bansao.localhost/log",
            portal_url=env.get("BANSAO_PORTAL_URL") or None,
            tsa_url=env.get("BANSAO_TSA_URL") or None,
            log_level=(env.get("BANSAO_LOG_LEVEL") or "INFO").upper(),
        )

    @property
    def portal_address(self) -> Path:
        """Where a demo leaves its portal's address: what is issued later must print the same."""
        return self.data / "portal_url"

    def room_environment(self, database_url: str) -> dict[str, str]:
        """The variables from which a room, here or in a child process, reads its own settings."""
        variables = {
            "BANSAO_DATA": str(self.data),
            "BANSAO_SECRETS": str(self.secrets),
            "BANSAO_TRUST": str(self.trust),
            "BANSAO_BLOBS": str(self.blobs),
            "BANSAO_DATABASE_URL": database_url,
            "BANSAO_ORIGIN": self.origin,
            "BANSAO_LOG_LEVEL": self.log_level,
        }
        named = {"BANSAO_PORTAL_URL": self.portal_url, "BANSAO_TSA_URL": self.tsa_url}
        return variables | {name: value for name, value in named.items() if value}
