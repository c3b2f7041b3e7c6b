"""The kiosk's API, `/v1/dossiers`.

A dossier belongs to whoever holds its token: the client draws both id and token, sends the token as
`Authorization: Bearer` with every request, and may repeat any request whose answer was lost.
"""

import base64
import binascii
import io
from typing import Annotated, Any
from uuid import UUID

import msgspec
import qrcode
from litestar import Request, Response, Router, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, HeaderParameter, JSONBody
from qrcode.image.svg import SvgPathImage

from intake.delivery.deliver import Delivery, copy_of, proof_of
from intake.dossier import Dossier, Role
from intake.edges import Edges
from intake.erasure.withdraw import withdraw
from intake.errors import DossierNotFound, TooLarge
from intake.examine import load_file, stored_file
from intake.flag import Severity
from intake.kiosk import receive
from intake.kiosk.errors import UploadDamaged
from intake.kiosk.progress import Progress, progress
from intake.problems import request_language
from intake.texts import texts

AnyRequest = Request[Any, Any, Any]


class Opening(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`unit` None: this kiosk's own. `biometric_consent` must be true, and the person's own."""

    id: UUID
    biometric_consent: bool
    unit: str | None = None


class Submission(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    email: str | None = None


class Remark(msgspec.Struct, frozen=True, kw_only=True):
    """A flag in words."""

    code: str
    severity: Severity
    text: str


class Uploaded(msgspec.Struct, frozen=True, kw_only=True):
    """`pages` found in a scan (0 for other files); `remarks` on what could be better."""

    role: Role
    ordinal: int
    sha256: str
    pages: int
    remarks: list[Remark]


@post("/", summary="Open a dossier")
async def open_dossier(
    request: AnyRequest, data: JSONBody[Opening], edges: NamedDependency[Edges]
) -> Progress:
    dossier = await receive.open_dossier(
        edges.store,
        edges.clock,
        dossier_id=data.id,
        token=_token(request),
        unit_code=data.unit or edges.settings.unit_code,
        channel="kiosk",
        consent=data.biometric_consent,
    )
    return await _progress(request, edges, dossier)


@get("/{dossier_id:uuid}", summary="How far the dossier has come")
async def read_progress(
    request: AnyRequest, dossier_id: FromPath[UUID], edges: NamedDependency[Edges]
) -> Progress:
    return await _progress(request, edges, await _mine(request, edges, dossier_id))


@delete("/{dossier_id:uuid}", summary="Take the dossier back: it is erased")
async def withdraw_dossier(
    request: AnyRequest, dossier_id: FromPath[UUID], edges: NamedDependency[Edges]
) -> None:
    await _mine(request, edges, dossier_id)
    await withdraw(edges, dossier_id, actor="citizen")


@put(
    "/{dossier_id:uuid}/attachments/{role:str}/{ordinal:int}",
    summary="Put one file in its place, whole",
    request_max_body_size=None,  # counted while it streams in, to answer in words
)
async def put_attachment(
    request: AnyRequest,
    dossier_id: FromPath[UUID],
    role: FromPath[Role],
    ordinal: FromPath[int],
    *,
    edges: NamedDependency[Edges],
    content_digest: Annotated[str | None, HeaderParameter(name="content-digest")] = None,
) -> Uploaded:
    await _mine(request, edges, dossier_id)
    if role in {"page", "copy"}:
        raise DossierNotFound
    attached = await receive.attach(
        edges.store,
        edges.blobs,
        dossier_id=dossier_id,
        role=role,
        ordinal=ordinal,
        content=await _body(request),
        digest=None if content_digest is None else parse_content_digest(content_digest),
    )
    say = texts(request_language(request))
    return Uploaded(
        role=role,
        ordinal=ordinal,
        sha256=attached.digest.hex(),
        pages=attached.pages,
        remarks=[
            Remark(code=flag.code, severity=flag.severity, text=say(flag.code, **flag.values))
            for flag in attached.flags
        ],
    )


@delete("/{dossier_id:uuid}/attachments/{role:str}/{ordinal:int}", summary="Take a file back")
async def delete_attachment(
    request: AnyRequest,
    dossier_id: FromPath[UUID],
    role: FromPath[Role],
    ordinal: FromPath[int],
    edges: NamedDependency[Edges],
) -> None:
    await _mine(request, edges, dossier_id)
    await receive.detach(
        edges.store, edges.blobs, dossier_id=dossier_id, role=role, ordinal=ordinal
    )


@get("/{dossier_id:uuid}/attachments/{role:str}/{ordinal:int}", summary="See a file again")
async def get_attachment(
    request: AnyRequest,
    dossier_id: FromPath[UUID],
    role: FromPath[Role],
    ordinal: FromPath[int],
    edges: NamedDependency[Edges],
) -> Response[bytes]:
    dossier = await _mine(request, edges, dossier_id)
    if role == "copy":
        raise DossierNotFound
    file = await stored_file(edges.store, dossier, role, ordinal)
    content = await load_file(edges.store, edges.blobs, dossier_id, file)
    return Response(content, media_type=file.media_type)


@post("/{dossier_id:uuid}/submit", summary="Hand the dossier in", status_code=200)
async def submit(
    request: AnyRequest,
    dossier_id: FromPath[UUID],
    data: JSONBody[Submission],
    edges: NamedDependency[Edges],
) -> Progress:
    await _mine(request, edges, dossier_id)
    dossier = await receive.submit(
        edges.store,
        edges.clock,
        edges.settings.dossier_number,
        dossier_id=dossier_id,
        contact_email=data.email,
    )
    return await _progress(request, edges, dossier)


@get("/{dossier_id:uuid}/copy", summary="The signed PDF, once it was issued")
async def get_copy(
    request: AnyRequest, dossier_id: FromPath[UUID], edges: NamedDependency[Edges]
) -> Response[bytes]:
    await _mine(request, edges, dossier_id)
    return _download(await copy_of(edges, dossier_id))


@get("/{dossier_id:uuid}/proof", summary="The proof that the copy stands in the public log")
async def get_proof(
    request: AnyRequest, dossier_id: FromPath[UUID], edges: NamedDependency[Edges]
) -> Response[bytes]:
    await _mine(request, edges, dossier_id)
    return _download(await proof_of(edges, dossier_id))


@get("/{dossier_id:uuid}/take.svg", summary="A QR code that opens this dossier on a phone")
async def get_take_code(
    request: AnyRequest, dossier_id: FromPath[UUID], edges: NamedDependency[Edges]
) -> Response[bytes]:
    await _mine(request, edges, dossier_id)
    # In the fragment the token reaches the phone, but no server's log.
    address = f"{edges.settings.kiosk_url}/take#{dossier_id}.{_token(request)}"
    picture = io.BytesIO()
    qrcode.make(address, image_factory=SvgPathImage, border=2).save(picture)
    return Response(picture.getvalue(), media_type="image/svg+xml")


def parse_content_digest(header: str) -> bytes:
    """The SHA-256 in a Content-Digest header (RFC 9530); raises UploadDamaged without one."""
    for member in header.split(","):
        name, _, value = member.strip().partition("=")
        if name == "sha-256" and value.startswith(":") and value.endswith(":"):
            try:
                return base64.b64decode(value[1:-1], validate=True)
            except binascii.Error:
                break
    raise UploadDamaged


async def _body(request: AnyRequest) -> bytes:
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > receive.MAX_BYTES:
            raise TooLarge(limit_mib=receive.MAX_BYTES >> 20)
    return bytes(content)


async def _mine(request: AnyRequest, edges: Edges, dossier_id: UUID) -> Dossier:
    return await edges.store.dossier_of_token(dossier_id, _token(request))


def _token(request: AnyRequest) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


async def _progress(request: AnyRequest, edges: Edges, dossier: Dossier) -> Progress:
    say = texts(request_language(request))
    return await progress(edges.store, edges.clock, say, edges.settings.portal_url, dossier)


def _download(delivery: Delivery) -> Response[bytes]:
    return Response(
        delivery.content,
        media_type=delivery.media_type,
        headers={"content-disposition": f'attachment; filename="{delivery.name}"'},
    )


router = Router(
    "/v1/dossiers",
    route_handlers=[
        open_dossier,
        read_progress,
        withdraw_dossier,
        put_attachment,
        delete_attachment,
        get_attachment,
        submit,
        get_copy,
        get_proof,
        get_take_code,
    ],
)
