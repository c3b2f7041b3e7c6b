"""A crowd of HTTP/1.1 clients on one core: as fast as they are answered, or at a steady rate.

It shares the machine with what it measures, so a question of its own costs about what one of
pgbench's does: bare sockets, no event loop.
"""

import heapq
import re
import select
import socket
import time
from collections.abc import Iterator
from statistics import quantiles
from typing import Final

import msgspec

_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_MOST_AT_ONCE: Final = 65_536
_PATIENCE_SECONDS: Final = 10.0


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """`wrong` counts answers that were not the expected ones; times in milliseconds; `client_us` is
    the processor time of asking, an answer.
    """

    answers: int
    a_second: float
    p50_ms: float
    p99_ms: float
    wrong: int
    client_us: float


class _Client:
    """One connection, one question at a time."""

    __slots__ = ("answer", "connection", "due")

    def __init__(self, port: int, due: float) -> None:
        self.connection = socket.create_connection(("127.0.0.1", port), _PATIENCE_SECONDS)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.due = due
        self.answer = b""

    def ask(self, question: bytes) -> None:
        self.connection.sendall(question)

    def hear(self) -> bytes | None:
        """The whole answer; None while some of it is on its way. Raises ConnectionError."""
        heard = self.connection.recv(_MOST_AT_ONCE)
        if not heard:
            raise ConnectionError("the server hung up")
        answer = self.answer + heard if self.answer else heard
        end = answer.find(b"\r\n\r\n") + 4
        length = _LENGTH.search(answer, 0, end)
        if end < 4 or length is None or len(answer) < end + int(length[1]):
            self.answer = answer
            return None
        self.answer = b""
        return answer


class _Crowd:
    def __init__(self, requests: Iterator[bytes], expected: bytes, pause: float) -> None:
        self._requests = requests
        self._expected = expected
        self._pause = pause
        self._ready = select.epoll()
        self._by_number: dict[int, _Client] = {}
        self._resting: list[tuple[float, int]] = []
        self.seconds: list[float] = []
        self.wrong = 0

    def add(self, client: _Client) -> None:
        number = client.connection.fileno()
        self._by_number[number] = client
        self._ready.register(number, select.EPOLLIN)
        heapq.heappush(self._resting, (client.due, number))

    def run(self, until: float) -> None:
        """Then hear the last answers out."""
        asking = 0
        while True:
            now = time.perf_counter()
            while self._resting and self._resting[0][0] <= now < until:
                self._by_number[heapq.heappop(self._resting)[1]].ask(next(self._requests))
                asking += 1
            if now >= until and not asking:
                return
            wake = until if not self._resting else min(until, self._resting[0][0])
            patience = max(0.0, wake - now) if now < until else _PATIENCE_SECONDS
            asking -= self._hear(self._ready.poll(patience), until)

    def _hear(self, ready: list[tuple[int, int]], until: float) -> int:
        """How many of them ask no more for now. A client that is late asks at once: its wait counts
        from when it was due.
        """
        resting = 0
        for number, _ in ready:
            client = self._by_number[number]
            answer = client.hear()
            if answer is None:
                continue
            now = time.perf_counter()
            self.seconds.append(now - client.due)
            self.wrong += self._expected not in answer
            client.due = client.due + self._pause if self._pause else now
            if client.due <= now < until:
                client.ask(next(self._requests))
            else:
                heapq.heappush(self._resting, (client.due, number))
                resting += 1
        return resting

    def close(self) -> None:
        self._ready.close()
        for client in self._by_number.values():
            client.connection.close()


def load(
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
    pause = clients / rate if rate else 0.0
    crowd = _Crowd(requests, expected, pause)
    try:
        begun, spent = time.perf_counter(), time.process_time()
        for number in range(clients):
            crowd.add(_Client(port, begun + pause * number / clients))
        crowd.run(begun + seconds)
        took, spent = time.perf_counter() - begun, time.process_time() - spent
    finally:
        crowd.close()
    hundredths = quantiles(crowd.seconds, n=100)
    answers = len(crowd.seconds)
    return Load(
        answers=answers,
        a_second=answers / took,
        p50_ms=hundredths[49] * 1e3,
        p99_ms=hundredths[98] * 1e3,
        wrong=crowd.wrong,
        client_us=spent / answers * 1e6,
    )
