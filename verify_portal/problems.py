"""What the portal says when it cannot treat a request as a question (RFC 9457)."""

from http import HTTPStatus
from typing import Any, Final

import structlog
from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler

from verify_portal.language import language_of
from verify_portal.layout import render
from verify_portal.telling import EXPOSED
from verify_portal.texts import texts

_log = structlog.get_logger()
_READABLE: Final = "Access-Control-Allow-Origin"
_PROBLEM: Final = "application/problem+json"
#: Those with words of their own; every other status gets the words of its class.
_NAMED: Final = {400, 404, 405, 408, 413, 415, 429, 500, 503}
_MACHINE_PATHS: Final = ("/v1/", "/log/", "/schema", "/metrics", "/healthz", "/readyz")


class Named(HTTPException):
    """A refusal with words of its own: those of `problem-<name>-title` and `-detail`."""

    def __init__(
        self, name: str, *, status_code: int, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(status_code=status_code, headers=headers)
        self.name = name


class NotAcceptable(HTTPException):
    """The client takes none of the forms that there are."""

    status_code = 406


def on_http_exception(request: Request[Any, Any, Any], failure: HTTPException) -> Response[Any]:
    """A refusal by the framework or by a route."""
    name = failure.name if isinstance(failure, Named) else None
    return problem(request, failure.status_code, headers=dict(failure.headers or {}), name=name)


def on_slow_body(request: Request[Any, Any, Any], _: Exception) -> Response[Any]:
    """The rest may still come: this connection cannot be used for another request."""
    return problem(request, HTTPStatus.REQUEST_TIMEOUT, headers={"Connection": "close"})


def on_crowd(request: Request[Any, Any, Any], _: Exception) -> Response[Any]:
    """The rest of the body is not read either."""
    headers = {"Connection": "close", "Retry-After": "5"}
    return problem(request, HTTPStatus.SERVICE_UNAVAILABLE, headers=headers)


def on_deep_json(request: Request[Any, Any, Any], _: Exception) -> Response[Any]:
    """Thousands of brackets in each other, which the framework takes for a defect of ours."""
    return problem(request, HTTPStatus.BAD_REQUEST)


def on_any_exception(request: Request[Any, Any, Any], failure: Exception) -> Response[Any]:
    """A defect of ours: nothing of it is shown, all of it is logged."""
    _log.error("request failed", route=request.scope.get("path_template"), exc_info=failure)
    return problem(request, HTTPStatus.INTERNAL_SERVER_ERROR)


def problem(
    request: Request[Any, Any, Any],
    status: int,
    headers: dict[str, str] | None = None,
    name: str | None = None,
) -> Response[Any]:
    """A page for people, a problem document for programs; the path is never repeated in it."""
    words = texts(language_of(request))
    known = status if status in _NAMED else (400 if status < 500 else 500)
    key = name or known
    kept = _for_scripts(request) | {
        name: value for name, value in (headers or {}).items() if name.lower() != "content-type"
    }
    if _for_people(request):
        page = render("problem.html", words, problem=f"problem-{key}", ours=status >= 500)
        return Response(page, status_code=status, media_type=MediaType.HTML, headers=kept)
    title, detail = words(f"problem-{key}-title"), words(f"problem-{key}-detail")
    return document(name or _slug(known), title=title, detail=detail, status=status, headers=kept)


def document(
    name: str, *, title: str, detail: str, status: int, headers: dict[str, str] | None = None
) -> Response[Any]:
    """A problem by its name in our own list."""
    content = {
        "type": f"urn:bansao:problem:{name}",
        "title": title,
        "status": status,
        "detail": detail,
    }
    return Response(content, status_code=status, media_type=_PROBLEM, headers=headers)


def _slug(status: int) -> str:
    return HTTPStatus(status).phrase.lower().replace(" ", "-")


def _for_scripts(request: Request[Any, Any, Any]) -> dict[str, str]:
    """What lets another site's script read a refusal, where it may read the answer."""
    handler = request.scope.get("route_handler")
    if not isinstance(handler, HTTPRouteHandler):
        return {}
    headers = {header.name: header.value for header in handler.resolve_response_headers()}
    if (whose := headers.get(_READABLE)) is None:
        return {}
    return {_READABLE: whose} | EXPOSED


def _for_people(request: Request[Any, Any, Any]) -> bool:
    path = request.scope["path"]
    # People follow links to PDFs from a page.
    if path.startswith(_MACHINE_PATHS) and not path.endswith(".pdf"):
        return False
    return "text/html" in request.headers.get("accept", "")
