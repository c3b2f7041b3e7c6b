"""Two PAdES signatures on a copy: the certifying officer's, then the agency's seal.

Both are of level B-T (ETSI EN 319 142-1): each carries an RFC 3161 time stamp. Both fields exist
before the first signature is made, because a field added later would count as a change to what the
officer signed. The officer's certifies the document and permits nothing but filling in fields.
"""

import asyncio
import secrets
from datetime import datetime
from io import BytesIO
from typing import Any

import msgspec
from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import (
    AxisAlignment,
    BoxConstraints,
    InnerScaling,
    Margins,
    SimpleBoxLayoutRule,
)
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter, append_signature_field
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.stamp import StaticStampStyle

from intake.certify.copy_pdf import OFFICER_BOX, SEAL_BOX, SEAL_DIAMETER, SEALED_WIDTH
from intake.certify.fonts import FontFiles
from intake.certify.keys import CachedKeySigner
from intake.certify.stamps import officer_stamp, seal_stamp
from intake.certify.time_stamps import HttpTimeStamper
from intake.certify.words import words

#: Names of the two signature fields; a verifier expects exactly these.
OFFICER_FIELD, SEAL_FIELD = "Officer", "Seal"
_LAST_PAGE = -1


class Signing(msgspec.Struct, frozen=True, kw_only=True):
    """Who signs which copy, and what their visible marks say.

    `code` also stands in plain ASCII in both signatures' reason and place, so that a damaged file
    still tells which copy it was.
    """

    code: str
    officer: CachedKeySigner
    seal: CachedKeySigner
    signer_name: str
    unit_name: str
    mark: str
    at: datetime


def sign(pdf: bytes, signing: Signing, stamper: HttpTimeStamper, fonts: FontFiles) -> bytes:
    """`pdf` with two incremental updates: the officer's signature, then the agency's seal.

    Blocks for some 100 ms and two time stamps; call it off the event loop. Raises
    TimeStampUnavailable or TimeStampRefused, and then nothing was made.
    """
    return asyncio.run(_sign(pdf, signing, stamper, fonts))


async def _sign(pdf: bytes, signing: Signing, stamper: HttpTimeStamper, fonts: FontFiles) -> bytes:
    say = words("vi")
    first = IncrementalPdfFileWriter(BytesIO(pdf))
    # The seal's field goes below the officer's, which a reader clicks on where the two overlap.
    for name, box in ((SEAL_FIELD, SEAL_BOX), (OFFICER_FIELD, OFFICER_BOX)):
        append_signature_field(first, SigFieldSpec(name, on_page=_LAST_PAGE, box=box))
    signed = await _fill(
        first,
        _metadata(
            signing,
            OFFICER_FIELD,
            reason=say("signature-reason-officer", code=signing.code),
            name=signing.signer_name,
        ),
        signing.officer,
        stamper,
        officer_stamp(signing.signer_name, signing.at, OFFICER_BOX, fonts, sealed=SEALED_WIDTH),
    )
    sealed = await _fill(
        IncrementalPdfFileWriter(signed),
        _metadata(
            signing,
            SEAL_FIELD,
            reason=say("signature-reason-seal", code=signing.code),
            name=signing.unit_name,
        ),
        signing.seal,
        stamper,
        seal_stamp(
            signing.unit_name, signing.mark, signing.at, SEAL_BOX, fonts, diameter=SEAL_DIAMETER
        ),
    )
    return bytes(sealed.getvalue())


def _metadata(signing: Signing, field: str, *, reason: str, name: str) -> Any:
    return PdfSignatureMetadata(
        field_name=field,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        reason=reason,
        location=f"BANSAO {signing.code.replace('-', '')}",
        name=name,
        certify=field == OFFICER_FIELD,
        docmdp_permissions=MDPPerm.FILL_FORMS,
    )


async def _fill(
    writer: Any, metadata: Any, signer: CachedKeySigner, stamper: HttpTimeStamper, drawing: bytes
) -> BytesIO:
    appearance = StaticStampStyle(
        border_width=0,
        background=_Drawing(drawing),
        background_layout=_AS_DRAWN,
        background_opacity=1.0,
    )
    signed = await PdfSigner(
        metadata, signer=signer, timestamper=stamper, stamp_style=appearance
    ).async_sign_pdf(writer, existing_fields_only=True)
    assert isinstance(signed, BytesIO)  # noqa: S101  pyHanko writes to memory when given no output
    return signed


_AS_DRAWN = SimpleBoxLayoutRule(
    x_align=AxisAlignment.ALIGN_MIN,
    y_align=AxisAlignment.ALIGN_MIN,
    margins=Margins(0, 0, 0, 0),
    inner_content_scaling=InnerScaling.NO_SCALING,
)


class _Drawing(PdfContent):
    """The first page of a small PDF as a signature's appearance."""

    def __init__(self, pdf: bytes) -> None:
        super().__init__()
        self._pdf = pdf

    def render(self) -> bytes:
        page = self._ensure_writer.import_page_as_xobject(PdfFileReader(BytesIO(self._pdf)))
        name = f"/Drawing{secrets.token_hex(8)}"
        self.resources.xobject[name] = page
        left, bottom, right, top = page.get_object()["/BBox"]
        self.box = BoxConstraints(width=right - left, height=top - bottom)
        return f"{name} Do".encode()
