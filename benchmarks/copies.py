"""Copies as the benchmarks register them: everything but the facts is another's each time."""

import secrets
from typing import Final

from registry.certified_copy import CertifiedCopy, Facts
from registry.clock import utc_now
from registry.code import new_code

UNIT: Final = "00004"
FINGERPRINT: Final = b"\x0f" * 32
FACTS: Final = Facts(
    document_type="diploma",
    title="Bằng tốt nghiệp đại học",
    holder_name="Nguyễn Văn An",
    page_count=2,
    unit_name="UBND phường Ba Đình",
    signer_name="Trần Thị Bình",
    signer_title="Chủ tịch",
    certified_on="2026-11-22",
    fields={"institution": "Đại học Bách khoa Hà Nội", "serial": "0012345"},
)


def copy_of(book: str, number: int) -> CertifiedCopy:
    """A copy for a reserved line of UNIT's book."""
    return CertifiedCopy(
        code=new_code(),
        pdf_digest=secrets.token_bytes(32),
        facts=FACTS,
        salt=secrets.token_bytes(32),
        signer_fingerprint=FINGERPRINT,
        seal_fingerprint=FINGERPRINT,
        unit_code=UNIT,
        book=book,
        number=number,
        certified_at=utc_now(),
    )
