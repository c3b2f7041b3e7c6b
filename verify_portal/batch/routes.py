"""Many questions in one request: the API for JSON and tables, and the page for tables."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from litestar import Request, Response, Router, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.exceptions import (
    HTTPException,
    ServiceUnavailableException,
    TooManyRequestsException,
)
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromQuery

from registry.seal_keys import SealKeys
from verify_portal.answer import VERDICTS
from verify_portal.batch.batch import (
    MOST_BYTES,
    BatchTold,
    answered_table,
    asked_in,
    questions_in,
    questions_of,
    read_table,
    told_together,
)
from verify_portal.batch.columns import explanation
from verify_portal.batch.openapi import CSV, XLSX, BatchOperation
from verify_portal.batch.table import MOST_LINES, Fault, Reading, TableRefused, letters_of
from verify_portal.batch.together import Answers
from verify_portal.bodies import form_of
from verify_portal.errors import ExaminersBusy, ExaminersDown
from verify_portal.language import language_of
from verify_portal.layout import render
from verify_portal.log_routes import RETRY
from verify_portal.pages import page, words_of
from verify_portal.portal import Portal
from verify_portal.problems import document
from verify_portal.question import Question
from verify_portal.routes import client_of, one_file
from verify_portal.telling import ANSWER_HEADERS

#: Room for a form's own lines around the largest table.
_REQUEST_BYTES: Final = MOST_BYTES + 64 * 1024
_STATUS: Final[dict[Fault, int]] = {
    "too-large": 413,
    "too-many-lines": 413,
    "too-many-rows": 413,
    "too-many-columns": 413,
    "too-costly": 413,
    "no-questions": 400,
    "not-a-table": 415,
    "old-format": 415,
}
#: Lines with anything but `valid` that the page shows; the result has all.
_MOST_SHOWN: Final = 50
#: Misses that one batch may cost: some minutes in which its client is answered nothing.
_MOST_MISSES: Final = 100
#: Columns to choose from before a table is known.
_LETTERS: Final = [(letters_of(at), "") for at in range(26)]
_MEDIA: Final = {"csv": f"{CSV}; charset=utf-8", "xlsx": XLSX}


@post(
    "/v1/verify/batch",
    status_code=200,
    operation_class=BatchOperation,
    request_max_body_size=_REQUEST_BYTES,
    responses={
        200: ResponseSpec(
            BatchTold,
            description="The answers to JSON; to a table, the same table with columns added.",
        ),
        400: ResponseSpec(None, description="No list of questions, or no form with a file."),
        413: ResponseSpec(None, description="Too many lines, or too much to read."),
        415: ResponseSpec(None, description="Neither JSON, CSV nor an Excel workbook."),
        422: ResponseSpec(None, description="A table without lines, or without codes."),
        429: ResponseSpec(
            None, description="Too often. Retry-After counts each line of what was asked before."
        ),
        503: ResponseSpec(BatchTold, description="No line could be answered: ask again."),
    },
    summary=f"Ask up to {MOST_LINES} questions at once, as JSON, CSV or an Excel workbook",
    tags=["verification"],
)
async def ask_together(
    request: Request[Any, Any, Any],
    portal: NamedDependency[Portal],
    column: FromQuery[str] = "",
) -> Response[Any]:
    """Every question has one of the eight verdicts, all at one checkpoint, in their order. Each
    counts as one lookup. `column` (letter or heading) says where a table's codes are; otherwise it
    is found.
    """
    if request.content_type[0] == "application/json":
        with one_file(request, portal):  # as large as one
            return await _told_in_json(request, portal)
    async with _table(request, portal, column) as (reading, answers):
        if _status(answers) == 503:
            raise ServiceUnavailableException(headers=_headers(answers))
        content = await answered_table(portal.reader.examiner, reading, answers, words_of(request))
    name = f"{words_of(request)('batch-file-name')}.{reading.table.kind}"
    headers = _headers(answers) | {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=_media(reading), headers=headers)


async def _told_in_json(request: Request[Any, Any, Any], portal: Portal) -> Response[Any]:
    asked = asked_in(await request.body())
    _grant(request, portal, len(asked))
    answers = await _answered(request, portal, await questions_in(asked, *_ours(portal)))
    body = await told_together(answers, language_of(request))
    return Response(body, status_code=_status(answers), headers=_headers(answers))


@get("/batch", include_in_schema=False)
async def show_form(request: Request[Any, Any, Any]) -> Response[str]:
    """Where a table is chosen or dropped."""
    return _page(request)


@post(
    "/batch",
    status_code=200,
    include_in_schema=False,
    request_max_body_size=_REQUEST_BYTES,
)
async def check_table(
    request: Request[Any, Any, Any], portal: NamedDependency[Portal]
) -> Response[str]:
    """The summary, and the result as a link that holds it: nothing of the table stays here."""
    try:
        async with _table(request, portal, "") as (reading, answers):
            words = words_of(request)
            content = await answered_table(portal.reader.examiner, reading, answers, words)
    except TableRefused as refusal:
        return _page(request, status=_STATUS.get(refusal.fault, 422), fault=refusal.fault)
    return _page(
        request,
        headers=_headers(answers),
        reading=reading,
        answers=answers,
        summary=[(one, answers.summary[one]) for one in VERDICTS if one in answers.summary],
        troubled=[
            (row + 1, text, answer)
            for (row, text), answer in zip(reading.lines.items(), answers.answers, strict=True)
            if answer.verdict != "valid"
        ],
        columns=reading.columns,
        result=f"data:{_media(reading)};base64,{base64.b64encode(content).decode('ascii')}",
    )


@asynccontextmanager
async def _table(
    request: Request[Any, Any, Any], portal: Portal, column: str
) -> AsyncIterator[tuple[Reading, Answers]]:
    """A client's table, read and answered while it holds one of his places for files."""
    with one_file(request, portal):
        try:
            content, column = await _sent(request, column)
            reading = await read_table(portal.reader.examiner, content, column)
            _grant(request, portal, len(reading.lines))
            asked = await questions_of(reading, *_ours(portal))
            yield reading, await _answered(request, portal, asked)
        except (ExaminersBusy, ExaminersDown):
            raise ServiceUnavailableException(headers=RETRY) from None


