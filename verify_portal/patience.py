"""How long a request may take to arrive: who sends a byte now and then holds nothing of ours for
ever. Its head is the server's to wait for (`bansao/serve.py`).
"""

import asyncio
from typing import Any, Final

from verify_portal.errors import BodyTooSlow

#: Between two parts of a body; a mobile connection that changes cells is back sooner.
MOST_PAUSE_SECONDS: Final = 10.0
#: For all of it: the largest file at 1.4 Mbit/s.
MOST_BODY_SECONDS: Final = 300.0
#: For a small one, and for so much more as has come at this rate: one client's connections, each of
#: which sends a byte now and then, would take up all that a worker accepts within two minutes.
SMALL_BODY_SECONDS: Final = 20.0
FEWEST_BYTES_A_SECOND: Final = 16 * 1024


class Patience:
    """An ASGI application around another one, which meets BodyTooSlow where it reads a body."""

    def __init__(
        self, app: Any, *, pause: float = MOST_PAUSE_SECONDS, body: float = SMALL_BODY_SECONDS
    ) -> None:
        self._app = app
        self._pause = pause
        self._body = body

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = asyncio.get_running_loop().time()
        arrived, received = False, 0

        async def in_time() -> Any:
            nonlocal arrived, received
            if arrived:  # what comes now is that the client left, however late
                return await receive()
            pause_ends_at = asyncio.get_running_loop().time() + self._pause
            earned = self._body + received / FEWEST_BYTES_A_SECOND
            ends_at = min(begun + min(earned, MOST_BODY_SECONDS), pause_ends_at)
            try:
                async with asyncio.timeout_at(ends_at):
                    message = await receive()
            except TimeoutError:
                raise BodyTooSlow from None
            arrived = not message.get("more_body", False)
            received += len(message.get("body", b""))
            return message

        await self._app(scope, in_time, send)
