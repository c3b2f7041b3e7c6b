"""What the portal reads from its environment, once per process."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from registry.settings import Settings as RegistrySettings


class Settings(Struct, frozen=True, kw_only=True):
    """`portal_url` is the address printed in copies; `assets` a node_modules directory."""

    registry: RegistrySettings
    assets: Path
    portal_url: str
    log_level: str

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> "Settings":
        """Reads BANSAO_DATA, _DATABASE_URL, _SECRETS, _TRUST, _ORIGIN, _ASSETS, _PORTAL_URL and
        _LOG_LEVEL; raises the registry's SettingsIncomplete.
        """
        return cls(
            registry=RegistrySettings.from_env(env),
            assets=Path(env.get("BANSAO_ASSETS", Path(sys.prefix) / "npm" / "node_modules")),
            portal_url=env.get("BANSAO_PORTAL_URL", "http://127.0.0.1:8003"),
            log_level=env.get("BANSAO_LOG_LEVEL", "INFO"),
        )
