"""The officer's pages: sign in, queue, dossier, decision."""

from typing import Any, get_args
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.datastructures import Cookie, FormMultiDict, State
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER

from intake.certify.entitled import mandate_of
from intake.delivery.deliver import copy_of
from intake.desk import decide
from intake.desk import store as desk
from intake.desk.correction import Correction
from intake.desk.errors import ComparisonMissing, NotLoggedIn
from intake.desk.login import SESSION_LASTS, confirm_password, log_in
from intake.desk.officer import Officer
from intake.desk.queue import waiting_since
from intake.desk.view import view_of
from intake.dossier import Dossier, Role
from intake.edges import Edges
from intake.errors import IntakeError
from intake.examine import load_file, stored_file
from intake.problems import LANGUAGE_COOKIE, page_language, status_of
from intake.recognise.reading import DocumentType
from intake.texts import LANGUAGES, texts
from registry.clock import HANOI

SESSION_COOKIE = "bansao_session"
FIELD = "field."

AnyRequest = Request[Any, Any, Any]


async def signed_in(request: AnyRequest, edges: NamedDependency[Edges]) -> Officer:
    """The officer of this session; raises NotLoggedIn."""
    token = request.cookies.get(SESSION_COOKIE, "")
    officer = await desk.officer_of_session(edges.store, token, edges.clock())
    if officer is None:
        raise NotLoggedIn
    return officer


async def mine(
    dossier_id: FromPath[UUID], edges: NamedDependency[Edges], officer: NamedDependency[Officer]
) -> Dossier:
    """A dossier of the officer's own unit; raises DossierNotFound."""
    return await desk.dossier_for(edges.store, officer, dossier_id)


@get("/", include_in_schema=False)
async def front() -> Redirect:
    return Redirect("/desk", status_code=HTTP_303_SEE_OTHER)


@get("/desk/login")
async def login_page(request: AnyRequest) -> Template:
    return _page(request, "login.html")


@post("/desk/login")
async def login(request: AnyRequest, edges: NamedDependency[Edges], state: State) -> Response[Any]:
    form = await request.form()
    name = _text(form, "username")
    try:
        token = await log_in(
            edges.store, edges.clock, state.throttle, name, _text(form, "password")
        )
    except IntakeError as refused:
        return _page(request, "login.html", refused, username=name)
    cookie = Cookie(
        key=SESSION_COOKIE,
        value=token,
        max_age=int(SESSION_LASTS.total_seconds()),
        httponly=True,
        secure=edges.settings.desk_url.startswith("https:"),
        samesite="strict",
    )
    return Redirect("/desk", status_code=HTTP_303_SEE_OTHER, cookies=[cookie])


@post("/desk/logout")
async def logout(request: AnyRequest, edges: NamedDependency[Edges]) -> Redirect:
    await desk.end_session(edges.store, request.cookies.get(SESSION_COOKIE, ""))
    gone = Cookie(key=SESSION_COOKIE, value="", max_age=0, httponly=True, samesite="strict")
    return Redirect("/desk/login", status_code=HTTP_303_SEE_OTHER, cookies=[gone])


@post("/desk/language")
async def choose_language(request: AnyRequest) -> Redirect:
    form = await request.form()
    chosen = _text(form, "lang")
    language = chosen if chosen in LANGUAGES else LANGUAGES[0]
    cookie = Cookie(key=LANGUAGE_COOKIE, value=language, max_age=31_536_000, samesite="strict")
    back = _text(form, "back")
    # Only a path of this desk: an address given from outside must not lead away from here.
    safe = back if back.startswith("/desk") and "//" not in back else "/desk"
    return Redirect(safe, status_code=HTTP_303_SEE_OTHER, cookies=[cookie])


@get("/desk")
async def queue_page(
    request: AnyRequest, edges: NamedDependency[Edges], officer: NamedDependency[Officer]
) -> Template:
    now = edges.clock()
    waiting = await desk.waiting(edges.store, officer.unit_code)
    return _page(
        request,
        "queue.html",
        officer=officer,
        unit=await _unit_name(edges, officer),
        waiting=[waiting_since(dossier, now) for dossier in waiting],
        answered=await desk.answered(edges.store, officer.unit_code),
    )


@get("/desk/dossiers/{dossier_id:uuid}")
async def dossier_page(
    request: AnyRequest,
    edges: NamedDependency[Edges],
    officer: NamedDependency[Officer],
    dossier: NamedDependency[Dossier],
) -> Template:
    await decide.note_view(edges.store, edges.clock, officer, dossier)
    return await _dossier_page(request, edges, officer, dossier)


@get("/desk/dossiers/{dossier_id:uuid}/state")
async def dossier_state(dossier: NamedDependency[Dossier]) -> dict[str, str]:
    return {"state": dossier.state.value, "updated_at": dossier.updated_at.isoformat()}


@get("/desk/dossiers/{dossier_id:uuid}/files/{role:str}/{ordinal:int}")
async def dossier_file(
    role: FromPath[Role],
    ordinal: FromPath[int],
    edges: NamedDependency[Edges],
    dossier: NamedDependency[Dossier],
) -> Response[bytes]:
    file = await stored_file(edges.store, dossier, role, ordinal)
    content = await load_file(edges.store, edges.blobs, dossier.id, file)
    return Response(content, media_type=file.media_type)


