"""`bench proof` on small books: what it tells, not how fast it is."""

import pytest

from benchmarks import append_beside, code_map, cost, proof


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof, "PEER_SIZES", (50, 60))
    monkeypatch.setattr(cost, "BATCHES", 2)
    monkeypatch.setattr(cost, "CALLS", 5)
    monkeypatch.setattr(code_map, "BATCHES", (10,))
    monkeypatch.setattr(append_beside, "ROUNDS", 1)
    monkeypatch.setattr(append_beside, "APPENDS", 64)


def test_every_size_has_its_proofs_its_peers_and_its_claim() -> None:
    result = proof.run([300, 20_400], filling_seconds=600)
    told = {(row["who"], row.get("proof"), row["entries"]) for row in result.rows}
    assert told == {
        ("bare SELECT of the row", None, 300),
        ("bansao", "inclusion", 300),
        ("bare SELECT of the row", None, 20_400),
        ("bansao", "inclusion", 20_400),
        ("bansao", "consistency", 20_400),
        ("bansao", "absence", 300),
        ("bansao", "absence", 20_400),
        *((f"pymerkle {where}", "inclusion", size)
          for where in ("in memory", "on SQLite") for size in (50, 60)),
    }  # fmt: skip
    assert [claim.what.rpartition("at ")[2] for claim in result.budget[:2]] == [
        "300 entries",
        "20,400 entries",
    ]
    assert [claim.what.rpartition("among ")[2] for claim in result.budget[2:6]] == [
        *["300 codes"] * 2,
        *["20,400 codes"] * 2,
    ]
    for row in result.rows:
        assert 0 < float(row["p50_ms"]) <= float(row["p99_ms"])
    assert len(result.ratios) == 5


def test_a_size_that_this_machine_cannot_fill_in_time_is_left_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    result = proof.run([300, 1_000_000_000], filling_seconds=60)
    assert {row["entries"] for row in result.rows} == {300, 50, 60}
    assert len(result.budget) == 4
    streams = capsys.readouterr()
    assert "1,000,000,000 entries would take" in streams.err
    assert streams.out == ""  # which is the answer's alone
