"""How much of what clients send is in our hands at a time, all of them together.

A file is in memory while it is examined, and a client may have two: without a bound of all, some
dozens of clients would take all the memory that there is.
"""

from typing import Any, Final

from verify_portal.bodies import SMALL_BYTES
from verify_portal.errors import TooMuchHeld

#: For a process; five of the largest files, or hundreds as they are.
MOST_BYTES_HELD: Final = 256 * 1024 * 1024


class BytesHeld:
    """An ASGI application around another one, through which every body is read.

    Reading raises TooMuchHeld where a body would exceed what is left for all. The beginning of
    each is free: questions are answered while files fill the rest.
    """

    def __init__(self, app: Any, *, most: int = MOST_BYTES_HELD, free: int = SMALL_BYTES) -> None:
        self._app = app
        self._left = most
        self._free = free

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        received, held = 0, 0

        async def counted() -> Any:
            nonlocal received, held
            message = await receive()
            received += len(message.get("body", b""))
            more = max(0, received - self._free) - held
            if more > self._left:
                raise TooMuchHeld
            held += more
            self._left -= more
            return message

        try:
            await self._app(scope, counted, send)
        finally:
            self._left += held
