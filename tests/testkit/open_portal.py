"""A portal for everyone: a process that serves for the whole session, with copies to ask about."""

import asyncio
import contextlib
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from tests.testkit.issued import CopyOffice, Issued, SigningHouse, open_office
from tests.testkit.portal_process import portal_process
from tests.testkit.postgres import Server

_visitors = itertools.count(1)


class OpenPortal(msgspec.Struct, frozen=True, kw_only=True):
    """Its address, the office whose copies it knows, one copy of it, and what it logged."""

    address: str
    office: CopyOffice
    copy: Issued
    lines: Path

    def client(self, **options: Any) -> httpx.Client:
        """A visitor from a network of his own, so that nobody's limits are another's."""
        headers = {"X-Forwarded-For": self.visitor()}
        return httpx.Client(base_url=self.address, headers=headers, timeout=120, **options)

    def processes(self) -> set[int]:
        """Its processes: whoever was started with its port, and their descendants."""
        port = self.address.rpartition(":")[2].encode()
        parents = dict(_parents())
        found = {pid for pid in parents if port in _command(pid)}
        while more := {pid for pid, parent in parents.items() if parent in found} - found:
            found |= more
        return found

    def visitor(self) -> str:
        """An address that nobody has asked from."""
        number = next(_visitors)
        return f"10.{number // 256}.{number % 256}.7"

    def ask(self, content: bytes, name: str = "copy.pdf") -> dict[str, Any]:
        """The answer to a file, which is never an error of ours."""
        with self.client() as http:
            response = http.post("/v1/verify", files={"file": (name, content)})
        assert response.status_code == 200, response.text
        return dict(response.json())

    def page(self, content: bytes, name: str = "copy.pdf", language: str = "en") -> httpx.Response:
        """The page that the form without a script leads to."""
        with self.client() as http:
            return http.post(f"/check?lang={language}", files={"file": (name, content)})


def _command(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return []  # it has just ended


def _parents() -> Iterator[tuple[int, int]]:
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # The name in parentheses may hold anything; what follows the last one is fixed.
            yield int(status.parent.name), int(status.read_text().rpartition(")")[2].split()[1])


@pytest.fixture(scope="session")
def open_portal(
    server: Server, signing_house: SigningHouse, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[OpenPortal]:
    database = server.clone()
    office = open_office(database, signing_house)
    copy = asyncio.run(office.issue())
    lines = tmp_path_factory.mktemp("open-portal") / "lines"
    settings = {"BANSAO_TRUSTED_PROXIES": "127.0.0.1/32"}
    with portal_process(database, signing_house.trust, lines, **settings) as address:
        yield OpenPortal(address=address, office=office, copy=copy, lines=lines)
    server.drop(database)
