"""The command line's manners: exit codes, one line, `--json`, nothing told that should not be."""

import errno
import json
import subprocess
import sys
from pathlib import Path

import pytest

from bansao.cli import COMMANDS, explain
from bansao.errors import PortTaken
from intake.errors import EmptyFile, TooManyPixels
from intake.texts import texts
from registry.errors import MalformedCode

ROOT = Path(__file__).parents[3]


def run(*arguments: str, data: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bansao", *arguments],
        env={"PATH": "/usr/bin:/bin", "BANSAO_DATA": str(data), "PYTHONPATH": str(ROOT)}
        | variables,
        cwd=data,
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_names_every_command(tmp_path: Path) -> None:
    done = run("--help", data=tmp_path)
    assert done.returncode == 0
    for name in COMMANDS:
        assert f"  {name} " in done.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str, tmp_path: Path) -> None:
    done = run(name, "--help", data=tmp_path)
    assert done.returncode == 0
    assert "Usage: bansao " + name in done.stdout


@pytest.mark.parametrize(
    "arguments", [["verify"], ["serve", "cellar"], ["verify", "x", "--offline"], ["nothing"]]
)
def test_wrong_usage_is_2(arguments: list[str], tmp_path: Path) -> None:
    assert run(*arguments, data=tmp_path).returncode == 2


@pytest.mark.parametrize(
    "arguments", [["audit"], ["verify", "7XK3MP-9QD2AB-5T8WZF"], ["db", "url"]]
)
def test_without_an_installation_it_says_what_to_do(arguments: list[str], tmp_path: Path) -> None:
    done = run(*arguments, "--json", data=tmp_path)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "bansao demo" in done.stderr or "bansao db up" in done.stderr
    assert done.stderr == f"bansao: {json.loads(done.stdout)['error']['message']}\n"
    assert list(tmp_path.iterdir()) == []  # asking makes nothing


def test_a_file_that_is_not_there_is_no_code(tmp_path: Path) -> None:
    done = run("verify", "copy.pdf", data=tmp_path)
    assert done.returncode == 1
    assert "copy.pdf is no file" in done.stderr


def test_a_room_without_a_database_says_so(tmp_path: Path) -> None:
    done = run("serve", "publisher", data=tmp_path)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "bansao: BANSAO_DATABASE_URL is not set"


def test_what_is_foreseen_speaks_for_itself() -> None:
    assert explain(PortTaken("port 8001 is taken")) == ("port_taken", "port 8001 is taken")
    code, line = explain(MalformedCode("character", 3))
    assert code == "malformed_code"
    assert "character 4" in line


def test_what_is_not_foreseen_is_logged_whole_and_only_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BANSAO_DATA", str(tmp_path))
    code, line = explain(ZeroDivisionError("of Nguyễn Thị Lan"))
    log = tmp_path / "logs" / "bansao.log"
    assert code == "unexpected"
    assert "Lan" not in line
    assert str(log) in line
    assert "ZeroDivisionError" in json.loads(log.read_text())["traceback"]


def test_a_scan_that_cannot_be_used_is_named_in_words() -> None:
    assert explain(EmptyFile()) == ("error_empty_file", texts("en")("error-empty-file"))
    code, line = explain(TooManyPixels(limit_megapixels=70))
    assert code == "error_too_many_pixels"
    assert "70" in line
    assert "error-" not in line


def test_a_full_disk_is_named_for_what_it_is() -> None:
    code, line = explain(OSError(errno.ENOSPC, "No space left on device", "/data/blobs/x"))
    assert code == "disk_full"
    assert "/data/blobs/x" in line
    assert "free space" in line
