"""Our running log before a witness and a verifier in Python that others wrote (`make peers`).

aics-witness and aics-tlog want a newer Python than ours may be, so they get an environment of their
own, when the machine has such an interpreter.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.peers.peers import Log, log, running
from tests.testkit.certifying import ORIGIN, older_office, tsa_secrets
from tests.testkit.rooms import await_port, free_port

__all__ = ["log", "older_office", "tsa_secrets"]

PACKAGES = ("aics-witness==0.1.0", "aics-tlog==0.2.1")
NAME = "witness.test/aics"


def newer_python() -> str | None:
    """One of at least 3.12: ours, on the path, or installed beside ours."""
    beside = Path(sys.base_prefix).parent.glob("3.1[2-9].*/bin/python3")
    named = [shutil.which(f"python3.{minor}") for minor in (12, 13, 14)]
    for one in (sys.executable, *beside, *filter(None, named)):
        asked = [str(one), "-c", "import sys; sys.exit(sys.version_info < (3, 12))"]
        if subprocess.run(asked, capture_output=True, check=False).returncode == 0:
            return str(one)
    return None


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where `aics-witness` and `aics-tlog` are."""
    if (python := newer_python()) is None:
        pytest.skip("there is no Python 3.12 or newer on this machine")
    home = tmp_path_factory.mktemp("aics")
    subprocess.run([python, "-m", "venv", home], check=True)
    install = [home / "bin" / "pip", "install", "--quiet", *PACKAGES]
    installed = subprocess.run(install, capture_output=True, text=True, check=False)
    if installed.returncode:
        pytest.skip(f"{PACKAGES} cannot be had: {installed.stderr[-500:]}")
    return home / "bin"


def told(*command: object) -> str:
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    print(Path(str(command[0])).name, command[1], done.stdout.strip())  # noqa: T201 - to be seen
    return done.stdout


def allow_extensions(config: Path) -> None:
    """Its operator must want them: our checkpoints commit to the map of codes in such a line."""
    settings = json.loads(config.read_text())
    for entry in settings["logs"]:
        entry["extension_lines"] = True
    config.write_text(json.dumps(settings))


async def test_it_cosigns_what_we_submit_and_verifies_what_we_serve(
    programs: Path, log: Log, tmp_path: Path
) -> None:
    """With a quorum of aics-witness; then every claim is checked from the portal's files."""
    config, lines, port = tmp_path / "witness.json", tmp_path / "witness.log", free_port()
    witness, tlog = programs / "aics-witness", programs / "aics-tlog"
    vkey = told(witness, "init", "--config", config, "--name", NAME).strip()
    told(witness, "add-log", "--config", config, "--origin", ORIGIN, "--vkey", log.vkey)
    allow_extensions(config)
    listen = ("serve", "--config", config, "--listen", f"127.0.0.1:{port}")
    with running(witness, *listen, lines=lines):
        await_port(port, lines)
        url = f"http://127.0.0.1:{port}"
        policy = log.policy(tmp_path / "policy", f"witness aics {vkey} {url}", "quorum aics")
        for count, size in ((3, 3), (4, 7), (300, 307)):
            assert (await log.grow(count, policy)).size == size
            (tmp_path / f"{size}").write_text(log.checkpoint())
    trusted = ("--origin", ORIGIN, "--log-key", log.vkey, "--witness-key", vkey, "--quorum", "1")

    def verified(claim: str, *arguments: object) -> Any:
        return json.loads(told(tlog, claim, *arguments, *trusted))

    assert verified("verify-checkpoint", "--note", tmp_path / "307")["ok"]
    older = ("--old-checkpoint", tmp_path / "7")
    assert verified("verify-consistency", *older, "--tiles", log.url)["ok"]
    for index in (0, 255, 256, 306):
        assert verified("verify-inclusion", "--index", index, "--tiles", log.url)["ok"]
