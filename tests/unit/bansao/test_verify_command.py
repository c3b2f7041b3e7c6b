"""`bansao verify`: what it prints and when it succeeds, with made-up answers."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bansao import verify
from bansao.commands.verify import command
from bansao.verification import Verification
from registry.code import new_code

CODE = new_code()


@pytest.fixture
def days(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[date | None]:
    """Of what day the registry, a fake here, was asked; it was valid then and is revoked now."""
    asked: list[date | None] = []

    def answer(_settings: object, _subject: object, on: date | None = None) -> Verification:
        asked.append(on)
        then = None if on is None else "valid"
        return Verification(verdict="revoked", fields={}, reasons=["made up"], then=then)

    monkeypatch.setenv("BANSAO_DATA", str(tmp_path))
    monkeypatch.setattr(verify, "verify_online", answer)
    return asked


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments))


def test_a_past_day_is_answered_for_itself(days: list[date | None]) -> None:
    done = run(CODE, "--on", "2026-11-21")
    assert (done.exit_code, days) == (0, [date(2026, 11, 21)])
    assert done.output == "valid on 2026-11-21, revoked now\n  made up\n"


def test_without_a_day_only_now_counts(days: list[date | None]) -> None:
    done = run(CODE)
    assert (done.exit_code, days) == (1, [None])
    assert done.output.startswith("revoked\n")


def test_a_day_that_has_not_come_is_not_asked_for(days: list[date | None]) -> None:
    day = (date.today() + timedelta(days=3)).isoformat()
    assert run(CODE, "--on", day).exit_code == 2
    assert days == []


def test_offline_nothing_is_known_of_a_day(days: list[date | None], tmp_path: Path) -> None:
    (tmp_path / "list").write_bytes(b"")
    done = run(CODE, "--on", "2026-11-21", "--status-list", str(tmp_path / "list"))
    assert (done.exit_code, days) == (2, [])
