"""The two web applications of intake: the kiosk's and the desk's.

Both answer at once and leave the slow work, reading and certifying, to the queue's worker.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import structlog
from litestar import Litestar, MediaType, Response, Router, get
from litestar.config.csrf import CSRFConfig
from litestar.datastructures import CacheControlHeader, MutableScopeHeaders, State
from litestar.di import NamedDependency, Provide
from litestar.middleware.rate_limit import RateLimitConfig
from litestar.openapi import OpenAPIConfig
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.static_files import create_static_files_router
from litestar.status_codes import HTTP_200_OK, HTTP_503_SERVICE_UNAVAILABLE
from litestar.template.config import TemplateConfig
from litestar.types import Message, Scope

from intake.desk import pages as desk_pages
from intake.desk.login import Throttle
from intake.edges import Edges, open_edges
from intake.kiosk import pages as kiosk_pages
from intake.kiosk import routes as kiosk_routes
from intake.problems import HANDLERS
from intake.settings import Settings
from registry.clock import Clock, utc_now

_log = structlog.get_logger("intake")

HERE = Path(__file__).parent
# A kiosk asks about its dossier every two seconds; this leaves room for ten of them behind one
# address and still stops a flood.
REQUESTS_A_MINUTE = 600
DESK_BODY = 256 * 1024
_HEALTH_PATIENCE = 2.0  # seconds
_CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
    "img-src 'self' blob:; media-src 'self' blob:; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": _CONTENT_POLICY,
    "permissions-policy": "camera=(self), microphone=(), geolocation=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}

Lifespan = Callable[[Litestar], AbstractAsyncContextManager[None]]


@get("/healthz", include_in_schema=False)
async def healthz(edges: NamedDependency[Edges]) -> Response[str]:
    """200 while the database answers, otherwise 503; what is wrong stands in the log alone."""
    try:
        async with asyncio.timeout(_HEALTH_PATIENCE):
            await edges.store.ping()
    except Exception as error:  # noqa: BLE001  whatever it is, nothing can be served without it
        _log.warning("database away", kind=type(error).__name__)
        return Response("", media_type=MediaType.TEXT, status_code=HTTP_503_SERVICE_UNAVAILABLE)
    return Response("", media_type=MediaType.TEXT, status_code=HTTP_200_OK)


def create_kiosk_app(settings: Settings, clock: Clock = utc_now) -> Litestar:
    """The citizens' application: `/`, `/take` and the API `/v1/dossiers`."""
    return Litestar(
        route_handlers=[kiosk_routes.router, kiosk_pages.router, healthz, *_static(settings)],
        lifespan=[_with_edges(settings, clock)],
        middleware=[
            RateLimitConfig(
                rate_limit=("minute", REQUESTS_A_MINUTE), exclude=["^/static", "^/healthz$"]
            ).middleware
        ],
        openapi_config=OpenAPIConfig(title="Bản Sao: kiosk", version="1"),
        **_common(),
    )


def create_desk_app(settings: Settings, clock: Clock = utc_now) -> Litestar:
    """The officers' application, `/desk`; what it orders is done by the worker."""
    secure = settings.desk_url.startswith("https:")
    return Litestar(
        route_handlers=[desk_pages.router, healthz, *_static(settings)],
        lifespan=[_with_edges(settings, clock)],
        csrf_config=CSRFConfig(
            secret=settings.session_key,
            cookie_name="bansao_csrf",
            cookie_secure=secure,
            cookie_httponly=True,
            cookie_samesite="strict",
        ),
        request_max_body_size=DESK_BODY,
        openapi_config=None,
        **_common(),
        state=State({"throttle": Throttle()}),
    )


def _common() -> dict[str, Any]:
    return {
        "dependencies": {"edges": Provide(_edges, sync_to_thread=False)},
        "exception_handlers": HANDLERS,
        "before_send": [_protect],
        "template_config": TemplateConfig(directory=HERE / "templates", engine=JinjaTemplateEngine),
        "logging_config": None,
    }


def _edges(state: State) -> Edges:
    edges: Edges = state.edges
    return edges


def _with_edges(settings: Settings, clock: Clock) -> Lifespan:
    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        async with open_edges(settings, clock) as edges:
            app.state.edges = edges
            yield

    return lifespan


async def _protect(message: Message, scope: Scope) -> None:
    """Headers of every answer, refusals included; what names no cache rule is never stored."""
    if message["type"] != "http.response.start":
        return
    headers = MutableScopeHeaders.from_message(message)
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)
    headers.setdefault("cache-control", "no-store")


def _static(settings: Settings) -> list[Router]:
    fonts = settings.assets / "@fontsource" / "be-vietnam-pro" / "files"
    lasting = CacheControlHeader(public=True, max_age=3600)
    served = [("/static", HERE / "static"), ("/static/fonts", fonts)]
    return [
        create_static_files_router(path, [directory], name=path, cache_control=lasting)
        for path, directory in served
        # Without the asset package the pages fall back to the system's typeface.
        if directory.is_dir()
    ]
