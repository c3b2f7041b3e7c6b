"""A process of the demo: its log, its readiness, its end."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path

from bansao.errors import ChildDied


class Child:
    """`bansao ARGUMENTS…` with its output in `log`; it dies with this process, however that ends.

    `health` is the address that answers once it is ready; without one it is ready when it runs.
    """

    def __init__(self, name: str, arguments: Sequence[str], log: Path, health: str | None) -> None:
        self.name = name
        self.log = log
        self._arguments = arguments
        self._health = health
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, environment: Mapping[str, str]) -> None:
        """Start it in a process group of its own, so that a terminal's Ctrl-C reaches only us."""
        command = [sys.executable, "-m", "bansao", *self._arguments]
        command += ["--until-parent-ends", str(os.getpid())]
        if self.log.exists():
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own program, no shell
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=dict(environment),
                start_new_session=True,
            )

    def is_ready(self) -> bool:
        """Whether it answers."""
        if self._health is None:
            return True
        try:
            with urllib.request.urlopen(self._health, timeout=5):  # noqa: S310 - our own address
                return True
        except (urllib.error.URLError, OSError):
            return False

    def require_alive(self) -> None:
        """Raise ChildDied with its last words when it has ended."""
        code = self._process.poll() if self._process else None
        if code is not None:
            raise ChildDied(f"{self.name} ended ({_how(code)}), so all was stopped; {self.story()}")

    def story(self) -> str:
        """The last lines of its log."""
        return last_lines(self.log)

    def ask_to_stop(self) -> None:
        if self._process and self._process.poll() is None:
            self._process.terminate()

    def stop(self, deadline: float) -> None:
        """Wait until `deadline` (monotonic), then kill; its whole group is gone afterwards."""
        if self._process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(max(0.1, deadline - time.monotonic()))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


def last_lines(log: Path, most: int = 12) -> str:
    """The end of a log, as an error message shows it."""
    try:
        lines = log.read_text(errors="replace").splitlines()[-most:]
    except OSError:
        lines = []
    said = "\n  ".join(lines) or "(nothing)"
    return f"its last lines, from {log}:\n  {said}"


def _how(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit {code}"
