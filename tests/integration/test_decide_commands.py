"""`bansao revoke|suspend|reinstate|supersede`: what an officer's assistant types, and reads."""

import asyncio
import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner

from bansao.cli import bansao, explain
from bansao.hanoi import enter_units, hanoi_units
from bansao.keys import ensure_keys
from registry.lookup import Found, find_by_code
from tests.testkit.copies import ORIGIN, UNIT, registered, store_of
from tests.testkit.postgres import Database

Say = Callable[..., dict[str, Any]]


@pytest.fixture
def say(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Say:
    """Runs a command with `--json`; a failure is what the front door makes of it."""
    shutil.copytree(database.secrets, tmp_path / "secrets")
    ensure_keys(tmp_path / "secrets", tmp_path / "trust", ORIGIN)
    for name, value in {
        "BANSAO_DATA": str(tmp_path),
        "BANSAO_DATABASE_URL": database.url,
        "BANSAO_SECRETS": str(tmp_path / "secrets"),
        "BANSAO_ORIGIN": ORIGIN,
        "LOGNAME": "clerk",
    }.items():
        monkeypatch.setenv(name, value)

    def run(*told: str, decision: str = "12/QĐ-UBND", on: str = "2026-11-20") -> dict[str, Any]:
        arguments = [*told, "--decision", decision, "--date", on, "--json"]
        done = CliRunner().invoke(bansao, arguments)
        if isinstance(done.exception, Exception):
            code, message = explain(done.exception)
            return {"error": code, "message": message}
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    return run


def codes(database: Database, count: int) -> list[str]:
    return [copy.code for copy in asyncio.run(registered(database, count))]


def found(database: Database, code: str) -> Found:
    async def find() -> Found | None:
        async with store_of(database, "registry_reader") as reader:
            return await find_by_code(reader, code)

    one = asyncio.run(find())
    assert one is not None
    return one


def officers(database: Database) -> list[tuple[Any, ...]]:
    with psycopg.connect(database.superuser_url) as connection:
        return connection.execute("TABLE registry.change ORDER BY entry_index").fetchall()


def seat_chairmen(database: Database) -> None:
    """`an` until June 2026, `binh` from then on. Copies from before are nobody's to question."""
    june = datetime(2026, 6, 1, tzinfo=UTC)

    async def seat() -> None:
        async with store_of(database, "registry_admin") as store:
            await enter_units(store, [hanoi_units()[UNIT]], by="test")
            async with store.entering() as entering:
                for officer, begin, end in (
                    ("an", datetime(2026, 1, 1, tzinfo=UTC), june),
                    ("binh", june, None),
                ):
                    await entering.officer(officer, full_name=officer.title(), by="test")
                    await entering.position(
                        officer,
                        unit_code=UNIT,
                        office="chairman",
                        title="CHỦ TỊCH",
                        valid_from=begin,
                        valid_until=end,
                        by="test",
                    )

    asyncio.run(seat())


def test_a_copy_goes_through_its_life_by_commands(database: Database, say: Say) -> None:
    code, other = codes(database, 2)
    seat_chairmen(database)
    for act, verdict in (("suspend", "suspended"), ("reinstate", "valid"), ("revoke", "revoked")):
        answer = say(act, code, decision=f"{act}/QĐ")
        index = answer.pop("index")
        assert answer == {
            "code": code,
            "verdict": verdict,
            "decision": f"{act}/QĐ",
            "date": "2026-11-20",
            "decided_by": "binh",
        }
        status = found(database, code).status
        assert (status.verdict, status.decision) == (verdict, f"{act}/QĐ")
        assert officers(database)[-1] == (index, "binh", "clerk")
    answer = say("supersede", other, "--successor", code)
    assert answer["error"] == "illegal_successor"


def test_who_was_chairman_on_the_day_of_the_decision_decided(database: Database, say: Say) -> None:
    code, other = codes(database, 2)
    seat_chairmen(database)
    assert say("supersede", code, "--successor", other, on="2026-05-31")["decided_by"] == "an"
    assert found(database, code).status.successor == found(database, other).entry.code_hash
    before = say("revoke", code, on="2025-12-31")
    assert before["error"] == "no_chairman"
    stranger = say("revoke", code, "--by", "chi")
    assert stranger["error"] == "unknown_officer"
    assert [row[1] for row in officers(database)] == ["an"]


def test_without_authority_data_the_officer_must_be_named(database: Database, say: Say) -> None:
    [code] = codes(database, 1)
    assert say("revoke", code)["error"] == "no_chairman"
    assert say("revoke", code, "--by", "an")["decided_by"] == "an"


def test_the_same_once_more_is_the_same_answer_and_anything_else_is_told_why(
    database: Database, say: Say
) -> None:
    [code] = codes(database, 1)
    first = say("revoke", code, "--by", "an")
    assert say("revoke", code, "--by", "an") == first
    assert len(officers(database)) == 1
    late = say("suspend", code, "--by", "an", decision="13/QĐ-UBND")
    assert late["error"] == "illegal_transition"
    assert "revoked by 12/QĐ-UBND of 2026-11-20 cannot be suspended" in late["message"]
    assert say("revoke", code, "--by", "an", on="2999-01-01")["error"] == "malformed_entry"
