"""What the portal reads from its environment, once per process."""

import ipaddress
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from registry.settings import Settings as RegistrySettings
from registry.settings import SettingsIncomplete


class Settings(Struct, frozen=True, kw_only=True):
    """`portal_url` is the address printed in copies; `assets` a node_modules directory; `blobs` is
    where intake keeps signed PDFs, encrypted.

    `trusted_proxies` are the networks whose X-Forwarded-For names the client. `replica_url` is the
    address of a streaming replica, as `registry.database_url` is the primary's.
    """

    registry: RegistrySettings
    assets: Path
    blobs: Path
    portal_url: str
    log_level: str
    trusted_proxies: tuple[str, ...] = ()
    replica_url: str | None = None

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> "Settings":
        """Reads BANSAO_DATA, _DATABASE_URL, _SECRETS, _TRUST, _ORIGIN, _ASSETS, _BLOBS,
        _PORTAL_URL, _LOG_LEVEL, _REPLICA_URL and _TRUSTED_PROXIES (addresses or networks, comma
        between); raises the registry's SettingsIncomplete.
        """
        data = Path(env.get("BANSAO_DATA", "./.bansao"))
        return cls(
            registry=RegistrySettings.from_env(env),
            assets=Path(env.get("BANSAO_ASSETS", Path(sys.prefix) / "npm" / "node_modules")),
            blobs=Path(env.get("BANSAO_BLOBS", data / "blobs")),
            portal_url=env.get("BANSAO_PORTAL_URL", "http://127.0.0.1:8003"),
            log_level=env.get("BANSAO_LOG_LEVEL", "INFO"),
            trusted_proxies=_networks(env.get("BANSAO_TRUSTED_PROXIES", "")),
            replica_url=env.get("BANSAO_REPLICA_URL") or None,
        )


def _networks(text: str) -> tuple[str, ...]:
    """No names and no `*`: whoever is believed here chooses whose limits apply to it."""
    try:
        return tuple(
            str(ipaddress.ip_network(one.strip())) for one in text.split(",") if one.strip()
        )
    except ValueError:
        raise SettingsIncomplete(
            "BANSAO_TRUSTED_PROXIES takes IP addresses or networks, a comma between them"
        ) from None