@get("/desk/dossiers/{dossier_id:uuid}/copy")
async def dossier_copy(
    edges: NamedDependency[Edges], dossier: NamedDependency[Dossier]
) -> Response[bytes]:
    copy = await copy_of(edges, dossier.id)
    headers = {"content-disposition": f'inline; filename="{copy.name}"'}
    return Response(copy.content, media_type=copy.media_type, headers=headers)


@post("/desk/dossiers/{dossier_id:uuid}/correct")
async def correct(
    request: AnyRequest,
    edges: NamedDependency[Edges],
    officer: NamedDependency[Officer],
    dossier: NamedDependency[Dossier],
) -> Response[Any]:
    correction = _correction(await request.form())
    try:
        await decide.correct(edges.store, edges.clock, officer, dossier.id, correction)
    except IntakeError as refused:
        return await _dossier_page(
            request, edges, officer, dossier, refused=refused, typed=correction
        )
    return _to(dossier)


@post("/desk/dossiers/{dossier_id:uuid}/sign")
async def sign(
    request: AnyRequest,
    edges: NamedDependency[Edges],
    officer: NamedDependency[Officer],
    dossier: NamedDependency[Dossier],
    state: State,
) -> Response[Any]:
    form = await request.form()
    correction = _correction(form)
    try:
        if _text(form, "compared") != "yes":
            raise ComparisonMissing
        await confirm_password(
            edges.store, edges.clock, state.throttle, officer.username, _text(form, "password")
        )
        await mandate_of(edges.registry, officer.officer_id, officer.unit_code, edges.clock())
        await decide.sign_order(edges.store, edges.clock, officer, dossier.id, correction)
    except IntakeError as refused:
        return await _dossier_page(
            request, edges, officer, dossier, refused=refused, typed=correction
        )
    return _to(dossier)


@post("/desk/dossiers/{dossier_id:uuid}/refuse")
async def refuse(
    request: AnyRequest,
    edges: NamedDependency[Edges],
    officer: NamedDependency[Officer],
    dossier: NamedDependency[Dossier],
) -> Response[Any]:
    form = await request.form()
    ground, reason = _text(form, "ground"), _text(form, "reason")
    try:
        await decide.refuse(
            edges.store,
            edges.clock,
            officer,
            dossier.id,
            ground=int(ground) if ground.isdecimal() else 0,
            reason=reason,
        )
    except IntakeError as refused:
        return await _dossier_page(request, edges, officer, dossier, refused=refused)
    return _to(dossier)


@post("/desk/dossiers/{dossier_id:uuid}/retry")
async def retry(
    edges: NamedDependency[Edges],
    officer: NamedDependency[Officer],
    dossier: NamedDependency[Dossier],
) -> Redirect:
    await decide.try_again(edges.store, officer, dossier.id)
    return _to(dossier)


def to_login(request: AnyRequest, error: NotLoggedIn) -> Redirect:
    """No session: back to the start."""
    return Redirect("/desk/login", status_code=HTTP_303_SEE_OTHER)


def known_problem(request: AnyRequest, error: IntakeError) -> Template:
    """A failure that has a name, as a page."""
    return _page(request, "problem.html", error)


def _page(
    request: AnyRequest, name: str, refused: IntakeError | None = None, **context: object
) -> Template:
    say = texts(page_language(request))
    shown = context | {
        "t": say,
        "language": page_language(request),
        "languages": LANGUAGES,
        "here": request.url.path,
        "hanoi": HANOI,
        "refused": None if refused is None else say(refused.code, **refused.values),
    }
    status = HTTP_200_OK if refused is None else status_of(refused)
    return Template(name, context=shown, status_code=status)


async def _dossier_page(
    request: AnyRequest,
    edges: Edges,
    officer: Officer,
    dossier: Dossier,
    *,
    refused: IntakeError | None = None,
    typed: Correction | None = None,
) -> Template:
    fresh = await edges.store.dossier(dossier.id)
    say = texts(page_language(request))
    return _page(
        request,
        "dossier.html",
        refused,
        officer=officer,
        unit=await _unit_name(edges, officer),
        view=await view_of(edges.store, edges.clock, say, fresh, typed),
        document_types=get_args(DocumentType),
        grounds=decide.GROUNDS,
        portal_url=edges.settings.portal_url,
    )


def _correction(form: FormMultiDict) -> Correction:
    names = [name for name in form if name.startswith(FIELD)]
    return Correction(
        document_type=_text(form, "document_type"),
        title=_text(form, "title"),
        holder_name=_text(form, "holder_name"),
        fields={name.removeprefix(FIELD): _text(form, name) for name in names},
    )


def _text(form: FormMultiDict, name: str) -> str:
    value = form.get(name)
    return value if isinstance(value, str) else ""


async def _unit_name(edges: Edges, officer: Officer) -> str:
    names = {unit.code: unit.name for unit in await edges.store.units()}
    return names[officer.unit_code]


def _to(dossier: Dossier) -> Redirect:
    return Redirect(f"/desk/dossiers/{dossier.id}", status_code=HTTP_303_SEE_OTHER)


router = Router(
    "/",
    route_handlers=[
        front,
        login_page,
        login,
        logout,
        choose_language,
        queue_page,
        dossier_page,
        dossier_state,
        dossier_file,
        dossier_copy,
        correct,
        sign,
        refuse,
        retry,
    ],
    dependencies={"officer": Provide(signed_in), "dossier": Provide(mine)},
    exception_handlers={NotLoggedIn: to_login, IntakeError: known_problem},
    include_in_schema=False,
)
