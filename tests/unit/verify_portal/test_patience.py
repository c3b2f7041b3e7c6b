"""A body that stops or trickles is not waited for; a visitor who waits for us is."""

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest

from verify_portal.errors import BodyTooSlow
from verify_portal.patience import FEWEST_BYTES_A_SECOND, Patience

SCOPE = {"type": "http"}


class Sender:
    """Sends parts of a body, each after its pause in seconds; then nothing for ever."""

    def __init__(self, parts: Iterable[tuple[float, bool]], body: bytes = b"x") -> None:
        self._parts = iter(parts)
        self._body = body

    async def __call__(self) -> dict[str, Any]:
        part = next(self._parts, None)
        if part is None:
            await asyncio.Event().wait()
            raise AssertionError
        pause, more = part
        await asyncio.sleep(pause)
        return {"type": "http.request", "body": self._body, "more_body": more}


async def received(sender: Sender, *, pause: float = 0.2, body: float = 60.0) -> int:
    """How many parts the application got."""
    parts = 0

    async def app(_scope: Any, receive: Any, _send: Any) -> None:
        nonlocal parts
        more = True
        while more:
            more = (await receive()).get("more_body", False)
            parts += 1

    await Patience(app, pause=pause, body=body)(SCOPE, sender, None)
    return parts


async def test_a_body_that_comes_is_read() -> None:
    assert await received(Sender([(0.0, True), (0.0, True), (0.0, False)])) == 3


@pytest.mark.parametrize("parts", [[], [(0.0, True)]])
async def test_a_body_that_stops_is_not_waited_for(parts: list[tuple[float, bool]]) -> None:
    async with asyncio.timeout(20):
        with pytest.raises(BodyTooSlow):
            await received(Sender(parts))


async def test_a_body_that_trickles_ends_too() -> None:
    async with asyncio.timeout(20):
        with pytest.raises(BodyTooSlow):
            await received(Sender([(0.01, True)] * 100_000), pause=5, body=0.3)


async def test_a_large_body_that_keeps_coming_may_take_longer() -> None:
    parts = [(0.05, True)] * 10 + [(0.0, False)]
    assert await received(Sender(parts, bytes(FEWEST_BYTES_A_SECOND)), body=0.3, pause=5) == 11


async def test_who_has_sent_everything_may_wait_for_the_answer() -> None:
    async def app(_scope: Any, receive: Any, _send: Any) -> None:
        assert not (await receive())["more_body"]
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await receive()

    await Patience(app, pause=0.05, body=0.05)(SCOPE, Sender([(0.0, False)]), None)
