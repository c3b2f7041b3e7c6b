"""`bansao demo` as a user starts it, and what it leaves running."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bansao import ports

ROOT = Path(__file__).parents[2]
# Test processes that run side by side look for ports in ranges of their own.
_RANGE = 1000 * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
# The first of a hundred ports that nobody uses just now.
BASE = next(
    base
    for base in range(18000 + _RANGE, 28000 + _RANGE, 100)
    if all(ports.is_free("127.0.0.1", base + own - 8000) for own in ports.PORTS.values())
)


class Demo:
    """`bansao demo` as a user starts it."""

    def __init__(self, data: Path, port_base: int = BASE) -> None:
        self.data = data
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("BANSAO_")
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bansao", "demo", "--json", "--port-base", str(port_base)],
            env=environment | {"BANSAO_DATA": str(data)},
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def ready(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            pytest.fail(f"the demo did not get ready: {self.process.communicate()[1]}")
        summary: dict[str, Any] = json.loads(line)
        return summary

    def end(self, number: int = signal.SIGINT) -> tuple[int, str]:
        self.process.send_signal(number)
        _, told = self.process.communicate(timeout=60)
        return self.process.returncode, told


def children_of(data: Path) -> dict[str, int]:
    """The processes that serve this data directory, by room."""
    found = {}
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            words = (entry / "cmdline").read_bytes().split(b"\0")
            told = (entry / "environ").read_bytes().split(b"\0")
            if f"BANSAO_DATA={data}".encode() in told and b"--until-parent-ends" in words:
                first, second = words[words.index(b"bansao") + 1 :][:2]
                found[(second if first == b"serve" else first).decode()] = int(entry.name)
    return found


def listening(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def wait_until(condition: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)
