"""`GET /v1/copies/{code}` before the framework, whose routing would take most of its time.

What is unusual about a request, and what is refused, is left to the framework. Limits, headers,
measures and answers are the same as there.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple, cast

from granian.utils.proxies import wrap_asgi_with_proxy_headers

from verify_portal.limiting.source import Source, source_of
from verify_portal.portal import Portal
from verify_portal.telling import ANSWER_HEADERS, answer_headers, in_json, status_of
from verify_portal.texts import Language, choose_language

ROUTE: Final = "/v1/copies/{code}"
_STEM: Final = ROUTE.partition("{")[0]
_LONGEST_CODE: Final = 64
#: What is made of a header is remembered; somebody may send thousands of long ones.
_LONGEST_HEADER: Final = 256
_REMEMBERED: Final = frozenset({b"accept-language", b"x-forwarded-for"})
_ALWAYS: Final = {"Content-Type": "application/json", "Access-Control-Allow-Origin": "*"}

Headers = list[tuple[bytes, bytes]]


class _Asked(NamedTuple):
    """`peer` connects; `via` is what it says about whom it connects for."""

    code: str
    language: Language
    peer: str
    via: tuple[bytes, ...]


class Front:
    """An ASGI application before another one; `headers` are on every response of this one."""

    def __init__(
        self, framework: Any, portal: Portal, headers: Headers, trusted_proxies: Sequence[str]
    ) -> None:
        # Whom the limits apply to: a header that anyone can send counts only from a named proxy.
        self._framework = wrap_asgi_with_proxy_headers(framework, trusted_hosts=[*trusted_proxies])
        self._client_of = _client_through(trusted_proxies)
        self._portal = portal
        self._good = portal.measures.requests.of(ROUTE, 200)
        self._always = [*_encoded(_ALWAYS), *headers]
        self._known = [*self._always, *_encoded(ANSWER_HEADERS)]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        started = time.perf_counter()
        asked = _asked(scope)
        if asked is None:
            await self._framework(scope, receive, send)
            return
        client = self._client_of(asked.peer, asked.via)
        if self._portal.limits.wait_to_ask(client):
            await self._framework(scope, receive, send)  # which refuses in words
            return
        try:
            status, headers, body = await self._answer(asked.code, asked.language, client)
        except Exception:  # noqa: BLE001 - the framework meets it as well, logs it and says so
            await self._framework(scope, receive, send)
            return
        headers = [(b"content-length", b"%d" % len(body)), *headers]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
        timing = self._good if status == 200 else self._portal.measures.requests.of(ROUTE, status)
        timing.took(time.perf_counter() - started)

    async def _answer(
        self, code: str, language: Language, client: Source
    ) -> tuple[int, Headers, bytes]:
        if body := self._portal.from_memory(code, language):
            return 200, self._known, body
        answer = await self._portal.by_code(code)
        self._portal.charge(client, answer)
        body = in_json(answer, language)
        if answer.retry_after is None:
            return status_of(answer), self._known, body
        return status_of(answer), [*self._always, *_encoded(answer_headers(answer))], body


def _asked(scope: Any) -> _Asked | None:
    """None for any other request."""
    if scope["type"] != "http" or scope["method"] != "GET" or scope["query_string"]:
        return None
    path: str = scope["path"]
    code = path.removeprefix(_STEM)
    if code is path or not code or "/" in code or len(code) > _LONGEST_CODE or not scope["client"]:
        return None
    accepted, via = b"", cast("tuple[bytes, ...]", ())
    for name, value in scope["headers"]:
        if name == b"cookie":
            return None  # a browser's; it may hold the language
        if name not in _REMEMBERED:
            continue
        if (via and name == b"x-forwarded-for") or len(value) > _LONGEST_HEADER:
            return None
        if name == b"accept-language":
            accepted = value
        else:
            via = (value,)
    return _Asked(code, _language(accepted), scope["client"][0], via)


def _client_through(trusted_proxies: Sequence[str]) -> Callable[[str, tuple[bytes, ...]], Source]:
    """Whom the limits apply to, by who connects and what it says of others; remembers thousands."""

    def client(scope: Any, _receive: Any, _send: Any) -> Source:
        return source_of(scope["client"][0])

    told_by = wrap_asgi_with_proxy_headers(client, trusted_hosts=[*trusted_proxies])

    @lru_cache(20_000)
    def client_of(peer: str, via: tuple[bytes, ...]) -> Source:
        headers = [(b"x-forwarded-for", value) for value in via]
        found: Source = told_by(
            {"type": "http", "client": (peer, 0), "headers": headers}, None, None
        )
        return found

    return client_of


@lru_cache(1024)
def _language(accepted: bytes) -> Language:
    return choose_language(None, None, accepted.decode("latin-1"))


def _encoded(headers: Mapping[str, str]) -> Headers:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]
