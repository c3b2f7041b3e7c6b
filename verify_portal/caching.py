"""What browsers, proxies and CDNs may keep: nothing, unless a route says otherwise.

So a route that is forgotten is slow, never wrong. What may be kept gets an ETag of its bytes, the
same from every host, and `If-None-Match` is answered with 304 (RFC 9110, 13.1.2).
"""

import hashlib
from typing import Any, Final

_NEVER: Final = b"no-store"
_CACHE_CONTROL: Final = b"cache-control"
#: A 304 repeats what caches need, and nothing that describes a body (RFC 9110, 15.4.5).
_OF_A_BODY: Final = (b"content-length", b"content-type", b"content-encoding", b"last-modified")
_TAG_BYTES: Final = 16


class Caching:
    """An ASGI application around another one, whose public responses it holds whole: they are
    files and lists of ours, of a few megabytes at most.
    """

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        await self._app(scope, receive, _Response(scope, send).send)


class _Response:
    def __init__(self, scope: Any, send: Any) -> None:
        self._scope = scope
        self._send = send
        self._held: Any = None
        self._body = bytearray()

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ())]
            if not _may_be_kept(message):
                _forbid(message["headers"])
            elif self._scope["method"] == "GET":
                self._held = message
                return
        elif self._held is not None and message["type"] == "http.response.body":
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._finish()
            return
        await self._send(message)

    async def _finish(self) -> None:
        start, body = self._held, bytes(self._body)
        tag = b'"%s"' % hashlib.sha256(body).hexdigest()[: 2 * _TAG_BYTES].encode()
        headers = _without(start["headers"], (b"etag",))
        headers.append((b"etag", tag))
        if _has(tag, self._scope["headers"]):
            headers, body = _without(headers, _OF_A_BODY), b""
            start["status"] = 304
        start["headers"] = headers
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})


def _may_be_kept(start: Any) -> bool:
    """A cookie is one visitor's, and a refusal one moment's."""
    headers = {name.lower(): value for name, value in start["headers"]}
    said = headers.get(_CACHE_CONTROL, b"").replace(b" ", b"").split(b",")
    return b"public" in said and start["status"] == 200 and b"set-cookie" not in headers


def _forbid(headers: list[tuple[bytes, bytes]]) -> None:
    headers[:] = [*_without(headers, (_CACHE_CONTROL, b"etag")), (_CACHE_CONTROL, _NEVER)]


def _without(
    headers: list[tuple[bytes, bytes]], names: tuple[bytes, ...]
) -> list[tuple[bytes, bytes]]:
    return [(name, value) for name, value in headers if name.lower() not in names]


def _has(tag: bytes, headers: list[tuple[bytes, bytes]]) -> bool:
    """Whether the client has these bytes. A proxy that compresses makes the tag a weak one."""
    wanted = b",".join(value for name, value in headers if name == b"if-none-match")
    return any(one.strip().removeprefix(b"W/") in {tag, b"*"} for one in wanted.split(b","))
