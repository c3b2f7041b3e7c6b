"""`bansao bench`: one object for scripts, a table for people, and the exit code says what holds."""

import json
import sys
import types

import pytest
from click.testing import CliRunner

from bansao.commands import bench
from bansao.errors import NoSuchBenchmark
from benchmarks.result import Claim, Result


def a_result(measured: float) -> Result:
    return Result(
        name="append",
        rows=[{"what": "ours", "callers": 1, "appends_per_second": 1234.5}, {"what": "peer"}],
        ratios={"ours / peer": 2.0},
        budget=[Claim(what="appends/s", relation=">=", limit=300, measured=measured)],
    )


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """A fake benchmark `append` that measures the test's parameter."""
    fake = types.ModuleType("benchmarks.append")
    fake.__spec__ = types.SimpleNamespace(name="benchmarks.append")  # type: ignore[assignment]
    fake.run = lambda: a_result(request.param)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "benchmarks.append", fake)


@pytest.mark.parametrize(
    ("measured", "holds"), [(300.0, True), (299.9, False)], indirect=["measured"]
)
@pytest.mark.usefixtures("measured")
def test_json_names_every_claim_and_the_exit_code_says_whether_all_hold(holds: bool) -> None:
    done = CliRunner().invoke(bench.command, ["append", "--json"])
    answer = json.loads(done.stdout)
    assert done.exit_code == (0 if holds else 1)
    assert answer["name"] == "append"
    assert answer["rows"][0] == {"what": "ours", "callers": 1, "appends_per_second": 1234.5}
    assert answer["ratios"] == {"ours / peer": 2.0}
    assert answer["budget"][0]["holds"] is answer["holds"] is holds


@pytest.mark.parametrize("measured", [250.0], indirect=True)
@pytest.mark.usefixtures("measured")
def test_people_get_a_table_and_see_what_was_missed() -> None:
    shown = CliRunner().invoke(bench.command, ["append"]).stdout.splitlines()
    assert shown == [
        "what  callers  appends_per_second",
        "ours  1        1,234",
        "peer",
        "ratio  ours / peer: 2",
        "MISSED appends/s: 250 (>= 300)",
    ]


def test_a_limit_from_above() -> None:
    claim = Claim(what="ms", relation="<=", limit=2.0, measured=2.5)
    assert not claim.holds


def test_a_benchmark_that_is_not_written_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "find_spec", lambda name: None if "." in name else object())
    done = CliRunner().invoke(bench.command, ["face"])
    assert isinstance(done.exception, NoSuchBenchmark)
    assert "benchmarks/face.py" in str(done.exception)


def test_without_the_sources_the_message_says_where_to_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bench, "find_spec", lambda name: None)
    done = CliRunner().invoke(bench.command, ["append"])
    assert isinstance(done.exception, NoSuchBenchmark)
    assert "checkout" in str(done.exception)
