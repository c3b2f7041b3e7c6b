"""`bansao witness` as a process, on a free port, with a directory of its own."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.testkit.copies import VKEY
from tests.testkit.rooms import await_port, free_port


@dataclass
class WitnessProcess:
    """`home` outlives the process; `log` has what it said."""

    home: Path
    port: int
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def vkey(self) -> str:
        return (self.home / "witness.vkey").read_text().strip()

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)

    def health(self) -> tuple[int, str]:
        """Status, and the state of the only log."""
        answer = httpx.get(f"{self.url}/healthz", timeout=10)
        return answer.status_code, answer.json()["logs"][0]["state"]

    def await_state(self, state: str, seconds: float = 30) -> int:
        """Wait until the only log stands so; returns the status then."""
        deadline = time.monotonic() + seconds
        while (seen := self.health())[1] != state:
            if time.monotonic() > deadline:
                pytest.fail(f"{seen}: {self.log.read_text()[-4000:]}")
            time.sleep(0.05)
        return seen[0]


@contextlib.contextmanager
def witness_process(
    home: Path, *arguments: str, port: int | None = None
) -> Iterator[WitnessProcess]:
    """Watching the tests' log by its key; give `--log`s of your own to follow something."""
    port, log = port or free_port(), home.with_suffix(".log")
    watched = [] if "--log" in arguments else ["--log", VKEY, "http://127.0.0.1:1/nowhere"]
    command = ["witness", "--data", str(home), "--listen", f"127.0.0.1:{port}", *watched]
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "bansao", *command, *arguments],
            stdout=output,
            stderr=subprocess.STDOUT,
            env={name: value for name, value in os.environ.items() if "BANSAO" not in name},
        )
    running = WitnessProcess(home, port, process, log)
    try:
        await_port(port, log)
        # Connections are taken before they are answered.
        httpx.get(f"{running.url}/healthz", timeout=60)
        yield running
    finally:
        process.terminate()
        process.wait(30)


def witness_once(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """One look from the command line."""
    return subprocess.run(
        [sys.executable, "-m", "bansao", "witness", "--data", str(home), "--once", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
