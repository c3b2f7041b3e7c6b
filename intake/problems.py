"""Failures as RFC 9457 problem details in the client's language.

A known failure says what to do. An unknown one says only its number: the same number stands in the
log beside everything that is known about it.
"""

import errno
import secrets
from typing import Any

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.status_codes import (
    HTTP_400_BAD_REQUEST,
    HTTP_401_UNAUTHORIZED,
    HTTP_403_FORBIDDEN,
    HTTP_404_NOT_FOUND,
    HTTP_409_CONFLICT,
    HTTP_410_GONE,
    HTTP_413_REQUEST_ENTITY_TOO_LARGE,
    HTTP_415_UNSUPPORTED_MEDIA_TYPE,
    HTTP_422_UNPROCESSABLE_ENTITY,
    HTTP_429_TOO_MANY_REQUESTS,
    HTTP_500_INTERNAL_SERVER_ERROR,
    HTTP_503_SERVICE_UNAVAILABLE,
    HTTP_507_INSUFFICIENT_STORAGE,
)
from litestar.types import ExceptionHandlersMap

from intake.certify.errors import MayNotCertify
from intake.desk.errors import LoginRefused, LoginThrottled, NotLoggedIn
from intake.errors import (
    BoundedTaskFailed,
    DossierErased,
    DossierNotFound,
    FilePurged,
    IntakeError,
    NoProcess,
    TooLarge,
    WrongState,
    WrongType,
)
from intake.kiosk.errors import CopyNotReady, TooManyRequests
from intake.store import UNREACHABLE
from intake.texts import Language, language_of, texts

PROBLEM_JSON = "application/problem+json"
LANGUAGE_COOKIE = "bansao_language"

# The first line that fits counts; every other failure of intake is the request's: 422.
_STATUS: tuple[tuple[type[IntakeError], int], ...] = (
    (DossierNotFound, HTTP_404_NOT_FOUND),
    (DossierErased, HTTP_410_GONE),
    (FilePurged, HTTP_410_GONE),
    (WrongState, HTTP_409_CONFLICT),
    (CopyNotReady, HTTP_409_CONFLICT),
    (TooLarge, HTTP_413_REQUEST_ENTITY_TOO_LARGE),
    (WrongType, HTTP_415_UNSUPPORTED_MEDIA_TYPE),
    (TooManyRequests, HTTP_429_TOO_MANY_REQUESTS),
    (LoginThrottled, HTTP_429_TOO_MANY_REQUESTS),
    (MayNotCertify, HTTP_403_FORBIDDEN),
    (LoginRefused, HTTP_403_FORBIDDEN),
    (NotLoggedIn, HTTP_401_UNAUTHORIZED),
    (NoProcess, HTTP_503_SERVICE_UNAVAILABLE),
    (BoundedTaskFailed, HTTP_422_UNPROCESSABLE_ENTITY),
)
_HTTP_CODES = {
    HTTP_400_BAD_REQUEST: "error-bad-request",
    HTTP_403_FORBIDDEN: "error-forbidden",
    HTTP_404_NOT_FOUND: "error-not-found",
    HTTP_413_REQUEST_ENTITY_TOO_LARGE: "error-too-large-request",
    HTTP_429_TOO_MANY_REQUESTS: "error-too-many-requests",
}

_log = structlog.get_logger("intake")


def page_language(request: Request[Any, Any, Any]) -> Language:
    """A page's language: asked for in the address or chosen before, otherwise Vietnamese.

    What the browser prefers does not count: a public screen's is nobody's choice.
    """
    return language_of((request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)))


def request_language(request: Request[Any, Any, Any]) -> Language:
    """A program's language: what it asks for in Accept-Language."""
    return language_of((request.headers.get("accept-language"),))


def status_of(error: IntakeError) -> int:
    """The HTTP status that says the same as the error's name."""
    return next(
        (status for kind, status in _STATUS if isinstance(error, kind)),
        HTTP_422_UNPROCESSABLE_ENTITY,
    )


def problem(
    request: Request[Any, Any, Any], status: int, code: str, **values: object
) -> Response[dict[str, object]]:
    """One problem document. `code` is stable for programs, `detail` is for people."""
    say = texts(request_language(request))
    body: dict[str, object] = {
        "type": f"urn:bansao:problem:{code}",
        "title": code.removeprefix("error-").replace("-", " "),
        "status": status,
        "detail": say(code, **values),
        "code": code,
    }
    return Response(
        body | {name: value for name, value in values.items() if name == "incident"},
        status_code=status,
        media_type=PROBLEM_JSON,
        headers={"cache-control": "no-store"},
    )


def known(request: Request[Any, Any, Any], error: IntakeError) -> Response[Any]:
    """A failure that has a name; ours stands in the log, too."""
    status = status_of(error)
    if status >= HTTP_500_INTERNAL_SERVER_ERROR:
        _log.error("request failed", route=request.scope.get("path_template"), exc_info=error)
    return problem(request, status, error.code, **error.values)


def of_http(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """What the framework refused: an unknown address, a malformed body, a missing CSRF token."""
    code = _HTTP_CODES.get(error.status_code, "error-bad-request")
    return problem(request, error.status_code, code)


def unknown(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Everything else: ours to find in the log by its number, never the citizen's fault."""
    incident = secrets.token_hex(4)
    _log.error(
        "request failed",
        incident=incident,
        method=request.method,
        route=request.scope.get("path_template") or request.url.path,
        exc_info=error,
    )
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return problem(request, HTTP_507_INSUFFICIENT_STORAGE, "error-disk-full", incident=incident)
    if isinstance(error, UNREACHABLE):
        status, code = HTTP_503_SERVICE_UNAVAILABLE, "error-unavailable"
        return problem(request, status, code, incident=incident)
    status = HTTP_500_INTERNAL_SERVER_ERROR
    return problem(request, status, "error-unknown", incident=incident)


HANDLERS: ExceptionHandlersMap = {
    IntakeError: known,
    HTTPException: of_http,
    Exception: unknown,
}
