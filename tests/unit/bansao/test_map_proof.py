"""What the log holds about a code, checked from a file alone."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from bansao.commands.verify import command
from bansao.map_proof import verify_by_map
from registry.code import code_hash, new_code
from registry.log.map_growth import Change
from registry.log.map_proof import map_proof_text
from registry.log.note import verifier_line
from tests.testkit.code_maps import KEY, ORIGIN, MapInMemory

ISSUED, CHANGED, ABSENT = new_code(), new_code(), new_code()


@pytest.fixture
def trust(tmp_path: Path) -> Path:
    (tmp_path / "log.vkey").write_text(verifier_line(ORIGIN, KEY.public_key()) + "\n")
    return tmp_path


def proof_of(code: str, trust: Path) -> Path:
    codes = MapInMemory()
    codes.grow({code_hash(ISSUED): Change(1, 0), code_hash(CHANGED): Change(2, 2)})
    path = trust / "a.map-proof"
    path.write_text(map_proof_text(codes.proof(code_hash(code), codes.checkpoint())))
    return path


@pytest.mark.parametrize(
    ("code", "verdict", "reason"),
    [
        (ABSENT, "unknown", "no entry is about this code up to 3 entries"),
        (ISSUED, "valid", "entry 0 is the only one"),
        (CHANGED, "unavailable", "2 entries are about it"),
    ],
    ids=["absent", "issued", "changed"],
)
def test_what_the_log_holds_about_a_code(trust: Path, code: str, verdict: str, reason: str) -> None:
    answer = verify_by_map(trust, code, proof_of(code, trust))
    assert answer.verdict == verdict
    assert reason in answer.reasons[0]


def test_another_codes_absence_proves_nothing(trust: Path) -> None:
    answer = verify_by_map(trust, ISSUED, proof_of(ABSENT, trust))
    assert answer.verdict == "altered"
    assert "another code" in answer.reasons[0]


def test_the_command_accepts_it_offline(trust: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BANSAO_DATA", str(trust))
    monkeypatch.setenv("BANSAO_TRUST", str(trust))
    monkeypatch.delenv("BANSAO_POLICY", raising=False)
    for code, exit_code, word in ((ISSUED, 0, "valid"), (ABSENT, 1, "unknown")):
        proof = str(proof_of(code, trust))
        done = CliRunner().invoke(command, [code, "--proof", proof, "--offline"])
        assert (done.exit_code, done.output.split("\n")[0]) == (exit_code, word)
