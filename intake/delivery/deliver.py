"""The released copy and its proof, for whoever may have them."""

import asyncio
from uuid import UUID

import msgspec

from intake.edges import Edges
from intake.kiosk.errors import CopyNotReady
from intake.store import Issued
from registry.proving import inclusion_proof


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """`name` is a file name without personal data: the copy's code."""

    name: str
    media_type: str
    content: bytes


async def copy_of(edges: Edges, dossier_id: UUID) -> Delivery:
    """The signed PDF; raises CopyNotReady before its release."""
    issued = await _issued(edges, dossier_id)
    key = await edges.store.blob_key(dossier_id)
    content = await asyncio.to_thread(edges.blobs.get, dossier_id, key, issued.pdf_digest)
    return Delivery(name=f"{issued.code}.pdf", media_type="application/pdf", content=content)


async def proof_of(edges: Edges, dossier_id: UUID) -> Delivery:
    """The proof that the copy stands in the log (C2SP tlog-proof); raises CopyNotReady."""
    issued = await _issued(edges, dossier_id)
    proof = await inclusion_proof(edges.registry, issued.entry_index)
    return Delivery(
        name=f"{issued.code}.tlog-proof",
        media_type="text/plain; charset=utf-8",
        content=proof.encode(),
    )


async def _issued(edges: Edges, dossier_id: UUID) -> Issued:
    issued = await edges.store.issued(dossier_id)
    if issued is None:
        raise CopyNotReady
    return issued
