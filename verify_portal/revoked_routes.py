"""The cancelled copies, for everybody: a page, JSON and a feed of the same list.

The law wants the decisions published (TT 01/2020 art. 7); a code opens a copy's facts, and a name
is its holder's. So the list says unit, book line and decision, which whoever holds the paper can
compare, and neither name nor code.
"""

import re
from datetime import UTC, date, datetime
from typing import Any, Final
from urllib.parse import urlencode

import msgspec
from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.exceptions import ServiceUnavailableException, ValidationException
from litestar.params import FromQuery

from registry.clock import HANOI
from registry.errors import RegistryError
from registry.log.checkpoint import MAX_SIZE
from registry.revocations import ListedUnit, Revocation, RevokedPage
from verify_portal.answer import CheckpointSeen
from verify_portal.layout import render
from verify_portal.log_routes import OPEN, RETRY
from verify_portal.pages import page, words_of
from verify_portal.portal import Portal
from verify_portal.verdicts import seen

_EACH_PAGE: Final = 25
_KEPT: Final = {"Cache-Control": "public, max-age=60"}
_IN_LANGUAGES: Final = {"Vary": "Accept-Language, Cookie"}
_MONTH: Final = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])", re.ASCII)
_UNIT: Final = re.compile(r"[0-9A-Za-z.-]{1,16}", re.ASCII)
#: Characters of a code hash that are shown: who has the code finds the entry, nobody the reverse.
_SHORT: Final = 12


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the list; `month` as YYYY-MM."""

    unit: str | None = None
    month: str | None = None
    before: int | None = None

    def address(self, path: str, **changes: object) -> str:
        """Of this part, or of the one that `changes` make of it."""
        asked = msgspec.structs.asdict(msgspec.structs.replace(self, **changes))
        given = {name: value for name, value in asked.items() if value is not None}
        return f"{path}?{urlencode(given)}" if given else path


class Cancelled(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the list. `code_hash` is the beginning of the one in the log, in hexadecimal."""

    index: int
    unit_code: str
    unit_name: str
    book: str
    number: int
    certified_on: date
    decision: str
    decided_on: date
    reason: str
    entered_at: datetime
    code_hash: str


class CancelledPage(msgspec.Struct, frozen=True, kw_only=True):
    """`next` is the address of the older ones; null at the end."""

    revoked: list[Cancelled]
    next: str | None
    checkpoint: CheckpointSeen


@get(
    "/v1/revoked",
    response_headers=OPEN,
    summary="Cancelled copies, newest first",
    tags=["cancelled copies"],
)
async def read_revoked(
    portal: NamedDependency[Portal],
    unit: FromQuery[str | None] = None,
    month: FromQuery[str | None] = None,
    before: FromQuery[int | None] = None,
) -> Response[CancelledPage]:
    """Of one unit, or decided in one month (YYYY-MM); `before` is the index of an entry."""
    asked = Asked(unit=unit or None, month=month or None, before=before)
    found = await _page_of(portal, asked)
    told = CancelledPage(
        revoked=[_line(one) for one in found.revocations],
        next=_older(asked, found, portal.settings.portal_url + "/v1/revoked"),
        checkpoint=seen(found.checkpoint),
    )
    return Response(told, headers=_KEPT)


@get("/revoked", include_in_schema=False)
async def show_revoked(
    request: Request[Any, Any, Any],
    portal: NamedDependency[Portal],
    unit: FromQuery[str | None] = None,
    month: FromQuery[str | None] = None,
    before: FromQuery[int | None] = None,
) -> Response[str]:
    asked = Asked(unit=unit or None, month=month or None, before=before)
    found = await _page_of(portal, asked)
    try:
        units: list[ListedUnit] = await portal.ledger.units_with_revocations()
    except RegistryError:
        raise ServiceUnavailableException(headers=RETRY) from None
    content = render(
        "revoked.html",
        words_of(request),
        here=asked.address("/revoked"),
        asked=asked,
        lines=[_line(one) for one in found.revocations],
        units=units,
        older=_older(asked, found, "/revoked"),
        newest=asked.address("/revoked", before=None) if asked.before is not None else None,
        feed=asked.address("/revoked.atom", month=None, before=None),
        checkpoint=seen(found.checkpoint),
    )
    return page(request, content, headers=_KEPT | _IN_LANGUAGES)


@get("/revoked.atom", include_in_schema=False, media_type="application/atom+xml")
async def feed_revoked(
    request: Request[Any, Any, Any],
    portal: NamedDependency[Portal],
    unit: FromQuery[str | None] = None,
    before: FromQuery[int | None] = None,
) -> Response[str]:
    """RFC 4287; older ones behind `next` (RFC 5005). An entry's id is its place in this log."""
    asked = Asked(unit=unit or None, before=before)
    found = await _page_of(portal, asked)
    base = portal.settings.portal_url.rstrip("/")
    lines = [_line(one) for one in found.revocations]
    content = render(
        "revoked.atom",
        words_of(request),
        base=base,
        self_address=asked.address(f"{base}/revoked.atom"),
        first_address=asked.address(f"{base}/revoked.atom", before=None),
        older=_older(asked, found, f"{base}/revoked.atom"),
        lines=lines,
        updated=lines[0].entered_at if lines else datetime.fromtimestamp(0, UTC),
    )
    return Response(content, media_type="application/atom+xml", headers=_KEPT | _IN_LANGUAGES)


async def _page_of(portal: Portal, asked: Asked) -> RevokedPage:
    month = _month(asked.month)
    if asked.unit is not None and not _UNIT.fullmatch(asked.unit):
        raise ValidationException
    if asked.before is not None and not 0 <= asked.before <= MAX_SIZE:
        raise ValidationException
    try:
        return await portal.ledger.revoked(
            unit_code=asked.unit, month=month, before=asked.before, most=_EACH_PAGE
        )
    except RegistryError:
        raise ServiceUnavailableException(headers=RETRY) from None


def _month(text: str | None) -> date | None:
    if text is None:
        return None
    if (named := _MONTH.fullmatch(text)) is None:
        raise ValidationException
    return date(int(named[1]), int(named[2]), 1)


def _older(asked: Asked, found: RevokedPage, path: str) -> str | None:
    return None if found.older is None else asked.address(path, before=found.older)


def _line(one: Revocation) -> Cancelled:
    return Cancelled(
        index=one.index,
        unit_code=one.unit_code,
        unit_name=one.unit_name,
        book=one.book,
        number=one.number,
        certified_on=one.certified_at.astimezone(HANOI).date(),
        decision=one.decision,
        decided_on=one.decided_on,
        reason=one.reason,
        entered_at=one.entered_at,
        code_hash=one.code_hash.hex()[:_SHORT],
    )


REVOKED: Final = Router(path="/", route_handlers=[read_revoked, show_revoked, feed_revoked])
