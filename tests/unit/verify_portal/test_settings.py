"""What the portal reads from its environment."""

import pytest

from registry.settings import SettingsIncomplete
from verify_portal.settings import Settings

NEEDED = {"BANSAO_DATABASE_URL": "postgresql://db/bansao"}


def test_nobody_speaks_for_a_client_unless_named() -> None:
    assert Settings.from_env(NEEDED).trusted_proxies == ()
    assert Settings.from_env(NEEDED | {"BANSAO_TRUSTED_PROXIES": ""}).trusted_proxies == ()


def test_proxies_are_addresses_or_networks() -> None:
    proxies = {"BANSAO_TRUSTED_PROXIES": "127.0.0.1, 10.1.0.0/16,::1"}
    networks = ("127.0.0.1/32", "10.1.0.0/16", "::1/128")
    assert Settings.from_env(NEEDED | proxies).trusted_proxies == networks


@pytest.mark.parametrize("text", ["*", "proxy.example", "10.0.0.1/8", "127.0.0.1;10.0.0.1"])
def test_what_would_trust_the_wrong_ones_stops_the_start(text: str) -> None:
    with pytest.raises(SettingsIncomplete):
        Settings.from_env(NEEDED | {"BANSAO_TRUSTED_PROXIES": text})


def test_without_a_replica_the_primary_is_read() -> None:
    assert Settings.from_env(NEEDED).replica_url is None
    assert Settings.from_env(NEEDED | {"BANSAO_REPLICA_URL": ""}).replica_url is None
    replica = {"BANSAO_REPLICA_URL": "postgresql://replica/bansao"}
    assert Settings.from_env(NEEDED | replica).replica_url == "postgresql://replica/bansao"
