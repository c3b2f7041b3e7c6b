"""What intake reads from its environment, once per process."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import msgspec

from intake.erasure.policy import Policy
from registry.settings import Settings as RegistrySettings

ROLE = "intake_app"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """`cache` holds what can be made again; `assets` is a node_modules directory; `unit_code` the
    unit whose kiosk this is, if named.

    `dossier_number` is a format of `unit` (code), `day` (local date) and `serial`: agencies' own
    numbering differs from place to place.
    """

    registry: RegistrySettings
    blobs: Path
    cache: Path
    assets: Path
    tsa_url: str | None
    portal_url: str
    kiosk_url: str
    desk_url: str
    unit_code: str | None
    dossier_number: str
    retention: Policy

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> "Settings":
        """Reads BANSAO_DATA, _DATABASE_URL, _SECRETS, _BLOBS, _ASSETS, _TSA_URL, _PORTAL_URL,
        _KIOSK_URL, _DESK_URL, _UNIT, _DOSSIER_NUMBER and _KEEP_*; raises registry's
        SettingsIncomplete.
        """
        root = Path(env.get("BANSAO_DATA", "./.bansao"))
        return cls(
            registry=RegistrySettings.from_env(env),
            blobs=Path(env.get("BANSAO_BLOBS", root / "blobs")),
            cache=root / "cache",
            assets=Path(env.get("BANSAO_ASSETS", Path(sys.prefix) / "npm" / "node_modules")),
            tsa_url=env.get("BANSAO_TSA_URL") or None,
            portal_url=env.get("BANSAO_PORTAL_URL", "http://127.0.0.1:8003"),
            kiosk_url=env.get("BANSAO_KIOSK_URL", "http://127.0.0.1:8001"),
            desk_url=env.get("BANSAO_DESK_URL", "http://127.0.0.1:8002"),
            unit_code=env.get("BANSAO_UNIT") or None,
            dossier_number=env.get("BANSAO_DOSSIER_NUMBER", "H26.{unit}-{day:%y%m%d}-{serial:04d}"),
            retention=Policy.from_env(env),
        )

    @property
    def database_url(self) -> str:
        """The database as this room's own role."""
        return self.registry.role_url(ROLE)

    @property
    def session_key(self) -> str:
        """Signs the desk's CSRF tokens; the front door makes it once."""
        return (self.registry.secrets / "session_key").read_text("ascii").strip()
