"""A copy checked by its proof and the log's public key alone."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bansao.errors import WrongQuestion
from bansao.verify import subject_of, verify_offline
from registry.code import code_hash, new_code
from registry.entry import Issued, body
from registry.log.checkpoint import sign_checkpoint
from registry.log.cosignature import cosign, cosigner_line
from registry.log.note import verifier_line
from registry.log.proof_file import ProofFile, proof_text
from registry.log.tree import leaf_hash

ORIGIN = "bansao.localhost/log"
NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def code() -> str:
    return new_code()


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    path = tmp_path / "copy.pdf"
    path.write_bytes(b"%PDF-1.7 a certified copy")
    return path


@pytest.fixture
def proof(tmp_path: Path, pdf: Path, code: str) -> Path:
    """The proof of the only entry of a log, whose key stands in `trust`."""
    key = Ed25519PrivateKey.generate()
    (tmp_path / "trust").mkdir()
    (tmp_path / "trust" / "log.vkey").write_text(verifier_line(ORIGIN, key.public_key()) + "\n")
    entry = body(
        Issued(
            code_hash=code_hash(code),
            occurred_at=NOW,
            pdf_digest=hashlib.sha256(pdf.read_bytes()).digest(),
            commitment=bytes(32),
            signer_fingerprint=bytes(32),
            seal_fingerprint=bytes(32),
            unit_code="00070",
            book="01/2026-SCT/BS",
            number=1,
            certified_at=NOW,
        )
    )
    checkpoint = sign_checkpoint(ORIGIN, 1, leaf_hash(entry), key)
    path = tmp_path / "copy.tlog-proof"
    path.write_text(proof_text(ProofFile(entry, 0, (), checkpoint)))
    return path


def test_file_and_code_are_valid(tmp_path: Path, pdf: Path, proof: Path, code: str) -> None:
    for subject in (pdf, code):
        answer = verify_offline(tmp_path / "trust", subject, proof)
        assert answer.verdict == "valid"
        assert answer.fields["checkpoint"] == {
            "origin": ORIGIN,
            "size": 1,
            "root": answer.fields["checkpoint"]["root"],  # type: ignore[index]
        }
        assert "later changes" in answer.reasons[0]


def test_another_file_is_altered(tmp_path: Path, pdf: Path, proof: Path) -> None:
    pdf.write_bytes(pdf.read_bytes() + b"\n")
    assert verify_offline(tmp_path / "trust", pdf, proof).verdict == "altered"


def test_another_code_is_altered(tmp_path: Path, proof: Path) -> None:
    assert verify_offline(tmp_path / "trust", new_code(), proof).verdict == "altered"


def test_a_mistyped_code_is_malformed(tmp_path: Path, proof: Path, code: str) -> None:
    wrong = ("1" if code[0] != "1" else "2") + code[1:]
    assert verify_offline(tmp_path / "trust", wrong, proof).verdict == "malformed"


def test_a_proof_by_another_key_is_altered(tmp_path: Path, pdf: Path, proof: Path) -> None:
    stranger = Ed25519PrivateKey.generate().public_key()
    (tmp_path / "trust" / "log.vkey").write_text(verifier_line(ORIGIN, stranger))
    answer = verify_offline(tmp_path / "trust", pdf, proof)
    assert answer.verdict == "altered"
    assert "does not hold" in answer.reasons[0]


@pytest.mark.parametrize("content", [b"", b"no proof", b"\xff\xfe"])
def test_what_is_no_proof_is_refused(
    content: bytes, tmp_path: Path, pdf: Path, proof: Path
) -> None:
    proof.write_bytes(content)
    assert verify_offline(tmp_path / "trust", pdf, proof).verdict == "altered"


def test_a_missing_key_is_asked_for(tmp_path: Path, pdf: Path, proof: Path) -> None:
    (tmp_path / "trust" / "log.vkey").unlink()
    with pytest.raises(WrongQuestion, match="BANSAO_TRUST"):
        verify_offline(tmp_path / "trust", pdf, proof)


def test_a_name_that_is_a_file_is_one(pdf: Path) -> None:
    assert subject_of(str(pdf)) == pdf
    assert subject_of("7XK3MP-9QD2AB-5T8WZF") == "7XK3MP-9QD2AB-5T8WZF"
    with pytest.raises(WrongQuestion):
        subject_of(str(pdf.with_name("other.pdf")))


def test_a_proof_that_lacks_the_cosignature_which_the_policy_wants_is_not_believed(
    tmp_path: Path, proof: Path, pdf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust = tmp_path / "trust"
    monkeypatch.delenv("BANSAO_POLICY", raising=False)
    witness = Ed25519PrivateKey.generate()
    line = cosigner_line("witness.example", witness.public_key())
    log = (trust / "log.vkey").read_text().strip()
    (trust / "log.policy").write_text(f"log {log}\nwitness W {line}\nquorum W\n")
    refused = verify_offline(trust, pdf, proof)
    assert refused.verdict == "altered"
    assert "too few witnesses" in refused.reasons[0]
    text = proof.read_text()
    note = text.partition("\n\n")[2]
    proof.write_text(text + cosign(note, "witness.example", witness, 1_800_000_000))
    answer = verify_offline(trust, pdf, proof)
    assert answer.verdict == "valid"
    assert answer.fields["cosigned"] == {"W": 1_800_000_000}
    (tmp_path / "lenient").write_text(f"log {log}\nquorum none\n")
    proof.write_text(text)
    monkeypatch.setenv("BANSAO_POLICY", str(tmp_path / "lenient"))
    assert verify_offline(trust, pdf, proof).verdict == "valid"
    monkeypatch.setenv("BANSAO_POLICY", str(tmp_path / "nowhere"))
    with pytest.raises(WrongQuestion, match="nowhere"):
        verify_offline(trust, pdf, proof)
