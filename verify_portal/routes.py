"""The API. Every question that can be asked gets 200 and a verdict; an outage of ours gets 503."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, Final

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.exceptions import (
    HTTPException,
    NotFoundException,
    ServiceUnavailableException,
    TooManyRequestsException,
    ValidationException,
)
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, FromQuery

from registry.code import code_hash, parse_code
from registry.errors import MalformedCode, RegistryError
from verify_portal.answer import Answer
from verify_portal.bodies import form_of, small_body
from verify_portal.errors import TooManyAtOnce, UnprovenEntry
from verify_portal.file.verify_file import MOST_BYTES
from verify_portal.language import language_of
from verify_portal.ledger import Standing
from verify_portal.limiting.source import Source, source_of
from verify_portal.log_routes import LOG, OPEN, RETRY, proof_file
from verify_portal.measures import CONTENT_TYPE
from verify_portal.openapi import EXAMPLES, AskingOperation
from verify_portal.portal import Portal
from verify_portal.status_list_routes import STATUS_LISTS
from verify_portal.telling import Told, answer_headers, status_of, told

#: Room for a form's own lines around the largest file.
FORM_BYTES: Final = MOST_BYTES + 64 * 1024


class Question(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Exactly one of the three: a PDF's SHA-256 in hexadecimal, a code, or a QR code's text."""

    sha256: str | None = None
    code: str | None = None
    qr: str | None = None


_ANSWERS: Final = {
    200: ResponseSpec(
        Told,
        description=(
            "A verdict; read `verdict`, not the status. A file is the certified copy only when "
            "`verdict` is `valid` and `verified` is `content`: with `verified` `code`, just the "
            "code (typed, or read in a photograph) was looked up, and nothing was compared."
        ),
        examples=EXAMPLES,
    ),
    503: ResponseSpec(Told, description="`unavailable`: ask again after Retry-After."),
}


@get(
    "/v1/copies/{code:str}",
    responses=_ANSWERS,
    response_headers=OPEN,
    summary="The status of the copy with this code",
    tags=["verification"],
)
async def read_copy(
    request: Request[Any, Any, Any],
    portal: NamedDependency[Portal],
    code: FromPath[str],
    on: FromQuery[date | None] = None,
) -> Response[Told]:
    """`verdict` is of now. `on` (YYYY-MM-DD, not after today in Hanoi): `on_day` says what had
    effect at the end of that day.
    """
    return as_response(request, await portal.by_code(code, past_day(portal, on)))


@get(
    "/v1/copies/{code:str}/proof",
    media_type="text/plain",
    response_headers=OPEN,
    summary="The entry with its inclusion proof and the signed checkpoint (C2SP tlog-proof)",
    tags=["verification"],
)
async def read_proof(
    request: Request[Any, Any, Any], portal: NamedDependency[Portal], code: FromPath[str]
) -> Response[str]:
    try:
        found = await portal.ledger.copies.by_code(parse_code(code))
        if found is None:
            portal.limits.missed(client_of(request))
            raise NotFoundException
        return proof_file(await portal.ledger.proof(found.index))
    except MalformedCode:
        raise NotFoundException from None
    except (RegistryError, UnprovenEntry):
        raise ServiceUnavailableException(headers=RETRY) from None


@get(
    "/v1/copies/{code:str}/absence",
    media_type="text/plain",
    response_headers=OPEN,
    summary="What the log holds about this code, if anything, with its proof (map-proof)",
    tags=["verification"],
)
async def read_absence(
    request: Request[Any, Any, Any], portal: NamedDependency[Portal], code: FromPath[str]
) -> Response[str]:
    """Proves that no entry is about the code, or which is the latest one that is."""
    portal.limits.missed(client_of(request))  # who asks for this expects nothing to be there
    try:
        return proof_file(await portal.ledger.map_proof(code_hash(code)), "bansao.map-proof")
    except MalformedCode:
        raise NotFoundException from None
    except RegistryError:
        raise ServiceUnavailableException(headers=RETRY) from None


