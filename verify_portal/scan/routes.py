"""What lets others check seals and status lists without asking: the keys, and the scanning page."""

from typing import Any, Final

from litestar import Request, Response, Router, get
from litestar.exceptions import NotFoundException
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example
from litestar.params import FromPath

from verify_portal.headers import accepts_gzip
from verify_portal.language import language_of
from verify_portal.log_routes import OPEN
from verify_portal.pages import page as as_page
from verify_portal.pages import words_of
from verify_portal.scan.keys import PublishedKeys, published_keys
from verify_portal.scan.page import ADDRESS, manifest, open_release, page, service_worker
from verify_portal.scan.release import File, Release
from verify_portal.settings import Settings

_KEPT: Final = {"Cache-Control": "public, max-age=300"}
_KEPT_FOR_EVER: Final = {"Cache-Control": "public, max-age=31536000, immutable"}
_NOT_KEPT: Final = {"Cache-Control": "no-store"}
#: Asked for each time: a browser must learn of a new release at once.
_ASKED_AGAIN: Final = {"Cache-Control": "public, no-cache"}
_POLICY: Final = (
    "default-src 'none'; script-src 'self'{wasm}; style-src 'self'; font-src 'self';"
    " img-src 'self' blob:; connect-src 'self'; manifest-src 'self'; worker-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_PAGE_HEADERS: Final = {
    "Content-Security-Policy": _POLICY.format(wasm=""),
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
}
#: A worker has the policy of its own script, and this one alone runs WebAssembly.
_DECODER: Final = "decoder.js"
_DECODER_HEADERS: Final = {"Content-Security-Policy": _POLICY.format(wasm=" 'wasm-unsafe-eval'")}
_KEYS_EXAMPLE: Final = {
    "keys": [
        {
            "kty": "OKP",
            "crv": "Ed25519",
            "alg": "EdDSA",
            "use": "sig",
            "purpose": "seal",
            "kid": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
            "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
        }
    ],
    "log": {"vkey": "bansao.localhost/log+1a2b3c4d+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"},
}


def scanning(settings: Settings) -> Router:
    """With the keys of the settings' trust directory and the page's files, both read once."""
    keys = published_keys(settings.registry.trust)
    release = open_release(settings.assets, settings.portal_url)
    return Router(
        path="/",
        route_handlers=[_keys_route(keys), *_page_routes(release, settings.portal_url)],
    )


def _keys_route(keys: PublishedKeys) -> Any:
    @get(
        "/v1/keys",
        response_headers=OPEN,
        responses={
            200: ResponseSpec(
                PublishedKeys, description="The keys.", examples=[Example(value=_KEYS_EXAMPLE)]
            )
        },
        summary="The public keys of seals, status lists and the log (JWK Set)",
        tags=["verification"],
    )
    async def read_keys() -> Response[PublishedKeys]:
        """`purpose` says what a key signs; a seal's day must lie between its key's `nbf` and `exp`,
        where there are such. The same as in the authority's trust directory.
        """
        return Response(keys, headers=_KEPT)

    return read_keys


def _page_routes(release: Release, portal_url: str) -> list[Any]:
    worker_text = service_worker(release)

    @get(ADDRESS, include_in_schema=False)
    async def show_scanner(request: Request[Any, Any, Any]) -> Response[str]:
        """A page without anything of a visitor or a copy: browsers may keep it installed."""
        content = page(release.version, words_of(request), portal_url)
        headers = _PAGE_HEADERS | _ASKED_AGAIN | {"Vary": "Accept-Language, Cookie"}
        return as_page(request, content, headers=headers)

    @get(f"{ADDRESS}/service_worker.js", include_in_schema=False)
    async def read_service_worker() -> Response[str]:
        headers = _PAGE_HEADERS | _ASKED_AGAIN | {"Service-Worker-Allowed": ADDRESS}
        return Response(worker_text, media_type="text/javascript", headers=headers)

    @get(f"{ADDRESS}/manifest.webmanifest", include_in_schema=False)
    async def read_manifest(request: Request[Any, Any, Any]) -> Response[Any]:
        return Response(
            manifest(release, language_of(request)),
            media_type="application/manifest+json",
            headers=_ASKED_AGAIN | {"Vary": "Accept-Language, Cookie"},
        )

    @get(f"{ADDRESS}/{{version:str}}/{{name:path}}", include_in_schema=False)
    async def read_file(
        request: Request[Any, Any, Any], version: FromPath[str], name: FromPath[str]
    ) -> Response[bytes]:
        """A page of an older release that is still open gets today's file rather than none; but no
        cache may take it for that release's.
        """
        path = str(name).removeprefix("/")
        if path not in release.files:
            raise NotFoundException(headers=_NOT_KEPT)
        headers = _KEPT_FOR_EVER if version == release.version else _NOT_KEPT
        policy = _DECODER_HEADERS if path == _DECODER else {}
        return _served(request, release.files[path], headers | policy)

    return [show_scanner, read_service_worker, read_manifest, read_file]


def _served(
    request: Request[Any, Any, Any], file: File, headers: dict[str, str]
) -> Response[bytes]:
    headers = headers | {"Vary": "Accept-Encoding"}
    if file.compressed and accepts_gzip(request.headers.get("accept-encoding", "")):
        headers |= {"Content-Encoding": "gzip"}
        return Response(file.compressed, media_type=file.media_type, headers=headers)
    return Response(file.content, media_type=file.media_type, headers=headers)
