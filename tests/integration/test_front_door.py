"""The commands on a real database: one that they start themselves, and one that runs already."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bansao.cluster import configured_port
from bansao.keys import ensure_keys
from bansao.postgres import running_server
from registry.code import new_code
from schema.migrate import newest_revision
from tests.testkit.postgres import Server, copied, open_directory

ROOT = Path(__file__).parents[2]
OWN = {name: value for name, value in os.environ.items() if not name.startswith("BANSAO_")}


@pytest.fixture(scope="module")
def installed() -> Iterator[Path]:
    with open_directory() as directory:
        assert run("db", "migrate", data=directory)[:2] == (0, {"revision": newest_revision()})
        yield directory


@pytest.fixture
def data(installed: Path) -> Iterator[Path]:
    """The data directory of an installation with a migrated database, but without keys."""
    with copied(installed) as directory:
        yield directory


@pytest.fixture
def empty() -> Iterator[Path]:
    with open_directory() as directory:
        yield directory


def run(*arguments: str, data: Path, **variables: str) -> tuple[int, dict[str, Any], str]:
    """Exit code, the JSON object answered, and what standard error says."""
    done = subprocess.run(
        [sys.executable, "-m", "bansao", *arguments, "--json"],
        env=OWN | {"BANSAO_DATA": str(data)} | variables,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, json.loads(done.stdout), done.stderr


def test_a_command_has_the_database_for_its_own_duration(data: Path) -> None:
    assert running_server(data / "postgres") is None
    code, answer, told = run("audit", data=data)
    assert code == 1  # an audit that cannot check signatures must not look like a clean one
    assert "log.vkey" in told
    ensure_keys(data / "secrets", data / "trust", "bansao.localhost/log")
    code, answer, _ = run("audit", data=data)
    assert (code, answer["clean"], answer["entries"]) == (0, True, 0)
    assert running_server(data / "postgres") is None


def test_a_command_joins_the_database_that_runs(data: Path) -> None:
    ensure_keys(data / "secrets", data / "trust", "bansao.localhost/log")
    up = subprocess.Popen(
        [sys.executable, "-m", "bansao", "db", "up", "--json"],
        env=OWN | {"BANSAO_DATA": str(data)},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert up.stdout is not None
    told = json.loads(up.stdout.readline())
    assert run("db", "url", data=data)[1] == {"url": told["url"]}
    assert run("audit", data=data)[1]["clean"] is True
    assert running_server(data / "postgres") is not None
    up.send_signal(signal.SIGTERM)
    assert up.wait(60) == 0
    assert running_server(data / "postgres") is None


def test_revoking_what_is_not_registered_is_refused(data: Path) -> None:
    ensure_keys(data / "secrets", data / "trust", "bansao.localhost/log")
    decision = ("--decision", "12/QĐ-UBND", "--date", "2026-11-22")
    code, answer, _ = run("revoke", new_code(), *decision, data=data)
    assert (code, answer["error"]["code"]) == (1, "unknown_copy")
    code, answer, told = run("revoke", "0" * 17 + "1", *decision, data=data)
    assert (code, answer["error"]["code"]) == (1, "malformed_code")
    assert "character" in told


def test_any_postgresql_serves_that_is_named(server: Server, empty: Path) -> None:
    server.execute("CREATE DATABASE foreign_agency")
    try:
        named = {
            "BANSAO_DATABASE_URL": server.named("foreign_agency"),
            "BANSAO_SECRETS": str(server.secrets),
        }
        ensure_keys(empty / "secrets", empty / "trust", "bansao.localhost/log")
        code, answer, told = run("audit", data=empty, **named)
        assert (code, answer["error"]["code"]) == (1, "schema_outdated")
        assert "bansao db migrate" in told
        assert run("db", "migrate", data=empty, **named)[0] == 0
        assert run("audit", data=empty, **named)[1]["clean"] is True
        _, answer, _ = run("db", "url", data=empty, **named)
        assert "@" not in answer["url"]
        assert not (empty / "postgres").exists()
    finally:
        server.execute("DROP DATABASE foreign_agency WITH (FORCE)")


def test_a_server_that_does_not_answer_is_named_without_its_password(empty: Path) -> None:
    absent = "postgresql://postgres:secret-word@127.0.0.1:1/bansao"
    code, answer, told = run("db", "migrate", data=empty, BANSAO_DATABASE_URL=absent)
    assert (code, answer["error"]["code"]) == (1, "database_unreachable")
    assert "secret-word" not in told
    assert len(told.splitlines()) == 1


def test_an_interrupted_command_stops_its_database(data: Path) -> None:
    kept = configured_port(data / "postgres")
    up = subprocess.Popen(
        [sys.executable, "-m", "bansao", "db", "up"],
        env=OWN | {"BANSAO_DATA": str(data)},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert up.stdout is not None
    assert up.stdout.readline().strip() == f"postgresql://127.0.0.1:{kept}/bansao"
    up.send_signal(signal.SIGINT)
    assert up.wait(60) == 0
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(f"postgresql://127.0.0.1:{kept}/bansao")
