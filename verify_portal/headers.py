"""Headers on every response, whoever made it: pages, API, files, refusals."""

from typing import Any, Final

_POLICY: Final = "content-security-policy"
_SOURCES: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self';"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_EVERYWHERE: Final = {
    _POLICY: _SOURCES,
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    # A code opens a copy's facts; no address with one belongs into a search engine.
    "x-robots-tag": "noindex, nofollow",
}
_REFUSED: Final = {"q=0", "q=0.0", "q=0.00", "q=0.000"}
_HTTPS_ONLY: Final = {"strict-transport-security": "max-age=31536000"}


class SecurityHeaders:
    """An ASGI send hook. `https` says that the public address is, so that it may be insisted on."""

    def __init__(self, *, https: bool) -> None:
        chosen = _EVERYWHERE | (_HTTPS_ONLY if https else {})
        self.headers = [(name.encode(), value.encode()) for name, value in chosen.items()]

    async def __call__(self, message: Any, _: object) -> None:
        if message["type"] == "http.response.start":
            own = message.get("headers", ())
            kept = {bytes(name).lower() for name, _ in own}
            added = [header for header in self.headers if header[0] not in kept]
            message["headers"] = [*own, *added]


def allowing(directive: str, source: str) -> dict[str, str]:
    """The policy of a page that needs one source more than all others, such as `img-src data:`."""
    return {_POLICY: _SOURCES.replace(f"{directive} ", f"{directive} {source} ")}


def accepts_gzip(accept_encoding: str) -> bool:
    """Whether a request's Accept-Encoding allows gzip (RFC 9110, 12.5.3); absent means no."""
    weights = {}
    for part in accept_encoding.lower().split(","):
        coding, _, parameter = part.partition(";")
        weights[coding.strip()] = parameter.replace(" ", "") not in _REFUSED
    return weights.get("gzip", weights.get("*", False))
