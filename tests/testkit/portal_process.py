"""The portal as an installation runs it: a process of `bansao serve portal`, over HTTP."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.testkit.copies import ORIGIN, VKEY
from tests.testkit.postgres import Database
from tests.testkit.rooms import await_port, free_port


class ServedPortal(NamedTuple):
    """`process` is the one that a service manager knows; its workers are children."""

    address: str
    process: "subprocess.Popen[bytes]"


@contextmanager
def served_portal(
    database: Database, trust: Path, lines: Path, *, workers: int = 1, **settings: str
) -> Iterator[ServedPortal]:
    """`trust` must hold a `root.pem`, and gets the tests' log's key; `lines` gets the log lines."""
    (trust / "log.vkey").write_text(VKEY)
    port = free_port()
    environment = {
        "BANSAO_DATABASE_URL": database.url,
        "BANSAO_SECRETS": str(database.secrets),
        "BANSAO_TRUST": str(trust),
        "BANSAO_ORIGIN": ORIGIN,
    }
    serve = ["-m", "bansao", "serve", "portal", "--port", str(port), "--workers", str(workers)]
    with lines.open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, *serve],
            env=os.environ | environment | settings,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        await_port(port, lines)
        yield ServedPortal(f"http://127.0.0.1:{port}", process)
    finally:
        process.terminate()
        process.wait(60)


@contextmanager
def portal_process(database: Database, trust: Path, lines: Path, **settings: str) -> Iterator[str]:
    """The address of one that serves."""
    with served_portal(database, trust, lines, **settings) as served:
        yield served.address
