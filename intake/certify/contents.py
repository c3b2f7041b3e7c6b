"""What a certification puts into words: facts for the registry, the sheet to print, the QR's seal.

Pure: everything follows from the order, the intent and the pages.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from intake.certify.copy_pdf import CopyPage, CopySheet
from intake.certify.store import Certification, Order
from registry.certified_copy import CertifiedCopy, Facts
from registry.clock import HANOI
from registry.seal import SealClaims, make_seal
from registry.status_list import Place

# Longer text would make the QR too fine to be read from paper; the registry has it whole.
_LONGEST_CLAIM = 80


def facts_of(order: Order, page_count: int, certified_at: datetime) -> Facts:
    """What the registry commits to; the date is the local one."""
    return Facts(
        document_type=order.facts.document_type,
        title=order.facts.title,
        holder_name=order.facts.holder_name,
        page_count=page_count,
        unit_name=order.unit_name,
        signer_name=order.signer_name,
        signer_title=" ".join(order.signer_title.split()),
        certified_on=_local_day(certified_at),
        fields=order.facts.fields,
    )


def dated(facts: Facts, certified_at: datetime) -> Facts:
    """The same facts, of a copy certified at another moment."""
    return msgspec.structs.replace(facts, certified_on=_local_day(certified_at))


def _local_day(moment: datetime) -> str:
    return moment.astimezone(HANOI).date().isoformat()


def sheet_of(
    begun: Certification,
    pages: Sequence[CopyPage],
    portal_url: str,
    seal_key: Ed25519PrivateKey,
    place: Place,
) -> CopySheet:
    """What is printed; the certification must have its number.

    `place` is the copy's in the status lists.
    """
    facts, book, number = begun.facts, begun.book, begun.number
    if facts is None or book is None or number is None:
        raise ValueError("the certification has no number yet")
    claims = SealClaims(
        code=begun.code,
        document_type=facts.document_type,
        holder_name=facts.holder_name[:_LONGEST_CLAIM],
        unit_name=facts.unit_name[:_LONGEST_CLAIM],
        book=book,
        number=number,
        page_count=facts.page_count,
        certified_on=facts.certified_on,
        place=place,
    )
    return CopySheet(
        pages=pages,
        code=begun.code,
        book=book,
        number=number,
        certified_at=begun.certified_at,
        title=facts.title,
        holder_name=facts.holder_name,
        unit_name=facts.unit_name,
        signer_name=facts.signer_name,
        signer_title=begun.signer_title,
        watermark=begun.watermark,
        portal_address=portal_url,
        check_url=f"{portal_url.rstrip('/')}/c/{begun.code}",
        qr_seal=make_seal(seal_key, claims),
    )


def certified_copy_of(stored: Certification) -> CertifiedCopy:
    """What the registry takes over; the certification must have its file."""
    copy = CertifiedCopy.__struct_fields__
    values = {name: getattr(stored, name) for name in copy}
    if missing := [name for name, value in values.items() if value is None]:
        raise ValueError(f"the certification has no {missing[0]} yet")
    return CertifiedCopy(**values)
