"""The worked example in registry/README.md is what the code does."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.certified_copy import Facts, commitment
from registry.chain import GENESIS, extend
from registry.code import code_hash, new_code
from registry.entry import Issued, body
from registry.log.checkpoint import sign_checkpoint
from registry.log.note import verifier_line
from registry.log.tree import root_of

README = (Path(__file__).parents[3] / "registry" / "README.md").read_text("utf-8")
ORIGIN = "bansao.localhost/log"


def test_every_value_of_the_example() -> None:
    code = new_code(lambda bits: 0x0123456789ABCDEF0123)
    facts = Facts(
        document_type="diploma",
        title="Bằng tốt nghiệp",
        holder_name="Nguyễn Văn An",
        page_count=1,
        unit_name="UBND phường Ba Đình",
        signer_name="Trần Thị Bình",
        signer_title="Chủ tịch",
        certified_on="2026-11-22",
    )
    encoded = body(
        Issued(
            code_hash=code_hash(code),
            occurred_at=datetime(2026, 11, 22, 2, 15, 31, 500000, tzinfo=UTC),
            pdf_digest=hashlib.sha256(b"the signed PDF").digest(),
            commitment=commitment(facts, bytes(range(32))),
            signer_fingerprint=hashlib.sha256(b"the officer's certificate").digest(),
            seal_fingerprint=hashlib.sha256(b"the agency's certificate").digest(),
            unit_code="00004",
            book="01/2026-SCTĐT/BS",
            number=1,
            certified_at=datetime(2026, 11, 22, 2, 15, 30, tzinfo=UTC),
        )
    )
    [link] = extend(GENESIS, [encoded])
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    checkpoint = sign_checkpoint(ORIGIN, 1, root_of([link.leaf_hash]), key)
    for value in (
        code,
        code_hash(code).hex(),
        encoded.decode(),
        link.leaf_hash.hex(),
        link.entry_hash.hex(),
        checkpoint.note,
        verifier_line(ORIGIN, key.public_key()),
    ):
        assert value in README
