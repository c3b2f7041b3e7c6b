"""A wire to PostgreSQL that can be cut at a chosen request: a TCP proxy that reads the protocol.

A request is what a client sends until it wants an answer (a simple query, or everything up to a
Sync); its answer ends with ReadyForQuery. Login does not count. So "every step" of an act is
found, not listed: cut at request 0, 1, 2 … until the act gets through.

PostgreSQL's manual, "Message Formats", names the letters used here.
"""

import asyncio
import contextlib
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final, Literal, NamedTuple
from urllib.parse import urlsplit, urlunsplit

#: The request never reaches the server; the server has it and the client is gone at once, so that
#: nobody knows; the server has done it and its answer is lost.
Moment = Literal["before", "sent", "after"]
MOMENTS: Final[tuple[Moment, ...]] = ("before", "sent", "after")

_ENCRYPTION_REQUESTS: Final = (80877103, 80877104)
_ENDS_REQUEST: Final = b"QS"
_BELONGS_TO_REQUEST: Final = b"PBDEC"
_READY: Final = b"Z"
_BEGINS_COPY: Final = b"GHW"


class Request(NamedTuple):
    """`text` is its SQL where it carries any."""

    number: int
    text: str

    @property
    def commits(self) -> bool:
        return self.text.lstrip().upper().startswith("COMMIT")


Harm = Callable[[], Awaitable[bool | None]]


class Trap:
    """Stops the wire at one request, once, to do `harm` there.

    `where`: the request's number, counted from the setting of the trap; or which request it is.
    The wire is cut when the harm is done, or goes on when `harm` returns True.
    """

    def __init__(
        self, where: int | Callable[[Request], bool], moment: Moment, harm: Harm | None = None
    ) -> None:
        self.chooses = where if callable(where) else lambda request: request.number == where
        self.moment = moment
        self.harm = harm
        self.sprung: Request | None = None


class Cut(Exception):
    """The wire is cut here."""


class Wire:
    """Made by `open_wire`. Give clients `url(…)` in place of the server's own."""

    def __init__(self, host: str, port: int) -> None:
        self._server_address = (host, port)
        self._listener: asyncio.Server | None = None
        self._links: dict[_Link, asyncio.Task[None]] = {}
        self._trap: Trap | None = None
        self._open = True
        self.requests: list[Request] = []

    async def listen(self) -> None:
        self._listener = await asyncio.start_server(self._serve, "127.0.0.1", 0)

    async def close(self) -> None:
        if self._listener is not None:
            self._listener.close()
        self._open = False
        self.cut_all()
        await asyncio.gather(*self._links.values(), return_exceptions=True)

    def url(self, url: str) -> str:
        """The same address, by way of this wire."""
        assert self._listener is not None
        port = self._listener.sockets[0].getsockname()[1]
        parts = urlsplit(url)
        login = parts.netloc.rpartition("@")[0]
        return urlunsplit(parts._replace(netloc=f"{login}@127.0.0.1:{port}"))

    def set(self, trap: Trap) -> None:
        """The only trap, one that was set before is gone; requests count from 0 again."""
        self.requests = []
        self._trap = trap

    def cut_all(self) -> None:
        """Reset every connection, whatever it is doing."""
        for link in self._links:
            link.cut()

    def shut(self) -> None:
        """Reset every connection and let nobody in."""
        self._open = False
        self.cut_all()

    def mend(self) -> None:
        """Let everybody in; no trap is set."""
        self._open, self._trap = True, None

    def number(self, text: str) -> Request:
        request = Request(len(self.requests), text)
        self.requests.append(request)
        return request

    def trapped(self, request: Request) -> Trap | None:
        trap = self._trap
        if trap is None or not trap.chooses(request):
            return None
        trap.sprung, self._trap = request, None
        return trap

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = _Link(self, _End(reader, writer))
        task = asyncio.current_task()
        assert task is not None
        self._links[link] = task
        try:
            if self._open:
                await link.carry(*self._server_address)
        finally:
            link.cut()
            del self._links[link]


