"""docker-compose.yml and Dockerfile speak of what exists. No engine runs here to try them."""

import re
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from bansao.cli import bansao
from bansao.demo_site import OFFICERS
from bansao.ports import BACKGROUND, PORTS
from schema.roles import LOGIN_ROLES

ROOT = Path(__file__).parents[3]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "bansao"}
SOURCES = [
    path.read_text("utf-8")
    for room in ("registry", "intake", "verify_portal", "analytics", "schema", "bansao")
    for path in (ROOT / room).rglob("*.py")
]


def names_read_by_the_code() -> set[str]:
    return {name for text in SOURCES for name in re.findall(r"\bBANSAO_[A-Z_]+\b", text)}


def test_every_room_is_a_service() -> None:
    rooms = {*PORTS, *BACKGROUND} - {"tsa"}  # the demo's own; production names a real authority
    assert set(OURS) == rooms | {"migrate"}
    assert set(SERVICES) == set(OURS) | {"db"}


@pytest.mark.parametrize("name", OURS)
def test_its_command_is_one_of_ours(name: str, tmp_path: Path) -> None:
    """The arguments parse as `bansao` would parse them, down to the last option."""
    (tmp_path / "log.policy").touch()
    words = [str(word).replace("/trust", str(tmp_path)) for word in OURS[name]["command"]]
    command: click.Command = bansao
    context = click.Context(bansao)
    while isinstance(command, click.Group):
        found = command.get_command(context, words.pop(0))
        assert found is not None
        command = found
    command.make_context(name, words).close()


@pytest.mark.parametrize("name", OURS)
def test_its_variables_are_read_somewhere(name: str) -> None:
    assert set(OURS[name]["environment"]) <= names_read_by_the_code()


@pytest.mark.parametrize("name", OURS)
def test_it_is_confined(name: str) -> None:
    service = OURS[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not service.get("privileged")
    for published in service.get("ports", []):
        assert published.startswith("127.0.0.1:")


@pytest.mark.parametrize("name", SERVICES)
def test_it_has_a_health_check_or_ends(name: str) -> None:
    assert "healthcheck" in SERVICES[name] or name == "migrate"


def test_each_service_gets_its_own_secrets_only() -> None:
    given = {name: set(service.get("secrets", [])) for name, service in SERVICES.items()}
    officers = {f"officer_{one.username}.{kind}" for one in OFFICERS for kind in ("p12", "pass")}
    reader = {"db_intake_app", "db_registry_reader"}
    assert given == {
        "db": {"db_postgres"},
        "migrate": {"db_postgres"} | {f"db_{role}" for role in LOGIN_ROLES},
        "publisher": {"db_registry_publisher", "log_key.pem", "status_list_key.pem"},
        "worker": reader
        | {"db_registry_writer", "qr_seal_key.pem", "seal.p12", "seal.pass"}
        | officers,
        "kiosk": reader,
        "desk": reader | {"session_key"},
        "portal": {"db_registry_reader", "db_portal_agency", "db_portal_limiter"}
        | {"receipt_key.pem", "portal.p12", "portal.pass"},
        "analytics": {"db_analytics_reader"},
        "witness": set(),  # its key is its own, and lies in its own volume
    }
    declared = COMPOSE["secrets"]
    assert set(declared) == set().union(*given.values())
    for name, secret in declared.items():
        assert secret["file"] == f"./deploy/secrets/{name}"


def test_no_address_carries_a_password() -> None:
    for service in OURS.values():
        for value in service["environment"].values():
            assert not re.search(r"//[^/@]*:[^/@]*@", value)


def test_the_witness_shares_nothing_with_the_log_but_what_is_public() -> None:
    """Else whoever has the log's machine has its conscience too; elsewhere is better still."""
    witness, others = OURS["witness"], [one for name, one in OURS.items() if name != "witness"]
    [trust, memory] = witness["volumes"]
    assert trust == COMPOSE["x-trust"]
    assert trust["read_only"] is True
    assert not any(memory in service.get("volumes", []) for service in others)
    assert "BANSAO_DATABASE_URL" not in witness["environment"]
    volume, directory = memory.split(":")
    assert volume in COMPOSE["volumes"]
    assert f"--data={directory}" in witness["command"]
    assert f" {directory}" in (ROOT / "Dockerfile").read_text("utf-8"), "owned by its user"


def test_who_judges_by_the_policy_can_read_it() -> None:
    for name in ("publisher", "portal", "witness", "worker"):
        assert COMPOSE["x-trust"] in OURS[name]["volumes"]
    assert f"--policy={COMPOSE['x-trust']['target']}/log.policy" in OURS["witness"]["command"]


def test_checkpoints_are_stamped_by_the_authority_that_stamps_copies() -> None:
    authority = OURS["worker"]["environment"]["BANSAO_TSA_URL"]
    assert OURS["publisher"]["environment"]["BANSAO_TSA_URL"] == authority


def test_ports_are_those_of_the_code() -> None:
    for name, service in OURS.items():
        for published in service.get("ports", []):
            assert published == f"127.0.0.1:{PORTS[name]}:{PORTS[name]}"
            assert f":{PORTS[name]}/" in " ".join(service["healthcheck"]["test"])


def test_the_image_is_installed_from_the_locks_and_is_not_root() -> None:
    text = (ROOT / "Dockerfile").read_text("utf-8")
    assert "\nUSER bansao\n" in text
    assert '\nENTRYPOINT ["bansao"]\n' in text
    assert "make setup" in text
    for variable in re.findall(r"\bBANSAO_[A-Z]+\b", text):
        assert variable in names_read_by_the_code()
    for copied in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE):
        for source in copied.split():
            assert (ROOT / source).exists()
