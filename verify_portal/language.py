"""The language that a request asks for.

Read here, since the framework remembers the last thousand queries and Cookie headers with what it
made of them, however long they are.
"""

import re
from typing import Any, Final

from litestar import Request

from verify_portal.texts import Language, choose_language

_LANG: Final = re.compile(r"(?:^|[&;] ?)lang=([a-z]+)")


def language_of(request: Request[Any, Any, Any]) -> Language:
    """By the address, else as it was chosen before, else as the browser is set."""
    headers = request.headers
    return choose_language(
        asked_language(request),
        _named(headers.get("cookie", "")),
        headers.get("accept-language", ""),
    )


def asked_language(request: Request[Any, Any, Any]) -> str | None:
    """What `?lang=` says."""
    return _named(request.scope["query_string"].decode("latin-1"))


def _named(pairs: str) -> str | None:
    """By a query or a Cookie header."""
    found = _LANG.search(pairs)
    return found[1] if found else None
