"""Seals as they are printed beside a copy's code, and portals that believe them."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace
from qrcode.main import QRCode

from registry.certified_copy import CertifiedCopy
from registry.seal import SealClaims, make_seal
from registry.seal_keys import SealKey, SealKeys
from tests.testkit.issued import PORTAL_URL, CopyOffice

SEAL_KEY: Final = Ed25519PrivateKey.from_private_bytes(b"\x5a" * 32)


@asynccontextmanager
async def portal_with_seals(office: CopyOffice) -> AsyncIterator[httpx.AsyncClient]:
    """HTTP to a portal that believes SEAL_KEY."""
    async with office.portal() as portal:
        keys = SealKeys((SealKey(public=SEAL_KEY.public_key()),))
        portal.reader = replace(portal.reader, seal_keys=keys)
        async with office.client_of(portal) as http:
            yield http


def seal_of(copy: CertifiedCopy, key: Ed25519PrivateKey = SEAL_KEY) -> str:
    claims = SealClaims(
        code=copy.code,
        document_type=copy.facts.document_type,
        holder_name=copy.facts.holder_name,
        unit_name=copy.facts.unit_name,
        book=copy.book,
        number=copy.number,
        page_count=copy.facts.page_count,
        certified_on=copy.facts.certified_on,
    )
    return make_seal(key, claims)


def sealed_address(copy: CertifiedCopy, key: Ed25519PrivateKey = SEAL_KEY) -> str:
    """What its QR code says."""
    return f"{PORTAL_URL}/c/{copy.code}#{seal_of(copy, key)}"


def photo_of(text: str) -> bytes:
    """A picture of a QR code (PNG)."""
    drawn, picture = QRCode(box_size=6), io.BytesIO()
    drawn.add_data(text)
    drawn.make_image().save(picture)
    return picture.getvalue()
