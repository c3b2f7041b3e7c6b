"""Made-up evidence for verdicts: what a registry might hold about one copy."""

from datetime import UTC, date, datetime

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.certified_copy import Facts
from registry.code import code_hash
from registry.entry import Issued, body
from registry.log.checkpoint import sign_checkpoint
from registry.log.note import verifier_line
from registry.log.policy import policy_of_log
from registry.log.tree import leaf_hash
from registry.lookup import Found
from registry.status import Status, Verdict
from verify_portal.answer import SignatureFinding

CODE = "7QK2MD-93WXTR-0HBVS5"
NOW = datetime(2026, 11, 22, 2, 15, 30, tzinfo=UTC)
ORIGIN = "test.example/log"
LOG_KEY = Ed25519PrivateKey.from_private_bytes(b"\x0c" * 32)
CHECKPOINT = sign_checkpoint(ORIGIN, 7, bytes(32), LOG_KEY)
POLICY = policy_of_log(verifier_line(ORIGIN, LOG_KEY.public_key()))
OFFICER, SEAL, STRANGER = b"\x0f" * 32, b"\x5e" * 32, b"\xee" * 32

FACTS = Facts(
    document_type="diploma",
    title="Bằng tốt nghiệp đại học",
    holder_name="Nguyễn Văn An",
    page_count=2,
    unit_name="UBND phường Ba Đình",
    signer_name="Trần Thị Bình",
    signer_title="Chủ tịch",
    certified_on="2026-11-22",
    fields={"serial": "0012345"},
)


def found(verdict: Verdict = "valid", facts: Facts | None = FACTS) -> Found:
    entry = Issued(
        code_hash=code_hash(CODE),
        occurred_at=NOW,
        pdf_digest=b"\x01" * 32,
        commitment=b"\x02" * 32,
        signer_fingerprint=OFFICER,
        seal_fingerprint=SEAL,
        unit_code="00004",
        book="01/2026-SCTĐT/BS",
        number=1,
        certified_at=NOW,
    )
    status = Status(verdict=verdict, since=NOW, erased=facts is None)
    if verdict != "valid":
        status = msgspec.structs.replace(
            status, decision="12/QĐ-UBND", decided_on=date(2026, 11, 20), reason="Cấp nhầm"
        )
    return Found(
        index=3,
        entry=entry,
        facts=facts,
        status=status,
        leaves=((3, leaf_hash(body(entry))),),
        checkpoint=CHECKPOINT,
    )


def signature(
    fingerprint: bytes, *, intact: bool = True, trusted: bool = True, entire: bool = True
) -> SignatureFinding:
    return SignatureFinding(
        field="Seal",
        signer="UBND phường Ba Đình",
        fingerprint=fingerprint.hex(),
        intact=intact,
        trusted=trusted,
        covers_entire_file=entire,
    )
