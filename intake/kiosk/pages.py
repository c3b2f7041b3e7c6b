"""The kiosk's pages: the walk itself, and the page that a phone opens to take the copy along."""

from typing import Any

from litestar import Request, Router, get
from litestar.di import NamedDependency
from litestar.response import Template

from intake.edges import Edges
from intake.payment.fee import MOST_A_COPY
from intake.problems import page_language
from intake.texts import LANGUAGES, texts

STATIONS = ("received", "reading", "officer", "signing", "ready")


@get("/", include_in_schema=False)
async def kiosk(request: Request[Any, Any, Any], edges: NamedDependency[Edges]) -> Template:
    language = page_language(request)
    units = {unit.code: unit.name for unit in await edges.store.units()}
    code = edges.settings.unit_code or next(iter(units), "")
    context = {
        "t": texts(language),
        "language": language,
        "languages": LANGUAGES,
        "unit": units.get(code, ""),
        "most_a_copy": MOST_A_COPY,
        "stations": STATIONS,
    }
    return Template("kiosk.html", context=context)


@get("/take", include_in_schema=False)
async def take(request: Request[Any, Any, Any]) -> Template:
    language = page_language(request)
    context = {"t": texts(language), "language": language, "stations": STATIONS}
    return Template("take.html", context=context)


router = Router("/", route_handlers=[kiosk, take])
