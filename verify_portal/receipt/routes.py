"""Receipts over HTTP: of a code, or of a file by its SHA-256."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.exceptions import TooManyRequestsException
from litestar.params import FromPath, FromQuery

from verify_portal.errors import NotAttested, NothingToAttest
from verify_portal.log_routes import OPEN
from verify_portal.portal import Portal
from verify_portal.problems import Named, NotAcceptable
from verify_portal.receipt.making import Receipts
from verify_portal.receipt.openapi import JSON_TYPE, PDF_TYPE, RESPONSES, EitherForm, PdfForm
from verify_portal.receipt.statement import Statement
from verify_portal.routes import client_of, one_file

_JSON_ALIKE: Final = "application/json"


@get(
    "/v1/copies/{code:str}/receipt",
    responses=RESPONSES,
    operation_class=EitherForm,
    summary="A receipt, JSON or PDF",
)
async def of_code(
    request: Request[Any, Any, Any], portal: NamedDependency[Portal], code: FromPath[str]
) -> Response[bytes]:
    """JSON, unless `Accept` prefers application/pdf."""
    return await _accepted(request, portal, code=code)


@get(
    "/v1/copies/{code:str}/receipt.pdf",
    responses=RESPONSES,
    operation_class=PdfForm,
    summary="A receipt as PDF/A-3",
)
async def of_code_as_pdf(
    request: Request[Any, Any, Any], portal: NamedDependency[Portal], code: FromPath[str]
) -> Response[bytes]:
    return await _pdf(request, portal, code=code)


@get(
    "/v1/digests/{sha256:str}/receipt",
    responses=RESPONSES,
    operation_class=EitherForm,
    summary="A receipt about a file",
)
async def of_file(
    request: Request[Any, Any, Any],
    portal: NamedDependency[Portal],
    sha256: FromPath[str],
    code: FromQuery[str | None] = None,
) -> Response[bytes]:
    """`code`: what the file carries. When a copy has it and not this digest, that is `altered`."""
    return await _accepted(request, portal, sha256=sha256, code=code)


@get(
    "/v1/digests/{sha256:str}/receipt.pdf",
    responses=RESPONSES,
    operation_class=PdfForm,
    summary="The same as PDF/A-3",
)
async def of_file_as_pdf(
    request: Request[Any, Any, Any],
    portal: NamedDependency[Portal],
    sha256: FromPath[str],
    code: FromQuery[str | None] = None,
) -> Response[bytes]:
    return await _pdf(request, portal, sha256=sha256, code=code)


async def _accepted(
    request: Request[Any, Any, Any], portal: Portal, **asked: str | None
) -> Response[bytes]:
    wanted = request.accept.best_match([JSON_TYPE, _JSON_ALIKE, PDF_TYPE])
    if wanted is None:
        raise NotAcceptable
    return await (_pdf if wanted == PDF_TYPE else _json)(request, portal, **asked)


async def _json(
    request: Request[Any, Any, Any], portal: Portal, **asked: str | None
) -> Response[bytes]:
    receipts = _receipts(portal)
    with _refusals():
        statement = await _attested(request, portal, receipts, **asked)
    return _file(receipts.in_json(statement), JSON_TYPE, "bansao-receipt.json")


async def _pdf(
    request: Request[Any, Any, Any], portal: Portal, **asked: str | None
) -> Response[bytes]:
    receipts = _receipts(portal)
    if not receipts.prints:
        raise _not_made()
    # A page costs what a file does, so it is counted as one.
    if seconds := portal.limits.wait_to_send_a_file(client_of(request)):
        portal.measures.limited.inc()
        raise TooManyRequestsException(headers={"Retry-After": str(seconds)})
    with one_file(request, portal), _refusals():
        content = await receipts.in_pdf(await _attested(request, portal, receipts, **asked))
    return _file(content, PDF_TYPE, "bansao-receipt.pdf")


async def _attested(
    request: Request[Any, Any, Any], portal: Portal, receipts: Receipts, **asked: str | None
) -> Statement:
    statement = await receipts.attest(**asked)
    if statement.verdict == "unknown" and asked.get("code") is not None:
        portal.limits.missed(client_of(request))
    return statement


def _receipts(portal: Portal) -> Receipts:
    if portal.receipts is None:
        raise _not_made()
    return portal.receipts


def _not_made() -> Named:
    return Named("receipt-not-made", status_code=404)


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except NothingToAttest:
        raise Named("receipt-nothing", status_code=404) from None
    except NotAttested as outage:
        headers = {"Retry-After": str(outage.retry_after)}
        raise Named("receipt-later", status_code=503, headers=headers) from None


def _file(content: bytes, kind: str, name: str) -> Response[bytes]:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
        "Vary": "Accept",
    }
    return Response(content, media_type=kind, headers=headers)


RECEIPTS: Final = Router(
    path="/",
    response_headers=OPEN,
    tags=["receipts"],
    route_handlers=[of_code, of_code_as_pdf, of_file, of_file_as_pdf],
)
