"""The portal as an ASGI application."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from litestar import Litestar, Request
from litestar.datastructures import CacheControlHeader, State
from litestar.di import Provide
from litestar.exceptions import HTTPException, TooManyRequestsException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin, YamlRenderPlugin
from litestar.static_files import create_static_files_router
from litestar.types import Message, Scope

from verify_portal.agency.pages import PAPER_PAGES
from verify_portal.agency.routes import AGENCY
from verify_portal.batch.openapi import CSV, XLSX
from verify_portal.batch.routes import BATCH
from verify_portal.bytes_held import BytesHeld
from verify_portal.caching import Caching
from verify_portal.errors import BodyTooSlow, TooMuchHeld
from verify_portal.front import Front
from verify_portal.headers import SecurityHeaders
from verify_portal.heads import Heads
from verify_portal.openapi import AGENCY_KEYS, describe_refusals
from verify_portal.pages import PAGES
from verify_portal.patience import Patience
from verify_portal.portal import Portal
from verify_portal.problems import on_any_exception, on_crowd, on_http_exception, on_slow_body
from verify_portal.receipt.routes import RECEIPTS
from verify_portal.revoked_routes import REVOKED
from verify_portal.routes import API, client_of
from verify_portal.scan.routes import scanning
from verify_portal.settings import Settings

_STATIC: Final = Path(__file__).parent / "static"
_FONTS: Final = "@fontsource/be-vietnam-pro"
_KEPT_STATIC: Final = CacheControlHeader(max_age=3600, public=True)
_KEPT_FONTS: Final = CacheControlHeader(max_age=30 * 24 * 3600, public=True)
#: Asked by machines that must always get through, or served from disk alone.
_UNLIMITED: Final = ("/static/", "/fonts/", "/scan/", "/healthz", "/readyz", "/metrics")
#: The framework remembers the last thousand queries that it has read, at twenty times their length.
_LONGEST_QUERY: Final = 2_048
_FILE_TYPES: Final = {"multipart/form-data", "application/pdf", CSV, XLSX}
#: Elsewhere a file's type would only be a way round the limit on guesses.
_FILE_ROUTES: Final = {"/check", "/batch", "/v1/verify", "/v1/verify/batch"}


def create_app(settings: Settings, portal: Portal | None = None) -> Any:
    """The ASGI application; `portal` replaces the one that the settings describe, for tests."""
    running = portal or Portal.open(settings)
    security = SecurityHeaders(https=settings.portal_url.startswith("https:"))
    framework = _framework(settings, running, security)
    behind = Heads(Caching(Patience(BytesHeld(framework))))
    return Front(behind, running, security.headers, settings.trusted_proxies)


def _framework(settings: Settings, running: Portal, security: SecurityHeaders) -> Litestar:
    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        running.begin()
        try:
            yield
        finally:
            await running.close()

    def given() -> Portal:
        return running

    framework = Litestar(
        route_handlers=[
            API,
            AGENCY,
            PAPER_PAGES,
            PAGES,
            REVOKED,
            BATCH,
            RECEIPTS,
            scanning(settings),
            create_static_files_router(
                path="/static", directories=[_STATIC], name="static", cache_control=_KEPT_STATIC
            ),
            create_static_files_router(
                path="/fonts",
                directories=[settings.assets / _FONTS],
                name="fonts",
                cache_control=_KEPT_FONTS,
            ),
        ],
        dependencies={"portal": Provide(given, sync_to_thread=False)},
        lifespan=[lifespan],
        before_request=_limit,
        before_send=[security, _measure],
        exception_handlers={
            HTTPException: on_http_exception,
            BodyTooSlow: on_slow_body,
            TooMuchHeld: on_crowd,
            Exception: on_any_exception,
        },
        openapi_config=OpenAPIConfig(
            title="Bản Sao: verification",
            version="1",
            description="Ask whether a certified copy is in the registry and still holds.",
            path="/schema",
            components=AGENCY_KEYS,
            render_plugins=[JsonRenderPlugin(), YamlRenderPlugin()],
        ),
        state=State({"portal": running}),
        logging_config=None,
        request_max_body_size=64 * 1024,
    )
    describe_refusals(framework.openapi_schema)
    return framework


def _limit(request: Request[Any, Any, Any]) -> None:
    """Refuses a client that asks too often or at too great length, before its body is read."""
    request.scope["state"]["started"] = time.perf_counter()
    if len(request.scope["query_string"]) > _LONGEST_QUERY:
        raise HTTPException(status_code=414)
    path = request.scope["path"]
    if path.startswith(_UNLIMITED):
        return
    portal: Portal = request.app.state.portal
    if path.startswith("/log/"):
        wait = portal.limits.wait_to_read_the_log
    elif _brings_a_file(request):
        wait = portal.limits.wait_to_send_a_file
    else:
        wait = portal.limits.wait_to_ask
    if seconds := wait(client_of(request)):
        portal.measures.limited.inc()
        raise TooManyRequestsException(headers={"Retry-After": str(seconds)})


def _brings_a_file(request: Request[Any, Any, Any]) -> bool:
    template = request.scope["path_template"]
    return template in _FILE_ROUTES and request.content_type[0] in _FILE_TYPES


async def _measure(message: Message, scope: Scope) -> None:
    """Time to the first byte, by route as it is declared: a path could hold a code."""
    started = scope["state"].get("started")
    if message["type"] != "http.response.start" or started is None:
        return
    portal: Portal = scope["litestar_app"].state.portal
    timing = portal.measures.requests.of(scope.get("path_template", ""), message["status"])
    timing.took(time.perf_counter() - started)
