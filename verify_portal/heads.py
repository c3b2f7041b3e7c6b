"""HEAD, wherever there is GET (RFC 9110, 9.1 and 9.3.2)."""

from typing import Any


class Heads:
    """An ASGI application around another one, which is asked the same by GET and its answer told
    without the body.
    """

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def without_body(message: Any) -> None:
            if message["type"] == "http.response.body":
                message = message | {"body": b""}
            await send(message)

        await self._app(scope | {"method": "GET"}, receive, without_body)
