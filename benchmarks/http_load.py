"""A crowd of HTTP/1.1 clients on one core: as fast as they are answered, or at a steady rate."""

import asyncio
import re
import time
from collections.abc import Iterator
from functools import partial
from statistics import quantiles
from typing import Final, cast

import msgspec

_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """`wrong` counts answers that were not the expected ones; times in milliseconds."""

    a_second: float
    p50_ms: float
    p99_ms: float
    wrong: int


class _Crowd:
    def __init__(self, requests: Iterator[bytes], expected: bytes, until: float) -> None:
        self.requests = requests
        self.expected = expected
        self.until = until
        self.seconds: list[float] = []
        self.wrong = 0

    def told(self, since: float, answer: bytes) -> None:
        self.seconds.append(time.perf_counter() - since)
        self.wrong += self.expected not in answer


class _Client(asyncio.Protocol):
    """One connection, one question at a time; `pause` is the time between two of them."""

    def __init__(self, crowd: _Crowd, pause: float, first_at: float) -> None:
        self._crowd = crowd
        self._pause = pause
        self._due = first_at
        self._answer = b""
        self.gone = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        self._answer += data
        end = self._answer.find(b"\r\n\r\n") + 4
        length = _LENGTH.search(self._answer, 0, end)
        if end < 4 or length is None or len(self._answer) < end + int(length[1]):
            return
        self._crowd.told(self._due, self._answer)
        self._answer = b""
        self._due = self._due + self._pause if self._pause else time.perf_counter()
        self._wait()

    def connection_lost(self, _: Exception | None) -> None:
        self.gone.set_result(None)

    def _wait(self) -> None:
        """A client that is late asks at once: its wait counts from when it was due."""
        ahead = self._due - time.perf_counter()
        if ahead > 0:
            asyncio.get_running_loop().call_later(ahead, self._ask)
        else:
            self._ask()

    def _ask(self) -> None:
        if self._due >= self._crowd.until:
            self._transport.close()
        else:
            self._transport.write(next(self._crowd.requests))


async def load(
    port: int,
    requests: Iterator[bytes],
    *,
    expected: bytes,
    clients: int,
    seconds: float,
    rate: float = 0.0,
) -> Load:
    """`clients` connections to the loopback for so long, at `rate` questions a second in all; 0 for
    as many as are answered. `expected` is part of every right answer.
    """
    begun = time.perf_counter()
    crowd = _Crowd(requests, expected, begun + seconds)
    pause = clients / rate if rate else 0.0
    loop = asyncio.get_running_loop()
    members = []
    for number in range(clients):
        first_at = begun + pause * number / clients
        make = partial(_Client, crowd, pause, first_at)
        _, client = await loop.create_connection(make, "127.0.0.1", port)
        members.append(client.gone)
    await asyncio.gather(*members)
    took = time.perf_counter() - begun
    hundredths = quantiles(crowd.seconds, n=100)
    return Load(
        a_second=len(crowd.seconds) / took,
        p50_ms=hundredths[49] * 1e3,
        p99_ms=hundredths[98] * 1e3,
        wrong=crowd.wrong,
    )
