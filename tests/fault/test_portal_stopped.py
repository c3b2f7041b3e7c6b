"""Clients that never finish, and a portal that is stopped while others are being answered."""

import asyncio
import json
import time
from collections import Counter
from pathlib import Path
from typing import Final

from registry.code import new_code
from tests.testkit.copies import publish_now, registered
from tests.testkit.issued import make_signers
from tests.testkit.portal_process import served_portal
from tests.testkit.postgres import Database

_CLIENTS: Final = 12
_LORISES: Final = 100
#: Nothing; a head without its end; a request, and then no other; what begins HTTP/2.
_UNFINISHED: Final = (
    b"",
    b"GET / HTTP/1.1\r\nHost: portal\r\nX-Slow: ",
    b"GET /healthz HTTP/1.1\r\nHost: portal\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
)
_HEAD_SECONDS: Final = 10
_HEAD: Final = "GET /v1/copies/{} HTTP/1.1\r\nHost: portal\r\nX-Forwarded-For: {}\r\n\r\n"


class Client:
    """Asks over plain sockets and notes what became of each question."""

    def __init__(self, port: int, codes: list[str], number: int) -> None:
        self._port = port
        self._codes = codes
        self._number = number
        self._asked = 0
        self.outcomes: Counter[str] = Counter()

    async def ask_until_refused(self, *, each: int) -> None:
        """`each`: questions on one connection; ends when no connection is taken any more."""
        while True:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
            except OSError:
                return
            try:
                await self._ask_on(reader, writer, each)
            finally:
                writer.close()

    async def _ask_on(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, each: int
    ) -> None:
        for _ in range(each):
            self._asked += 1
            code = self._codes[self._asked % len(self._codes)]
            visitor = f"10.{self._number}.{self._asked >> 8 & 255}.{self._asked & 255}"
            head = b""
            try:
                writer.write(_HEAD.format(code, visitor).encode())
                head = await reader.readuntil(b"\r\n\r\n")
                await reader.readexactly(_length(head))
            except (OSError, asyncio.IncompleteReadError):
                # Who gets no byte may ask again elsewhere (RFC 9110, 9.2.2): no server can know of
                # a question that is on its way, or of a connection that waits in the kernel.
                self.outcomes["broken off" if head else "not taken"] += 1
                return
            self.outcomes[head.split(b" ", 2)[1].decode()] += 1
            if b"connection: close" in head.lower():
                return


def _length(head: bytes) -> int:
    return int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])


async def test_who_never_finishes_holds_up_nobody_and_a_stop_breaks_no_answer_off(
    database: Database, tmp_path: Path
) -> None:
    (copy,) = await registered(database, 1)
    await publish_now(database)
    trust = tmp_path / "trust"
    make_signers(tmp_path / "signers", trust)
    settings = {"BANSAO_TRUSTED_PROXIES": "127.0.0.1/32", "BANSAO_LOG_LEVEL": "WARNING"}
    with served_portal(database, trust, tmp_path / "lines", workers=2, **settings) as portal:
        port = int(portal.address.rpartition(":")[2])
        assert await status_of(port, cookie=b"a" * 10_000) == b"200"
        assert await status_of(port, cookie=b"a" * 50_000) == b"431"
        began = time.monotonic()
        lorises = [await unfinished(port, head) for head in _UNFINISHED for _ in range(_LORISES)]
        codes = [copy.code, new_code(), copy.code.lower(), "nonsense"]
        clients = [Client(port, codes, number) for number in range(_CLIENTS)]
        asking = [
            asyncio.create_task(client.ask_until_refused(each=1 if number % 2 else 20))
            for number, client in enumerate(clients)
        ]
        await asyncio.gather(*(ended(reader) for reader, _ in lorises))
        assert time.monotonic() - began < 3 * _HEAD_SECONDS
        assert sum(client.outcomes["200"] for client in clients) > 100

        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        question = json.dumps({"code": copy.code}).encode()
        writer.write(
            b"POST /v1/verify HTTP/1.1\r\nHost: portal\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n" % len(question)
        )
        writer.write(question[:5])
        await asyncio.sleep(1)
        portal.process.terminate()
        await asyncio.wait(asking, timeout=30)
        writer.write(question[5:])
        answer = await reader.read()
        assert (b'"verdict":"valid"' in answer, answer[:12]) == (True, b"HTTP/1.1 200")
        assert await asyncio.to_thread(portal.process.wait, 30) == 0
    outcomes = sum((client.outcomes for client in clients), Counter())
    assert outcomes["not taken"] <= _CLIENTS
    assert set(outcomes) <= {"200", "429", "not taken"}


async def status_of(port: int, *, cookie: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /healthz HTTP/1.1\r\nHost: portal\r\nCookie: a=%b\r\n\r\n" % cookie)
    head = await reader.readuntil(b"\r\n\r\n")
    writer.close()
    return head.split(b" ", 2)[1]


async def unfinished(port: int, head: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A client that sends this and no more."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(head)
    await writer.drain()
    return reader, writer


async def ended(reader: asyncio.StreamReader) -> None:
    """When the server gives up."""
    async with asyncio.timeout(4 * _HEAD_SECONDS):
        while await reader.read(1000):
            pass
