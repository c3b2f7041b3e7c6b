"""Kiosk, desk, worker and publisher as an installation runs them: processes of `bansao serve`."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec
import pytest

from intake.desk.store import enrol_officer
from intake.store import Store
from tests.testkit.certifying import OFFICER, Office
from tests.testkit.counter import password_hash


class Rooms(msgspec.Struct, frozen=True, kw_only=True):
    """Addresses of the running rooms, and the office that they serve."""

    kiosk: str
    desk: str
    office: Office
    log: Path

    @contextmanager
    def running(self, *command: str) -> Iterator[subprocess.Popen[bytes]]:
        """One more process of the installation, ended with the block."""
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "bansao", "serve", *command],
                env=os.environ | self.office.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(60)


@pytest.fixture
def rooms(office: Office, tmp_path: Path) -> Iterator[Rooms]:
    """Every room of intake, with an officer who can sign in."""
    asyncio.run(_give_password(office.database.superuser_url))
    kiosk, desk = free_port(), free_port()
    environment = office.environment | {
        "BANSAO_KIOSK_URL": f"http://127.0.0.1:{kiosk}",
        "BANSAO_DESK_URL": f"http://127.0.0.1:{desk}",
    }
    rooms = Rooms(
        kiosk=environment["BANSAO_KIOSK_URL"],
        desk=environment["BANSAO_DESK_URL"],
        office=msgspec.structs.replace(office, environment=environment),
        log=tmp_path / "rooms.log",
    )
    with ExitStack() as stack:
        for command in (("kiosk", "--port", str(kiosk)), ("desk", "--port", str(desk))):
            stack.enter_context(rooms.running(*command))
        for command in (("worker",), ("publisher",)):
            stack.enter_context(rooms.running(*command))
        for port in (kiosk, desk):
            await_port(port, rooms.log)
        yield rooms


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def await_port(port: int, log: Path, seconds: float = 60) -> None:
    """Wait until someone listens; fails with the processes' own words."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail(f"nothing listens on port {port}: {log.read_text()[-4000:]}")


async def _give_password(superuser_url: str) -> None:
    store = await Store.connect(superuser_url)
    await enrol_officer(store, OFFICER, password_hash())
    await store.close()
