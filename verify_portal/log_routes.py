"""The log, for anybody who wants to follow or check it (C2SP tlog-tiles and what belongs to it).

Caches may keep what never changes. They must not keep that something is not there: the next
checkpoint brings it.
"""

import asyncio
import gzip
from typing import Any, Final

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException, ServiceUnavailableException
from litestar.params import FromPath

from registry.errors import RegistryError
from registry.log.tiles import WIDTH, parse_tile_path
from verify_portal.headers import accepts_gzip
from verify_portal.portal import Portal

OPEN: Final = {"Access-Control-Allow-Origin": "*"}
RETRY: Final = {"Retry-After": "5"}
_TEXT: Final = "text/plain"  # Litestar adds the charset
_OCTETS: Final = "application/octet-stream"
_TOKEN: Final = "application/vnd.etsi.timestamp-token"  # noqa: S105 - a media type
#: One query a second for a thousand followers behind a cache, and nobody sees an old one for long.
_NEWEST: Final = {"Cache-Control": "public, max-age=1, must-revalidate"}
_FOR_EVER: Final = {"Cache-Control": "public, max-age=31536000, immutable"}
#: A partial tile never changes either, but is asked for only until the tree has grown: caches
#: should not fill with them.
_WHILE_NEWEST: Final = {"Cache-Control": "public, max-age=3600, immutable"}
_NOT_THERE: Final = {"Cache-Control": "no-store"}


@get("/checkpoint", media_type=_TEXT)
async def read_checkpoint(portal: NamedDependency[Portal]) -> Response[str]:
    """The newest published checkpoint with its cosignatures so far (C2SP tlog-checkpoint)."""
    try:
        note = (await portal.ledger.checkpoint()).note
    except RegistryError:
        raise ServiceUnavailableException(headers=RETRY) from None
    return Response(note, media_type=_TEXT, headers=_NEWEST)


@get("/tile/{path:path}", media_type=_OCTETS)
async def read_tile(
    request: Request[Any, Any, Any], portal: NamedDependency[Portal], path: FromPath[str]
) -> Response[bytes]:
    """A tile of hashes, or a bundle of entries below `entries/` (C2SP tlog-tiles)."""
    asked = parse_tile_path(path.lstrip("/"))
    try:
        content = await portal.ledger.tile(asked) if asked is not None else None
    except RegistryError:
        raise ServiceUnavailableException(headers=RETRY) from None
    if asked is None or content is None:
        raise NotFoundException(headers=_NOT_THERE)
    headers = dict(_FOR_EVER if asked.width == WIDTH else _WHILE_NEWEST)
    if asked.level is None:  # hashes do not compress
        headers["Vary"] = "Accept-Encoding"
        if accepts_gzip(request.headers.get("accept-encoding", "")):
            headers["Content-Encoding"] = "gzip"
            # The fastest: a third of the default's time for a twelfth more bytes.
            content = await asyncio.to_thread(gzip.compress, content, 1, mtime=0)
    return Response(content, media_type=_OCTETS, headers=headers)


@get("/time-stamp/{size:int}", media_type=_TOKEN)
async def read_time_stamp(portal: NamedDependency[Portal], size: FromPath[int]) -> Response[bytes]:
    """The RFC 3161 token (DER) over the published checkpoint of this size, as the log signed it:
    its text and the log's signature line, without cosignatures.
    """
    try:
        token = await portal.ledger.time_stamp(size)
    except RegistryError:
        raise ServiceUnavailableException(headers=RETRY) from None
    if token is None:
        raise NotFoundException(headers=_NOT_THERE)
    return Response(token, media_type=_TOKEN, headers=_FOR_EVER)


@get("/policy", media_type=_TEXT)
async def read_policy(portal: NamedDependency[Portal]) -> Response[bytes]:
    """By which keys and witnesses this portal judges (C2SP tlog-policy). Whoever takes it from
    here trusts us once; compare it with what you got elsewhere.
    """
    content = portal.ledger.public_policy.encode("utf-8", "surrogateescape")  # names are octets
    headers = {"Cache-Control": "public, max-age=60"}
    return Response(content, media_type=_TEXT, headers=headers)


@get("/proof/{index:int}", media_type=_TEXT)
async def read_entry_proof(portal: NamedDependency[Portal], index: FromPath[int]) -> Response[str]:
    """The proof of one entry by its place in the log (C2SP tlog-proof)."""
    try:
        if not 0 <= index < (await portal.ledger.checkpoint()).size:
            raise NotFoundException(headers=_NOT_THERE)
        return proof_file(await portal.ledger.proof(index))
    except RegistryError:
        raise ServiceUnavailableException(headers=RETRY) from None


def proof_file(text: str, name: str = "bansao.tlog-proof") -> Response[str]:
    """A proof, kept by its holder and no cache: the next has a newer checkpoint."""
    return Response(
        text,
        media_type=_TEXT,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


LOG: Final = Router(
    path="/log",
    response_headers=OPEN,
    tags=["log"],
    route_handlers=[read_checkpoint, read_tile, read_time_stamp, read_policy, read_entry_proof],
)
