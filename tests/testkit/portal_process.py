"""The portal as an installation runs it: a process of `bansao serve portal`, over HTTP."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.testkit.copies import ORIGIN, VKEY
from tests.testkit.postgres import Database
from tests.testkit.rooms import await_port, free_port


@contextmanager
def portal_process(database: Database, trust: Path, lines: Path, **settings: str) -> Iterator[str]:
    """Yields its address. `trust` must hold a `root.pem`, and gets the tests' log's key."""
    (trust / "log.vkey").write_text(VKEY)
    port = free_port()
    environment = {
        "BANSAO_DATABASE_URL": database.url,
        "BANSAO_SECRETS": str(database.secrets),
        "BANSAO_TRUST": str(trust),
        "BANSAO_ORIGIN": ORIGIN,
    }
    with lines.open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bansao", "serve", "portal", "--port", str(port)],
            env=os.environ | environment | settings,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        await_port(port, lines)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(60)
