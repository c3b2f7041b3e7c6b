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


class Patience:
    """An ASGI application around another one, which meets BodyTooSlow where it reads a body."""

    def __init__(
        self, app: Any, *, pause: float = MOST_PAUSE_SECONDS, body: float = MOST_BODY_SECONDS
    ) -> None:
        self._app = app
        self._pause = pause
        self._body = body

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        ends_at = asyncio.get_running_loop().time() + self._body
        arrived = False

        async def in_time() -> Any:
            nonlocal arrived
            if arrived:  # what comes now is that the client left, however late
                return await receive()
            pause_ends_at = asyncio.get_running_loop().time() + self._pause
            try:
                async with asyncio.timeout_at(min(ends_at, pause_ends_at)):
                    message = await receive()
            except TimeoutError:
                raise BodyTooSlow from None
            arrived = not message.get("more_body", False)
            return message

        await self._app(scope, in_time, send)
