"""The dashboard's settings, read once per process from the environment."""

import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import msgspec

from analytics.errors import NotConfigured

ROLE = "analytics_reader"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Where the views are, where this role's password lies, where fonts are."""

    database_url: str
    secrets: Path
    assets: Path

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Settings":
        """Never fails: a dashboard without a database still shows a page that says so."""
        data = Path(env.get("BANSAO_DATA") or ".bansao")
        return cls(
            database_url=env.get("BANSAO_DATABASE_URL", ""),
            secrets=Path(env.get("BANSAO_SECRETS") or data / "secrets"),
            assets=Path(env.get("BANSAO_ASSETS") or Path(sys.prefix) / "npm" / "node_modules"),
        )

    def role_url(self) -> str:
        """The database's address with this room's own role in place of whatever user it named.

        Raise `NotConfigured` when no database is named or the role's password is not there.
        """
        if not self.database_url:
            raise NotConfigured("BANSAO_DATABASE_URL is not set")
        try:
            password = (self.secrets / f"db_{ROLE}").read_text(encoding="ascii").strip()
        except OSError as failure:
            raise NotConfigured(f"no password for {ROLE}: {failure.strerror}") from failure
        parts = urlsplit(self.database_url)
        place = parts.netloc.rpartition("@")[2]
        return urlunsplit(parts._replace(netloc=f"{ROLE}:{quote(password, safe='')}@{place}"))
