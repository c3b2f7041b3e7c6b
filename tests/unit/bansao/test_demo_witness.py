"""The demo lists its witness for everybody, and never overwrites what somebody else decided."""

from pathlib import Path

import pytest

from bansao.demo_witness import ensure_witness
from bansao.keys import ensure_keys
from bansao.settings import Settings
from registry.log.cosignature import parse_cosigner
from registry.settings import Settings as RegistrySettings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings.from_env({"BANSAO_DATA": str(tmp_path)})
    ensure_keys(settings.secrets, settings.trust, settings.origin)
    return settings


def registry(settings: Settings) -> RegistrySettings:
    return RegistrySettings.from_env(settings.room_environment("postgresql://db/bansao"))


def test_its_policy_is_what_the_registry_reads(settings: Settings) -> None:
    arguments = ensure_witness(settings, "http://127.0.0.1:8003", "http://127.0.0.1:8006")
    policy = registry(settings).policy()
    assert [log.url for log in policy.logs] == ["http://127.0.0.1:8003/log"]
    [witness] = policy.witnesses
    vkey = (settings.data / "witness" / "witness.vkey").read_text().strip()
    assert witness.cosigner == parse_cosigner(vkey)
    assert witness.url == "http://127.0.0.1:8006"
    assert policy.met_by([]), "a demo whose witness is down still publishes"
    assert arguments == [
        *("witness", "--data", str(settings.data / "witness")),
        *("--policy", str(settings.trust / "log.policy"), "--listen", "127.0.0.1:8006"),
    ]


def test_the_next_start_keeps_the_key_and_takes_the_new_ports(settings: Settings) -> None:
    ensure_witness(settings, "http://127.0.0.1:8003", "http://127.0.0.1:8006")
    first = registry(settings).policy()
    ensure_witness(settings, "http://127.0.0.1:9003", "http://127.0.0.1:9006")
    second = registry(settings).policy()
    assert first.witnesses[0].cosigner == second.witnesses[0].cosigner
    assert second.witnesses[0].url == "http://127.0.0.1:9006"


def test_a_policy_of_somebody_elses_is_kept(settings: Settings) -> None:
    mine = f"log {(settings.trust / 'log.vkey').read_text().strip()}\nquorum none\n"
    (settings.trust / "log.policy").write_text(mine)
    ensure_witness(settings, "http://127.0.0.1:8003", "http://127.0.0.1:8006")
    assert (settings.trust / "log.policy").read_text() == mine
