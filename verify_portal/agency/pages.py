"""Full facts on the answer's page, for who holds the paper. Works without a script."""

import math
from typing import Any, Final
from urllib.parse import urlsplit

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec.structs import replace

from registry.errors import RegistryError
from verify_portal.agency.asking import ask_by_paper
from verify_portal.agency.form import PaperForm, paper_in
from verify_portal.agency.refusals import NotShown, TooManyTries
from verify_portal.answer import Answer
from verify_portal.bodies import form_of
from verify_portal.errors import UnprovenEntry
from verify_portal.log_routes import RETRY
from verify_portal.pages import answered
from verify_portal.portal import Portal
from verify_portal.problems import problem
from verify_portal.routes import client_of

_OURS: Final = {"same-origin", "none"}


@get("/c/{code:str}/facts", include_in_schema=False)
async def reopen(code: FromPath[str]) -> Redirect:
    """Who comes back to the address of the form's answer has nothing to show any more."""
    return Redirect(f"/c/{code}", status_code=303)


@post("/c/{code:str}/facts", status_code=200, include_in_schema=False)
async def show_facts(
    request: Request[Any, Any, Any], portal: NamedDependency[Portal], code: FromPath[str]
) -> Response[Any]:
    """The answer's page with everything on it; or as it was, with what did not fit."""
    fields = await form_of(request)
    paper, form = paper_in(fields), PaperForm.typed(fields)
    if _sent_from_elsewhere(request):
        return await _again(request, portal, code, replace(form, fault="elsewhere"), 403)
    try:
        shown = await ask_by_paper(portal, paper, code, client_of(request))
    except NotShown:
        fault = "refused-seal" if paper.means == "seal" else "refused"
        return await _again(request, portal, code, replace(form, fault=fault), 403)
    except TooManyTries as tried:
        portal.measures.limited.inc()
        waiting = replace(form, fault="wait", minutes=math.ceil(tried.seconds / 60))
        response = await _again(request, portal, code, waiting, 429)
        response.headers["Retry-After"] = str(tried.seconds)
        return response
    except (RegistryError, UnprovenEntry):
        return problem(request, 503, RETRY)
    return _page(request, portal, shown.answer, disclosed=shown.disclosed)


async def _again(
    request: Request[Any, Any, Any], portal: Portal, code: str, form: PaperForm, status: int
) -> Response[str]:
    """The page as it was, and what to do about it."""
    return _page(request, portal, await portal.by_code(code), form=form, status=status)


def _page(
    request: Request[Any, Any, Any], portal: Portal, answer: Answer, **more: Any
) -> Response[str]:
    here = f"/c/{answer.code}" if answer.code else "/"
    return answered(request, answer, here=here, today=portal.today(), **more)


def _sent_from_elsewhere(request: Request[Any, Any, Any]) -> bool:
    """Whether another site's page made a visitor's browser send this: it could not read the answer,
    but would use up his tries. Our own pages send `Origin: null`, by their Referrer-Policy, so that
    Origin alone says nothing where browsers do not send Sec-Fetch-Site.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in _OURS
    origin = request.headers.get("origin", "null")
    return origin != "null" and urlsplit(origin).netloc != request.headers.get("host")


PAPER_PAGES: Final = Router(path="/", route_handlers=[reopen, show_facts])
