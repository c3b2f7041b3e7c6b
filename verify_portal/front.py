"""`GET /v1/copies/{code}` before the framework, whose routing would take most of its time.

What is unusual about a request, and what is refused, is left to the framework. Limits, headers,
measures and answers are the same as there.
"""

import time
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

import structlog

from verify_portal.limits import client_network
from verify_portal.portal import Portal
from verify_portal.telling import ANSWER_HEADERS, answer_headers, in_json, status_of
from verify_portal.texts import Language, choose_language

_log = structlog.get_logger()

ROUTE: Final = "/v1/copies/{code}"
_STEM: Final = ROUTE.partition("{")[0]
_LONGEST_CODE: Final = 64
_ALWAYS: Final = {"Content-Type": "application/json", "Access-Control-Allow-Origin": "*"}

Headers = list[tuple[bytes, bytes]]
_client_network = lru_cache(20_000)(client_network)


class Front:
    """An ASGI application before another one; `headers` are on every response of this one."""

    def __init__(self, framework: Any, portal: Portal, headers: Headers) -> None:
        self._framework = framework
        self._portal = portal
        self._always = [*_encoded(_ALWAYS), *headers]
        self._known = [*self._always, *_encoded(ANSWER_HEADERS)]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        started = time.perf_counter()
        asked = _asked(scope)
        if asked is None or self._portal.lookups.wait(_client_network(scope["client"][0])):
            await self._framework(scope, receive, send)  # which refuses in words
            return
        try:
            status, headers, body = await self._answer(*asked)
        except Exception:  # noqa: BLE001 - the framework meets it as well, logs it and says so
            await self._framework(scope, receive, send)
            return
        headers = [(b"content-length", b"%d" % len(body)), *headers]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
        seconds = time.perf_counter() - started
        self._portal.measures.requests.labels(ROUTE, str(status)).observe(seconds)

    async def _answer(self, code: str, language: Language) -> tuple[int, Headers, bytes]:
        if body := self._portal.from_memory(code, language):
            return 200, self._known, body
        answer = await self._portal.by_code(code)
        headers = [*self._always, *_encoded(answer_headers(answer))]
        return status_of(answer), headers, in_json(answer, language)


def _asked(scope: Any) -> tuple[str, Language] | None:
    """The code and the language of the answer; None for any other request."""
    if scope["type"] != "http" or scope["method"] != "GET" or scope["query_string"]:
        return None
    path: str = scope["path"]
    code = path.removeprefix(_STEM)
    if code is path or not code or "/" in code or len(code) > _LONGEST_CODE or not scope["client"]:
        return None
    accepted = b""
    for name, value in scope["headers"]:
        if name == b"cookie":
            return None  # a browser's; it may hold the language
        if name == b"accept-language":
            accepted = value
    return code, _language(accepted)


@lru_cache(1024)
def _language(accepted: bytes) -> Language:
    return choose_language({}, {}, accepted.decode("latin-1"))


def _encoded(headers: Mapping[str, str]) -> Headers:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]
