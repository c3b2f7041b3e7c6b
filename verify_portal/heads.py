"""HEAD, wherever there is GET (RFC 9110, 9.1 and 9.3.2)."""

from typing import Any


class Heads:
    """An ASGI application around another one, which is asked the same by GET and its answer told
    without the body.
    """

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def naming_head(message: Any) -> None:
            if message["type"] == "http.response.start":
                headers = [_naming_head(*header) for header in message["headers"]]
                message = message | {"headers": headers}
            await send(message)

        async def without_body(message: Any) -> None:
            if message["type"] == "http.response.body":
                message = message | {"body": b""}
            await naming_head(message)

        if scope["method"] == "HEAD":
            await self._app(scope | {"method": "GET"}, receive, without_body)
        else:
            await self._app(scope, receive, naming_head)


def _naming_head(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    """Of the methods that a refusal allows, the framework knows only those that it routes."""
    if name.lower() != b"allow" or b"GET" not in value.split(b", "):
        return name, value
    return name, value.replace(b"GET", b"GET, HEAD")
