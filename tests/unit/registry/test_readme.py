"""The worked example in registry/README.md is what the code does."""

import hashlib
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.certified_copy import Facts, commitment
from registry.chain import GENESIS, extend
from registry.code import code_hash, new_code
from registry.entry import Closed, Issued, StatusChange, body
from registry.log.checkpoint import parse_checkpoint, sign_checkpoint
from registry.log.code_map import Record, extension_line, map_root
from registry.log.cosignature import cosign, cosigner_line
from registry.log.map_proof import MapProof, check_map_proof, map_proof_text
from registry.log.note import verifier_line
from registry.log.policy import parse_policy
from registry.log.proof_file import ProofFile, check_proof, proof_text
from registry.log.tiles import bundle
from registry.log.tree import root_of
from registry.seal import SealClaims, make_seal
from registry.status_list import Place

README = (Path(__file__).parents[3] / "registry" / "README.md").read_text("utf-8")
ORIGIN = "bansao.localhost/log"
WITNESS = "bansao.localhost/witness"
SALT = bytes(range(32))
LOG_KEY, WITNESS_KEY, SEAL_KEY = (
    Ed25519PrivateKey.from_private_bytes(bytes(range(first, first + 32))) for first in (0, 32, 64)
)
CODE = new_code(lambda bits: 0x0123456789ABCDEF0123)
FACTS = Facts(
    document_type="diploma",
    title="Bằng tốt nghiệp",
    holder_name="Nguyễn Văn An",
    page_count=1,
    unit_name="UBND phường Ba Đình",
    signer_name="Trần Thị Bình",
    signer_title="Chủ tịch",
    certified_on="2026-11-22",
)
ISSUED = Issued(
    code_hash=code_hash(CODE),
    occurred_at=datetime(2026, 11, 22, 2, 15, 31, 500000, tzinfo=UTC),
    pdf_digest=hashlib.sha256(b"the signed PDF").digest(),
    commitment=commitment(FACTS, SALT),
    signer_fingerprint=hashlib.sha256(b"the officer's certificate").digest(),
    seal_fingerprint=hashlib.sha256(b"the agency's certificate").digest(),
    unit_code="00004",
    book="01/2026-SCTĐT/BS",
    number=1,
    certified_at=datetime(2026, 11, 22, 2, 15, 30, tzinfo=UTC),
)
REVOKED = StatusChange(
    code_hash=code_hash(CODE),
    occurred_at=datetime(2026, 11, 30, 3, tzinfo=UTC),
    kind="revoked",
    decision="12/QĐ-UBND",
    decided_on=date(2026, 11, 30),
)
SUPERSEDED = StatusChange(
    code_hash=code_hash(CODE),
    occurred_at=datetime(2026, 11, 30, 3, tzinfo=UTC),
    kind="superseded",
    decision="12/QĐ-UBND",
    decided_on=date(2026, 11, 30),
    successor=code_hash(new_code(lambda bits: 0xFEDCBA98765432100123)),
)
CLOSED = Closed(
    occurred_at=datetime(2026, 12, 31, 9, tzinfo=UTC),
    unit_code="00004",
    year=2026,
    numbers=1,
    void=0,
    pdf_digest=hashlib.sha256(b"the signed closing print").digest(),
)
CLAIMS = SealClaims(
    code=CODE,
    document_type="diploma",
    holder_name="Nguyễn Văn An",
    unit_name="UBND phường Ba Đình",
    book="01/2026-SCTĐT/BS",
    number=1,
    page_count=1,
    certified_on="2026-11-22",
)
BODIES = [body(ISSUED), body(REVOKED)]
LINKS = extend(GENESIS, BODIES)
ROOT = root_of(link.leaf_hash for link in LINKS)


RECORD = Record(code_hash(CODE), 2, 1)
MAP_ROOT = map_root({RECORD.code_hash: (2, 1)})


def cosigned_note() -> str:
    note = sign_checkpoint(ORIGIN, 2, ROOT, LOG_KEY, [extension_line(MAP_ROOT)]).note
    return note + cosign(note, WITNESS, WITNESS_KEY, 1796007632)


def proof() -> str:
    checkpoint = parse_checkpoint(cosigned_note())
    return proof_text(ProofFile(BODIES[0], 0, (LINKS[1].leaf_hash,), checkpoint))


@pytest.mark.parametrize(
    "value",
    [
        CODE,
        code_hash(CODE).hex(),
        rfc8785.dumps(msgspec.to_builtins(FACTS)).decode(),
        commitment(FACTS, SALT).hex(),
        *(one.decode() for one in BODIES),
        body(SUPERSEDED).decode(),
        body(CLOSED).decode(),
        *(link.leaf_hash.hex() for link in LINKS),
        *(link.entry_hash.hex() for link in LINKS),
        ROOT.hex(),
        cosigned_note(),
        verifier_line(ORIGIN, LOG_KEY.public_key()),
        cosigner_line(WITNESS, WITNESS_KEY.public_key()),
        f"{len(bundle(BODIES))} bytes: `{bundle(BODIES)[:2].hex()}`",
        hashlib.sha256(bundle(BODIES)).hexdigest(),
        RECORD.packed().hex(),
        MAP_ROOT.hex(),
        map_root({RECORD.code_hash: (2, 1), bytes(32): (1, 0)}).hex(),
        make_seal(SEAL_KEY, CLAIMS),
        make_seal(SEAL_KEY, msgspec.structs.replace(CLAIMS, place=Place(0, 219954))),
    ],
)
def test_a_value_of_the_example(value: str) -> None:
    assert value in README


def test_the_example_proof_passes_the_example_policy() -> None:
    """Its long `extra` line is cut in the text; all other lines stand there."""
    shown = [line for line in proof().splitlines() if not line.startswith("extra ")]
    assert "\n".join(shown[1:]) in README
    written = README.split("witness of a group:\n```\n")[1].split("```")[0]
    held = check_proof(proof(), parse_policy(written))
    assert (held.index, held.body) == (0, BODIES[0])


def test_the_example_proof_about_a_code_holds() -> None:
    shown = map_proof_text(
        MapProof(RECORD.code_hash, RECORD, (), parse_checkpoint(cosigned_note()))
    )
    assert shown in README
    written = README.split("witness of a group:\n```\n")[1].split("```")[0]
    assert check_map_proof(shown, RECORD.code_hash, parse_policy(written)).found == RECORD
