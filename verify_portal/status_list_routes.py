"""The signed status lists, for agencies that check copies without asking about any of them
(draft-ietf-oauth-status-list, sections 8 and 9).
"""

import asyncio
import gzip
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.exceptions import (
    NotFoundException,
    ServiceUnavailableException,
    ValidationException,
)
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIResponse, Operation, Schema
from litestar.openapi.spec.enums import OpenAPIType
from litestar.params import FromPath, FromQuery

from registry.errors import RegistryError
from registry.status_list import LIFETIME, TIME_TO_LIVE, list_uri
from registry.status_token import CWT_TYPE, JWT_TYPE
from registry.store.listing import SignedList
from verify_portal.headers import accepts_gzip
from verify_portal.log_routes import OPEN, RETRY
from verify_portal.portal import Portal
from verify_portal.problems import NotAcceptable

#: Below the list's own time to live, so that caches together do not outlast it.
_KEPT: Final = f"public, max-age={int(TIME_TO_LIVE.total_seconds()) // 10}"
_LAST_LIST: Final = 2**31 - 1


_NEITHER: Final = {406: ResponseSpec(None, description="Neither form of a list is accepted.")}


@dataclass
class ListOperation(Operation):
    """A list comes in the form that is asked for."""

    def __post_init__(self) -> None:
        answered = (self.responses or {}).get("200")
        if isinstance(answered, OpenAPIResponse) and answered.content is not None:
            for kind in (JWT_TYPE, CWT_TYPE):
                answered.content[kind] = OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING))


@get(
    "/",
    operation_class=ListOperation,
    responses=_NEITHER,
    summary="The addresses of all lists, or the first list by its type",
)
async def read_lists(
    request: Request[Any, Any, Any],
    portal: NamedDependency[Portal],
    time: FromQuery[int | None] = None,
) -> Response[Any]:
    """JSON (the draft's aggregation); by `Accept: application/statuslist+jwt` or `+cwt`, list 0, as
    it is at its own address.
    """
    if request.accept.best_match(["application/json", JWT_TYPE, CWT_TYPE]) in {JWT_TYPE, CWT_TYPE}:
        return await _list(request, portal, 0, time)
    try:
        numbers = await portal.ledger.list_numbers()
    except RegistryError:
        raise ServiceUnavailableException(headers=RETRY) from None
    uris = [list_uri(portal.settings.portal_url, number) for number in numbers]
    headers = {"Cache-Control": _KEPT, "Vary": "Accept"}
    return Response({"status_lists": uris}, headers=headers)


@get(
    "/{number:int}",
    operation_class=ListOperation,
    responses=_NEITHER,
    media_type=JWT_TYPE,
    summary="A signed status list as JWT or CWT",
)
async def read_list(
    request: Request[Any, Any, Any],
    portal: NamedDependency[Portal],
    number: FromPath[int],
    time: FromQuery[int | None] = None,
) -> Response[Any]:
    """A JWT unless CWT is preferred. `time` (POSIX seconds): the list that was valid then."""
    return await _list(request, portal, number, time)


async def _list(
    request: Request[Any, Any, Any], portal: Portal, number: int, time: int | None
) -> Response[Any]:
    kind = request.accept.best_match([JWT_TYPE, CWT_TYPE])
    if kind is None:
        raise NotAcceptable
    then = _moment(time)
    if not 0 <= number <= _LAST_LIST:
        raise NotFoundException(headers={"Cache-Control": "no-store"})
    try:
        signed = await portal.ledger.status_list(number, then)
    except RegistryError:
        raise ServiceUnavailableException(headers=RETRY) from None
    if signed is None or (then is not None and signed.signed_at + LIFETIME <= then):
        raise NotFoundException(headers={"Cache-Control": "no-store"})
    return await _served(request, signed, kind)


async def _served(request: Request[Any, Any, Any], signed: SignedList, kind: str) -> Response[Any]:
    content = signed.jwt.encode("ascii") if kind == JWT_TYPE else signed.cwt
    headers = {
        "Cache-Control": _KEPT,
        "Vary": "Accept, Accept-Encoding",
        "Last-Modified": f"{signed.signed_at.astimezone(UTC):%a, %d %b %Y %H:%M:%S} GMT",
    }
    if kind == JWT_TYPE and accepts_gzip(request.headers.get("accept-encoding", "")):
        headers["Content-Encoding"] = "gzip"
        content = await asyncio.to_thread(gzip.compress, content, 6, mtime=0)
    return Response(content, media_type=kind, headers=headers)


def _moment(time: int | None) -> datetime | None:
    if time is None:
        return None
    try:
        return datetime.fromtimestamp(time, UTC)
    except (ValueError, OverflowError, OSError):
        raise ValidationException from None


STATUS_LISTS: Final = Router(
    path="/v1/status-list",
    response_headers=OPEN,
    tags=["status lists"],
    route_handlers=[read_lists, read_list],
)
