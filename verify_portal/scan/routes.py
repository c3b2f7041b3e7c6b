"""What lets others check seals and status lists without asking: the keys; and the scanning page."""

from typing import Final

from litestar import HttpMethod, Response, Router, route

from verify_portal.log_routes import OPEN
from verify_portal.scan.keys import PublishedKeys, published_keys
from verify_portal.settings import Settings

_READ: Final = [HttpMethod.GET, HttpMethod.HEAD]
_KEPT: Final = {"Cache-Control": "public, max-age=300"}


def scanning(settings: Settings) -> Router:
    """With the keys of the settings' trust directory, read once."""
    keys = published_keys(settings.registry.trust)

    @route(
        "/v1/keys",
        http_method=_READ,
        response_headers=OPEN,
        summary="The public keys of seals, status lists and the log (JWK Set)",
        tags=["verification"],
    )
    async def read_keys() -> Response[PublishedKeys]:
        """`purpose` says what a key signs; a seal's day must lie between its key's `nbf` and `exp`,
        where there are such. The same as in the authority's trust directory.
        """
        return Response(keys, headers=_KEPT)

    return Router(path="/", route_handlers=[read_keys])
