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
def test_its_command_is_one_of_ours(name: str) -> None:
    """The arguments parse as `bansao` would parse them, down to the last option."""
    words = [str(word) for word in OURS[name]["command"]]
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
        "publisher": {"db_registry_publisher", "log_key.pem"},
        "worker": reader
        | {"db_registry_writer", "qr_seal_key.pem", "seal.p12", "seal.pass"}
        | officers,
        "kiosk": reader,
        "desk": reader | {"session_key"},
        "portal": {"db_registry_reader"},
        "analytics": {"db_analytics_reader"},
    }
    declared = COMPOSE["secrets"]
    assert set(declared) == set().union(*given.values())
    for name, secret in declared.items():
        assert secret["file"] == f"./deploy/secrets/{name}"


def test_no_address_carries_a_password() -> None:
    for service in OURS.values():
        assert not re.search(r"//[^/@]*:[^/@]*@", service["environment"]["BANSAO_DATABASE_URL"])


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
