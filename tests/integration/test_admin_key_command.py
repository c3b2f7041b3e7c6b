"""`bansao admin key`: made and shown once, listed, ended; the trail read."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner

from bansao.cli import bansao, explain
from bansao.settings import Settings
from registry.code import code_hash
from tests.testkit.copies import registered
from tests.testkit.postgres import Database
from verify_portal.agency.key import read_key

Run = Callable[..., Any]
ADD = ("add", "Ngân hàng Thử", "--scope", "facts", "--until", "2099-12-31")


@pytest.fixture
def admin_key(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `bansao admin key …` and gives its result."""
    named = {
        "BANSAO_DATA": str(tmp_path),
        "BANSAO_DATABASE_URL": database.url,
        "BANSAO_SECRETS": str(database.secrets),
        "BANSAO_ADMIN": "Trần Văn Quản",
    }
    for name, value in (Settings.from_env(named).room_environment(database.url) | named).items():
        monkeypatch.setenv(name, value)
    return lambda *words: CliRunner().invoke(bansao, ["admin", "key", *words])


def answered(admin_key: Run, *words: str) -> Any:
    ended = admin_key(*words, "--json")
    assert ended.exit_code == 0, ended.output
    return json.loads(ended.output)


def test_a_key_is_shown_once_alone_on_its_line(admin_key: Run, database: Database) -> None:
    made = admin_key(*ADD)
    (line,) = made.stdout.splitlines()
    key = read_key(line)
    assert key.id in made.stderr
    assert line not in made.stderr
    (listed,) = answered(admin_key, "list")["keys"]
    assert listed["id"] == key.id
    assert listed["entered_by"] == "Trần Văn Quản"
    assert listed["until"] == "2100-01-01T00:00:00+07:00"
    assert line not in json.dumps(listed)
    with psycopg.connect(database.superuser_url) as owner:
        row = owner.execute("SELECT agency_key::text FROM portal.agency_key").fetchone()
    assert row is not None
    assert line[13:] not in row[0]
    assert key.presented.hex() not in row[0]


def test_an_ended_key_stays_in_the_list_with_its_reason(admin_key: Run) -> None:
    key_id = answered(admin_key, *ADD)["id"]
    end = ("end", key_id, "--reason", "QĐ 7/QĐ-UBND")
    assert answered(admin_key, *end) == {"id": key_id, "new": True}
    assert answered(admin_key, *end) == {"id": key_id, "new": False}
    (listed,) = answered(admin_key, "list")["keys"]
    assert listed["reason"] == "QĐ 7/QĐ-UBND"
    assert listed["ended_by"] == "Trần Văn Quản"
    assert listed["ended_at"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("end", "zzzzzzzz", "--reason", "x"), "no agency key zzzzzzzz"),
        (("add", "X", "--scope", "facts", "--until", "2020-01-01"), "2020-01-01 is over"),
    ],
)
def test_a_slip_is_told_and_enters_nothing(admin_key: Run, words: Any, told: str) -> None:
    failure = admin_key(*words).exception
    assert told in explain(failure)[1]
    assert answered(admin_key, "list")["keys"] == []


def test_the_trail_tells_who_saw_which_copy(admin_key: Run, database: Database) -> None:
    mine, other = asyncio.run(registered(database, 2))
    made = answered(admin_key, *ADD)
    key = read_key(made["key"])
    with psycopg.connect(database.role_url("portal_agency"), autocommit=True) as portal:
        for copy in (mine, other):
            hashed = code_hash(copy.code)
            seen = (key.id, key.presented, hashed)
            portal.execute("SELECT portal.facts_by_key(%s, %s, %s)", seen)
        portal.execute("SELECT portal.facts_by_paper('name', %s)", (code_hash(mine.code),))
    trail = answered(admin_key, "trail", "--code", mine.code)
    assert [(one["means"], one["agency"]) for one in trail["accesses"]] == [
        ("name", None),
        ("key", "Ngân hàng Thử"),
    ]
    trail = answered(admin_key, "trail", "--key", key.id)
    assert {one["code_hash"] for one in trail["accesses"]} == {
        code_hash(copy.code).hex() for copy in (mine, other)
    }
