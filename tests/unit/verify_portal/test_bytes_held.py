"""All bodies together have a bound; small ones are read whatever the others are."""

from typing import Any

import pytest

from verify_portal.bytes_held import BytesHeld
from verify_portal.errors import TooMuchHeld

SCOPE = {"type": "http"}


class Reader:
    """Reads a body of so many parts, with what is asked meanwhile by others."""

    def __init__(self) -> None:
        self.held = BytesHeld(self.app, most=100, free=10)

    async def app(self, scope: Any, receive: Any, _send: Any) -> None:
        for _ in range(scope["parts"]):
            await receive()
        if scope["then"]:
            await self.ask(*scope["then"])

    async def ask(self, parts: int, *then: int) -> None:
        async def receive() -> Any:
            return {"type": "http.request", "body": bytes(10), "more_body": True}

        await self.held(SCOPE | {"parts": parts, "then": then}, receive, None)


async def test_bodies_share_what_is_left() -> None:
    reader = Reader()
    await reader.ask(6, 6)  # 50 bytes each beyond the free ones, at the same time
    with pytest.raises(TooMuchHeld):
        await reader.ask(6, 7)


async def test_a_small_body_is_read_while_large_ones_fill_the_rest() -> None:
    await Reader().ask(11, 1, 1)


async def test_what_was_refused_or_answered_makes_room() -> None:
    reader = Reader()
    for _ in range(3):
        with pytest.raises(TooMuchHeld):
            await reader.ask(12)
        await reader.ask(11)