@post(
    "/v1/verify",
    status_code=200,
    responses=_ANSWERS,
    operation_class=AskingOperation,
    request_max_body_size=FORM_BYTES,
    summary="Ask by file (multipart field `file`), or by `sha256`, `code` or `qr` in JSON",
    tags=["verification"],
)
async def ask(request: Request[Any, Any, Any], portal: NamedDependency[Portal]) -> Response[Told]:
    """`qr` is a QR code's whole text, whose seal stands behind the address's `#`. What a genuine
    seal of the copy says comes back as `sealed`, to be compared with the paper; a seal that is
    forged, or another copy's, makes the verdict `altered`.
    """
    kind, _ = request.content_type
    if kind == "multipart/form-data":
        with one_file(request, portal):
            uploaded = (await form_of(request)).get("file")
            if not isinstance(uploaded, UploadFile):
                raise ValidationException
            return as_response(request, await by_upload(request, portal, uploaded))
    if kind == "application/pdf":
        with one_file(request, portal):
            pdf, client = await request.body(), client_of(request)
            return as_response(request, await portal.by_file(pdf, named_pdf=True, client=client))
    if kind == "application/json":
        return as_response(request, await _by_question(portal, await small_body(request)))
    raise HTTPException(status_code=415)


def past_day(portal: Portal, day: date | None) -> date | None:
    """The same; nobody knows what will hold on a later day than today."""
    if day is not None and day > portal.today():
        raise ValidationException
    return day


@contextmanager
def one_file(request: Request[Any, Any, Any], portal: Portal) -> Iterator[None]:
    """While a file of this client is received and examined; 429 when it has enough of them."""
    try:
        with portal.at_once.one(client_of(request)):
            yield
    except TooManyAtOnce:
        portal.measures.limited.inc()
        raise TooManyRequestsException(headers=RETRY) from None


async def by_upload(
    request: Request[Any, Any, Any], portal: Portal, uploaded: UploadFile
) -> Answer:
    """The answer to a form's file. What is called a PDF must be one."""
    name = (uploaded.filename or "").lower()
    named_pdf = uploaded.content_type == "application/pdf" or name.endswith(".pdf")
    content, client = await uploaded.read(), client_of(request)
    return await portal.by_file(content, named_pdf=named_pdf, client=client)


def client_of(request: Request[Any, Any, Any]) -> Source:
    """Whom the limits apply to."""
    return source_of(request.client.host if request.client else "")


async def _by_question(portal: Portal, document: bytes) -> Answer:
    try:
        question = msgspec.json.decode(document, type=Question)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise ValidationException from None
    match question:
        case Question(sha256=str(digest), code=None, qr=None):
            return await portal.by_digest(digest)
        case Question(sha256=None, code=str(code), qr=None):
            return await portal.by_code(code)
        case Question(sha256=None, code=None, qr=str(text)):
            return await portal.by_text(text)
        case _:
            raise ValidationException


@get("/healthz", tags=["operation"])
async def healthz() -> dict[str, str]:
    """The process runs."""
    return {"status": "ok"}


class Readiness(Standing, frozen=True, kw_only=True):
    """`status` is `ready` or `unavailable`."""

    status: str


@get("/readyz", tags=["operation"])
async def readyz(portal: NamedDependency[Portal]) -> Response[Readiness]:
    """Whether an answer could be given now, or a quarter of a second ago: database reached,
    checkpoint there and not stale.
    """
    ready, standing = await portal.state()
    status = "ready" if ready else "unavailable"
    readiness = Readiness(status=status, **msgspec.structs.asdict(standing))
    return Response(readiness, status_code=200 if ready else 503)


@get("/metrics", include_in_schema=False)
async def metrics(portal: NamedDependency[Portal]) -> Response[bytes]:
    """Prometheus text."""
    return Response(await portal.exposition(), media_type=CONTENT_TYPE)


def as_response(request: Request[Any, Any, Any], answer: Answer) -> Response[Told]:
    """The JSON of an answer; its client pays for it if it is a miss."""
    portal: Portal = request.app.state.portal
    portal.charge(client_of(request), answer)
    return Response(
        told(answer, language_of(request)),
        status_code=status_of(answer),
        headers=answer_headers(answer),
    )


API: Final = Router(
    path="/",
    route_handlers=[
        read_copy,
        read_proof,
        read_absence,
        ask,
        LOG,
        STATUS_LISTS,
        healthz,
        readyz,
        metrics,
    ],
)