class _End(NamedTuple):
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def message(self) -> tuple[bytes, bytes]:
        """Its letter, and the whole of it."""
        head = await self.reader.readexactly(5)
        (length,) = struct.unpack("!I", head[1:])
        return head[:1], head + await self.reader.readexactly(length - 4)

    async def send(self, sent: bytes) -> None:
        self.writer.write(sent)
        await self.writer.drain()

    def abort(self) -> None:
        """Reset, not closed: the other side learns it at once and reads nothing more."""
        transport = self.writer.transport
        if not transport.is_closing():
            raw: socket.socket = transport.get_extra_info("socket")
            with contextlib.suppress(OSError):
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()


class _Link:
    """One client's connection and its server's."""

    def __init__(self, wire: Wire, client: _End) -> None:
        self._wire = wire
        self._client = client
        self._server: _End | None = None
        #: SQL of the prepared statements, by name.
        self._statements: dict[bytes, str] = {}
        #: Sent and not answered: what to do once the answer is complete.
        self._unanswered: list[Trap | None] = []

    async def carry(self, host: str, port: int) -> None:
        """Until either side ends or the wire is cut."""
        try:
            startup = await self._startup()
            self._server = server = _End(*await asyncio.open_connection(host, port))
            await server.send(startup)
        except (OSError, EOFError):
            return
        pumps = [asyncio.create_task(pump(server)) for pump in (self._requests, self._answers)]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)

    def cut(self) -> None:
        for end in (self._client, self._server):
            if end is not None:
                end.abort()

    async def _startup(self) -> bytes:
        """The first message, after declining encryption: the server would decline it as well."""
        while True:
            length = await self._client.reader.readexactly(4)
            rest = await self._client.reader.readexactly(struct.unpack("!I", length)[0] - 4)
            if struct.unpack("!I", rest[:4])[0] not in _ENCRYPTION_REQUESTS:
                return length + rest
            await self._client.send(b"N")

    async def _requests(self, server: _End) -> None:
        waiting, text = b"", ""
        while True:
            letter, message = await self._client.message()
            text = self._sql(letter, message) or text
            waiting += message
            if letter in _BELONGS_TO_REQUEST:
                continue
            if letter in _ENDS_REQUEST:
                await self._pass_request(server, waiting, text)
                text = ""
            else:
                await server.send(waiting)
            waiting = b""

    async def _pass_request(self, server: _End, request: bytes, text: str) -> None:
        trap = self._wire.trapped(self._wire.number(text))
        if trap and trap.moment == "before":
            await self._spring(trap)
        self._unanswered.append(trap)
        await server.send(request)
        if trap and trap.moment == "sent":
            await self._spring(trap)

    async def _answers(self, server: _End) -> None:
        """An answer waits until it is whole; what belongs to no request (login, Flush) does not."""
        answer = b""
        while True:
            try:
                letter, message = await server.message()
            except asyncio.IncompleteReadError:
                await self._client.send(answer)  # last words, such as "terminating connection"
                raise
            answer += message
            if letter == _READY and self._unanswered:
                trap = self._unanswered.pop(0)
                if trap and trap.moment == "after":
                    await self._spring(trap)
            elif self._unanswered and letter not in _BEGINS_COPY:
                continue
            await self._client.send(answer)
            answer = b""

    def _sql(self, letter: bytes, message: bytes) -> str:
        """Of a Query, a Parse (statement, SQL) or a Bind (portal, statement)."""
        texts = message[5:].split(b"\x00", 2)
        if letter == b"Q":
            return texts[0].decode()
        if letter == b"P":
            self._statements[texts[0]] = texts[1].decode()
            return self._statements[texts[0]]
        return self._statements.get(texts[1], "") if letter == b"B" else ""

    async def _spring(self, trap: Trap) -> None:
        if trap.harm is not None and await trap.harm():
            return
        self.cut()
        raise Cut


@contextlib.asynccontextmanager
async def open_wire(url: str) -> AsyncIterator[Wire]:
    """A wire to the server of `url`."""
    parts = urlsplit(url)
    assert parts.hostname
    assert parts.port
    wire = Wire(parts.hostname, parts.port)
    await wire.listen()
    try:
        yield wire
    finally:
        await wire.close()