async def _sent(request: Request[Any, Any, Any], column: str) -> tuple[bytes, str]:
    kind = request.content_type[0]
    if kind in {CSV, XLSX}:
        return await request.body(), column
    if kind != "multipart/form-data":
        raise HTTPException(status_code=415)
    form = await form_of(request)
    uploaded = form.get("file")
    if not isinstance(uploaded, UploadFile):
        raise TableRefused("empty")
    return await uploaded.read(), str(form.get("column", "")) or column


def _grant(request: Request[Any, Any, Any], portal: Portal, lines: int) -> None:
    """Within the client's limits; before a refused one's lines cost us anything."""
    if seconds := portal.limits.wait_to_ask_together(client_of(request), lines):
        portal.measures.limited.inc()
        raise TooManyRequestsException(headers={"Retry-After": str(seconds)})


async def _answered(
    request: Request[Any, Any, Any], portal: Portal, asked: list[Question]
) -> Answers:
    """A mistyped line is no guess: tables are full of them. Nor is a table of another system's
    codes, which must not shut its office out for hours.
    """
    answers = await portal.together.answer(asked)
    unknown = sum(one.asked == "code" and one.verdict == "unknown" for one in answers.answers)
    if unknown:
        portal.limits.missed(client_of(request), min(unknown, _MOST_MISSES))
    return answers


def _ours(portal: Portal) -> tuple[str, SealKeys]:
    return portal.settings.portal_url, portal.reader.seal_keys


def _media(reading: Reading) -> str:
    if reading.table.encoding.startswith("utf-16"):
        return f"{CSV}; charset=utf-16"
    return _MEDIA[reading.table.kind]


def _status(answers: Answers) -> int:
    """503 where there is no answer at all, though something was asked."""
    return 503 if set(answers.summary) - {"malformed"} == {"unavailable"} else 200


def _headers(answers: Answers) -> dict[str, str]:
    waits = [one.retry_after for one in answers.answers if one.retry_after is not None]
    return ANSWER_HEADERS | ({"Retry-After": str(max(waits))} if waits else {})


def _page(
    request: Request[Any, Any, Any],
    *,
    status: int = 200,
    headers: dict[str, str] = ANSWER_HEADERS,
    **values: Any,
) -> Response[str]:
    given = {"fault": "", "reading": None, "columns": _LETTERS} | values
    content = render(
        "batch.html",
        words_of(request),
        here="/batch",
        most_lines=MOST_LINES,
        most_shown=_MOST_SHOWN,
        explanation=explanation,
        **given,
    )
    return page(request, content, status=status, headers=headers)


def _refused(request: Request[Any, Any, Any], refusal: TableRefused) -> Response[Any]:
    """As a problem document (RFC 9457)."""
    words = words_of(request)
    return document(
        f"batch-{refusal.fault}",
        title=words("batch-refused-title"),
        detail=words(f"batch-refused-{refusal.fault}", most=MOST_LINES),
        status=_STATUS.get(refusal.fault, 422),
    )


def _too_large(request: Request[Any, Any, Any], _: HTTPException) -> Response[Any]:
    """Cut off by the framework while it was received."""
    if request.scope["path"] == "/batch":
        return _page(request, status=413, fault="too-large")
    return _refused(request, TableRefused("too-large"))


BATCH: Final = Router(
    path="/",
    route_handlers=[ask_together, show_form, check_table],
    exception_handlers={TableRefused: _refused, 413: _too_large},
)
