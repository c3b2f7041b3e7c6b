"""The pages. They work without a script; a script only spares a file its upload."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from litestar import MediaType, Request, Response, Router, get, post
from litestar.datastructures import Cookie, UploadFile
from litestar.di import NamedDependency
from litestar.exceptions import TooManyRequestsException
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from verify_portal.agency.disclosing import Disclosed
from verify_portal.agency.form import NOTHING_TYPED, PaperForm
from verify_portal.answer import Answer
from verify_portal.bodies import form_of
from verify_portal.file.beside import Pair
from verify_portal.file.verify_file import MOST_BYTES
from verify_portal.headers import allowing
from verify_portal.language import asked_language, language_of
from verify_portal.layout import render, render_answer
from verify_portal.portal import Portal
from verify_portal.question import LONGEST_TEXT
from verify_portal.receipt.links import receipt_links
from verify_portal.routes import FORM_BYTES, by_upload, client_of, one_file, past_day
from verify_portal.telling import answer_headers, status_of
from verify_portal.texts import LANGUAGES, Texts, texts

_YEAR: Final = 365 * 24 * 3600
_LONGEST_TYPED: Final = 200
#: The same for everybody who wants the same language, until the next version.
_KEPT: Final = {"Cache-Control": "public, max-age=60", "Vary": "Accept-Language, Cookie"}
_ROBOTS: Final = Path(__file__).parent / "static" / "robots.txt"
_KEPT_A_DAY: Final = {"Cache-Control": "public, max-age=86400"}


@get("/", include_in_schema=False)
async def home(request: Request[Any, Any, Any]) -> Response[str]:
    """One field, one place to drop a file."""
    return page(
        request, render("home.html", words_of(request), most_bytes=MOST_BYTES), headers=_KEPT
    )


@get("/robots.txt", include_in_schema=False)
async def robots() -> Response[str]:
    return Response(_ROBOTS.read_text(), media_type=MediaType.TEXT, headers=_KEPT_A_DAY)


@get("/c/{code:str}", include_in_schema=False)
async def show_copy(
    request: Request[Any, Any, Any],
    portal: NamedDependency[Portal],
    code: FromPath[str],
    on: FromQuery[date | None] = None,
) -> Response[str]:
    """What the QR code opens; `on` is a past day to be spoken of too."""
    answer = await portal.by_code(code, past_day(portal, on))
    # Only a well-formed code is repeated in a link; anything else may be what must not be kept.
    here = f"/c/{answer.code}" if answer.code else "/"
    if answer.code and on is not None:
        here += f"?on={on.isoformat()}"
    return answered(request, answer, here=here, typed=code, today=portal.today())


@post("/check", status_code=200, include_in_schema=False, request_max_body_size=FORM_BYTES)
async def check(request: Request[Any, Any, Any], portal: NamedDependency[Portal]) -> Response[Any]:
    """The forms: a file, a file's digest, or typed text.

    Only a well-formed code gets an address of its own. What somebody typed by mistake may be an
    identity number, and addresses are remembered by browsers and servers.
    """
    if request.content_type[0] == "multipart/form-data":
        with one_file(request, portal):
            return await _check_form(request, portal, counted_as_file=True)
    return await _check_form(request, portal)


async def _check_form(
    request: Request[Any, Any, Any], portal: Portal, *, counted_as_file: bool = False
) -> Response[Any]:
    form = await form_of(request)
    uploaded, digest = form.get("file"), str(form.get("sha256", ""))
    if isinstance(uploaded, UploadFile) and uploaded.filename:
        answer = await by_upload(request, portal, uploaded)
        await uploaded.seek(0)
        return answered(request, answer, pairs=await portal.beside(await uploaded.read(), answer))
    if counted_as_file and (seconds := portal.limits.wait_to_ask(client_of(request))):
        portal.measures.limited.inc()
        raise TooManyRequestsException(headers={"Retry-After": str(seconds)})
    if digest:
        return answered(request, await portal.by_digest(digest))
    typed = str(form.get("code", ""))[:LONGEST_TEXT].strip()
    answer = await portal.by_text(typed)
    names = [check.name for check in answer.checks]
    # The address of a code says nothing of where a link led or of its seal.
    if answer.code and answer.asked == "code" and names[0] == "code" and "seal" not in names:
        return Redirect(f"/c/{answer.code}", status_code=303)
    return answered(request, answer, typed=typed)


def answered(
    request: Request[Any, Any, Any],
    answer: Answer,
    *,
    here: str = "/",
    typed: str = "",
    today: date | None = None,
    pairs: Sequence[Pair] = (),
    form: PaperForm = NOTHING_TYPED,
    disclosed: Disclosed | None = None,
    status: int | None = None,
) -> Response[str]:
    """The page of an answer; its client pays for it if it is a miss. `status` where the answer's
    own is not the response's.
    """
    portal: Portal = request.app.state.portal
    portal.charge(client_of(request), answer)
    receipts = portal.receipts
    content = render_answer(
        answer,
        words_of(request),
        here=here,
        typed=typed[:_LONGEST_TYPED],
        today=today,
        pairs=pairs,
        receipt=receipt_links(answer, prints=receipts.prints) if receipts else None,
        form=form,
        disclosed=disclosed,
    )
    headers = answer_headers(answer)
    if pairs:
        headers = headers | allowing("img-src", "data:")
    return page(request, content, status=status or status_of(answer), headers=headers)


def page(
    request: Request[Any, Any, Any],
    content: str,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response[str]:
    """A language chosen in the address is remembered."""
    wanted = asked_language(request)
    cookies = (
        [Cookie(key="lang", value=wanted, max_age=_YEAR, httponly=True, samesite="lax")]
        if wanted in LANGUAGES
        else []
    )
    return Response(
        content, status_code=status, media_type=MediaType.HTML, headers=headers, cookies=cookies
    )


def words_of(request: Request[Any, Any, Any]) -> Texts:
    """In the language that the visitor wants."""
    return texts(language_of(request))


PAGES: Final = Router(path="/", route_handlers=[home, robots, show_copy, check])
