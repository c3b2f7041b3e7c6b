"""A copy checked offline by its QR code's seal and a status list."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bansao.commands.verify import command
from bansao.errors import WrongQuestion
from bansao.status_list import verify_by_list, verify_by_seal
from registry.clock import utc_now
from registry.code import new_code
from registry.seal import SealClaims, make_seal
from registry.seal_keys import SealKey, jwk_of
from registry.status import Verdict
from registry.status_list import LIFETIME, Place, SignedAt, Statuses, StatusList
from registry.status_token import sign_cwt, sign_jwt

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
SEAL_KEY = Ed25519PrivateKey.from_private_bytes(b"\x21" * 32)
LIST_KEY = Ed25519PrivateKey.from_private_bytes(b"\x22" * 32)
CLAIMS = SealClaims(
    code=new_code(),
    document_type="diploma",
    holder_name="Nguyễn Văn An",
    unit_name="UBND phường Ba Đình",
    book="01/2026-SCTĐT/BS",
    number=7,
    page_count=2,
    certified_on="2026-11-22",
    place=Place(1, 4711),
)


@pytest.fixture
def trust(tmp_path: Path) -> Path:
    for name, key in (("qr_seal", SEAL_KEY), ("status_list", LIST_KEY)):
        pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        (tmp_path / f"{name}.vkey.pem").write_bytes(pem)
    return tmp_path


def qr(claims: SealClaims = CLAIMS, key: Ed25519PrivateKey = SEAL_KEY) -> str:
    return f"https://portal.example/c/{claims.code}#{make_seal(key, claims)}"


def listed(
    trust: Path,
    verdict: Verdict = "valid",
    *,
    number: int = 1,
    at: datetime = NOW,
    form: str = "jwt",
    key: Ed25519PrivateKey = LIST_KEY,
) -> Path:
    statuses = Statuses()
    statuses.set(4711, verdict)
    said = StatusList(
        uri=f"https://portal.example/v1/status-list/{number}",
        issued_at=at,
        expires_at=at + LIFETIME,
        ttl=600,
        lst=statuses.compressed(),
        checkpoint=SignedAt(origin="test.example/log", size=9, root=bytes(32)),
    )
    path = trust / "list"
    path.write_bytes(sign_jwt(key, said).encode() if form == "jwt" else sign_cwt(key, said))
    return path


@pytest.mark.parametrize("form", ["jwt", "cwt"])
@pytest.mark.parametrize("verdict", ["valid", "revoked", "suspended", "superseded"])
def test_the_list_has_the_verdict_and_tells_its_age(
    trust: Path, verdict: Verdict, form: str
) -> None:
    later = NOW + timedelta(minutes=5)
    answer = verify_by_list(trust, qr(), listed(trust, verdict, form=form), later)
    assert (answer.verdict, answer.is_valid) == (verdict, verdict == "valid")
    assert answer.fields["code"] == CLAIMS.code
    assert "0:05:00 ago at 9 entries" in answer.reasons[0]
    assert "compare its facts" in answer.reasons[1]


def test_a_seal_of_another_key_is_not_believed(trust: Path) -> None:
    forged = qr(key=Ed25519PrivateKey.generate())
    assert verify_by_list(trust, forged, listed(trust), NOW).verdict == "altered"


def test_a_list_of_another_number_says_nothing_of_the_copy(trust: Path) -> None:
    assert_no_answer(trust, listed(trust, number=2), "stands in list 1")


def test_an_expired_list_is_no_answer(trust: Path) -> None:
    assert_no_answer(trust, listed(trust, at=NOW - LIFETIME), "expired")


def test_a_list_of_another_key_is_no_answer(trust: Path) -> None:
    assert_no_answer(trust, listed(trust, key=Ed25519PrivateKey.generate()), "signature")


def assert_no_answer(trust: Path, list_file: Path, why: str) -> None:
    answer = verify_by_list(trust, qr(), list_file, NOW)
    assert (answer.verdict, answer.is_valid) == ("unavailable", False)
    assert why in answer.reasons[0]


def test_an_older_seal_has_no_place_and_gets_no_answer(trust: Path) -> None:
    older = qr(msgspec.structs.replace(CLAIMS, place=None))
    assert verify_by_list(trust, older, listed(trust), NOW).verdict == "unavailable"


def test_a_seal_alone_never_makes_a_copy_valid(trust: Path) -> None:
    answer = verify_by_seal(trust, qr(), NOW)
    assert (answer.verdict, answer.is_valid) == ("unavailable", False)
    assert answer.reasons[0].startswith("the seal is genuine; whether the copy holds was not")
    assert any("Nguyễn Văn An" in line for line in answer.reasons)
    forged = verify_by_seal(trust, qr(key=Ed25519PrivateKey.generate()), NOW)
    assert (forged.verdict, "sealed" in forged.fields) == ("altered", False)


def test_a_genuine_seal_behind_another_code_is_not_that_copys(trust: Path) -> None:
    moved = f"https://portal.example/c/{new_code()}#{make_seal(SEAL_KEY, CLAIMS)}"
    for answer in (
        verify_by_seal(trust, moved, NOW),
        verify_by_list(trust, moved, listed(trust), NOW),
    ):
        assert answer.verdict == "altered"
        assert "another copy's" in answer.reasons[0]


def test_a_retired_key_is_believed_for_its_own_time(trust: Path) -> None:
    former = (trust / "qr_seal.vkey.pem").rename(trust / "former.pem")
    assert former.exists()
    newer = Ed25519PrivateKey.generate().public_key()
    pem = newer.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (trust / "qr_seal.vkey.pem").write_bytes(pem)
    assert verify_by_seal(trust, qr(), NOW).verdict == "altered"
    for until, verdict in ((NOW, "unavailable"), (NOW - timedelta(days=2), "altered")):
        jwk = jwk_of(SealKey(public=SEAL_KEY.public_key(), until=until))
        (trust / "qr_seal.jwks.json").write_bytes(msgspec.json.encode({"keys": [jwk]}))
        answer = verify_by_seal(trust, qr(), NOW)
        assert answer.verdict == verdict
    assert "not in use on the day" in answer.reasons[0]


def test_the_command_takes_a_qr_codes_text_offline(
    trust: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BANSAO_TRUST", str(trust))
    genuine = CliRunner().invoke(command, [qr(), "--offline"])
    assert (genuine.exit_code, genuine.output.splitlines()[0]) == (1, "unavailable")
    assert "holder_name: Nguyễn Văn An" in genuine.output
    valid = CliRunner().invoke(command, [qr(), "--status-list", str(listed(trust, at=utc_now()))])
    assert (valid.exit_code, valid.output.splitlines()[0]) == (0, "valid")
    assert CliRunner().invoke(command, [CLAIMS.code, "--offline"]).exit_code == 2


def test_a_code_alone_is_not_enough(trust: Path) -> None:
    with pytest.raises(WrongQuestion, match="does not tell its place"):
        verify_by_list(trust, CLAIMS.code, listed(trust), NOW)
