"""The API for those who may see more than the public: with an agency's key, or with the paper.

Like everything that is not said to be public, no cache keeps any of it (caching.py).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Final

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.exceptions import (
    HTTPException,
    NotFoundException,
    ServiceUnavailableException,
    ValidationException,
)
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import Body, FromPath

from registry.code import parse_code
from registry.errors import MalformedCode, RegistryError
from verify_portal.agency.asking import Shown, ask_by_key, ask_by_paper
from verify_portal.agency.full import FullAnswer, full_answer
from verify_portal.agency.key import AgencyKey, MistypedKey, read_key
from verify_portal.agency.openapi import OPENED_BY_KEY, PAPERS, SHOWN_BY_PAPER
from verify_portal.agency.paper import Paper
from verify_portal.agency.refusals import (
    KeyFault,
    KeyRefused,
    NotShown,
    PdfNotKept,
    PdfUnreadable,
    TooManyTries,
)
from verify_portal.errors import UnprovenEntry
from verify_portal.language import language_of
from verify_portal.log_routes import RETRY
from verify_portal.portal import Portal
from verify_portal.problems import Named, on_deep_json
from verify_portal.routes import client_of, one_file
from verify_portal.telling import answer_headers

_CHALLENGE: Final = 'Bearer realm="bansao"'
_FORBIDDEN: Final[frozenset[KeyFault]] = frozenset({"ended", "beyond-scope"})
_WITH_KEY: Final[list[dict[str, list[str]]]] = [{"agencyKey": []}]

_REFUSED_KEY: Final = {
    401: ResponseSpec(None, description="No key, none of ours, or an expired one: see `type`."),
    403: ResponseSpec(None, description="A key that was ended, or is not for this: see `type`."),
    429: ResponseSpec(None, description="Too often; ask again after Retry-After."),
}


@get(
    "/v1/copies/{code:str}/facts",
    summary="The full facts of a copy, with what proves them, for an agency's key",
    tags=["agencies"],
    security=_WITH_KEY,
    responses=_REFUSED_KEY
    | {
        200: ResponseSpec(FullAnswer, description="A verdict.", examples=[OPENED_BY_KEY]),
        503: ResponseSpec(None, description="Ask again after Retry-After."),
    },
)
async def read_facts(
    request: Request[Any, Any, Any], portal: NamedDependency[Portal], code: FromPath[str]
) -> Response[FullAnswer]:
    """As `GET /v1/copies/{code}`, and `facts`, `book_line` and `opening` with it. Read `verdict`
    first: facts of a revoked copy are told too.
    """
    with _refusals(request, portal):
        shown = await ask_by_key(portal, _key_of(request), code)
        portal.charge(client_of(request), shown.answer)
        proof = None
        if shown.disclosed is not None:
            proof = await portal.ledger.proof(shown.disclosed.found.index)
    return _full(request, shown, proof)


@get(
    "/v1/copies/{code:str}/pdf",
    summary="The registered PDF of a copy, bit for bit, for an agency's key",
    tags=["agencies"],
    security=_WITH_KEY,
    media_type="application/pdf",
    responses=_REFUSED_KEY
    | {
        404: ResponseSpec(None, description="No such copy, or no file of it is kept here."),
        410: ResponseSpec(None, description="The file was erased with its person."),
        503: ResponseSpec(None, description="Ask again after Retry-After."),
    },
)
async def read_pdf(
    request: Request[Any, Any, Any], portal: NamedDependency[Portal], code: FromPath[str]
) -> Response[bytes]:
    """To lay beside what was submitted. It says nothing about whether the copy still holds."""
    with _refusals(request, portal):
        key = _key_of(request)
        portal.tries.use_key(key.presented.hex())
        try:
            written = parse_code(code)
        except MalformedCode:
            await portal.disclosures.must_open(key, "pdf")
            raise NotFoundException from None
        with one_file(request, portal):
            pdf = await portal.disclosures.pdf_by_key(key, written)
    if pdf is None:
        raise NotFoundException
    named = {"Content-Disposition": f'attachment; filename="{written}.pdf"'}
    return Response(pdf, media_type="application/pdf", headers=named)


@post(
    "/v1/copies/{code:str}/facts",
    status_code=200,
    summary="The full facts of a copy, for who holds the paper",
    tags=["verification"],
    exception_handlers={RecursionError: on_deep_json},
    responses={
        200: ResponseSpec(FullAnswer, description="It fits.", examples=[SHOWN_BY_PAPER]),
        403: ResponseSpec(None, description="It does not fit; or there is no such copy."),
        415: ResponseSpec(None, description="Not JSON."),
        429: ResponseSpec(None, description="Tried too often; again after Retry-After."),
        503: ResponseSpec(None, description="Ask again after Retry-After."),
    },
)
async def read_facts_by_paper(
    request: Request[Any, Any, Any],
    portal: NamedDependency[Portal],
    code: FromPath[str],
    data: Annotated[Paper, Body(examples=PAPERS)],
) -> Response[FullAnswer]:
    """Show the seal in the paper's QR code, or number and name as printed. A name may be tried a
    few times an hour; what does not fit is refused in one way, whatever it is.
    """
    # Browsers let another site send this as JSON only after asking us, whom they get no leave from:
    # it could not read the answer, but would use up its visitor's tries.
    if request.content_type[0] != "application/json":
        raise HTTPException(status_code=415)
    if data.means is None:
        raise ValidationException
    with _refusals(request, portal):
        shown = await ask_by_paper(portal, data, code, client_of(request))
    return _full(request, shown, None)


def _full(request: Request[Any, Any, Any], shown: Shown, proof: str | None) -> Response[FullAnswer]:
    if shown.answer.verdict == "unavailable":
        raise ServiceUnavailableException(headers=RETRY)
    full = full_answer(shown, language_of(request), proof)
    return Response(full, headers=answer_headers(shown.answer))


def _key_of(request: Request[Any, Any, Any]) -> AgencyKey:
    """The key in the Authorization header (RFC 6750); never in an address, which is logged."""
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not text:
        raise KeyRefused("missing")
    try:
        return read_key(text.strip())
    except MistypedKey:
        raise KeyRefused("mistyped") from None


@contextmanager
def _refusals(request: Request[Any, Any, Any], portal: Portal) -> Iterator[None]:
    """Problems in HTTP's words. A made-up key is a miss: how long its refusal takes may tell
    whether there is such a copy.
    """
    try:
        yield
    except KeyRefused as refused:
        portal.measures.refused_keys.labels(refused.fault).inc()
        if refused.fault == "unknown":
            portal.limits.missed(client_of(request))
        raise _key_problem(refused.fault) from None
    except NotShown:
        raise Named("paper-refused", status_code=403) from None
    except TooManyTries as tried:
        portal.measures.limited.inc()
        wait = {"Retry-After": str(tried.seconds)}
        raise Named("too-many-tries", status_code=429, headers=wait) from None
    except PdfNotKept as gone:
        name, status = ("pdf-erased", 410) if gone.erased else ("pdf-not-kept", 404)
        raise Named(name, status_code=status) from None
    except (RegistryError, UnprovenEntry, PdfUnreadable):
        raise ServiceUnavailableException(headers=RETRY) from None


def _key_problem(fault: KeyFault) -> HTTPException:
    detail = {"missing": "", "beyond-scope": ', error="insufficient_scope"'}
    challenge = _CHALLENGE + detail.get(fault, ', error="invalid_token"')
    status = 403 if fault in _FORBIDDEN else 401
    return Named(f"key-{fault}", status_code=status, headers={"WWW-Authenticate": challenge})


AGENCY: Final = Router(path="/", route_handlers=[read_facts, read_pdf, read_facts_by_paper])
