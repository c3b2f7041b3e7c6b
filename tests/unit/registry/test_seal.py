"""The QR's seal: genuine or refused, and small enough for paper."""

import base64

import cbor2
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

from registry.code import new_code
from registry.errors import MalformedSeal
from registry.seal import SealClaims, make_seal, open_seal
from registry.status_list import Place

KEY = Ed25519PrivateKey.from_private_bytes(b"\x09" * 32)
CLAIMS = SealClaims(
    code=new_code(lambda bits: 12345),
    document_type="birth_certificate",
    holder_name="Nguyễn Thị Hoàng Phương Thảo",
    unit_name="UBND phường Ba Đình",
    book="01/2026-SCTĐT/BS",
    number=123,
    page_count=2,
    certified_on="2026-11-22",
)


def test_a_seal_gives_its_claims_back_and_fits_a_qr_code() -> None:
    text = make_seal(KEY, CLAIMS)
    assert open_seal(KEY.public_key(), text) == CLAIMS
    assert len(text) < 300
    assert not set(text) & set("+/=#")


def test_a_place_in_the_status_lists_costs_a_few_characters() -> None:
    placed = msgspec.structs.replace(CLAIMS, place=Place(17, 1_048_575))
    text = make_seal(KEY, placed)
    assert open_seal(KEY.public_key(), text) == placed
    assert len(text) <= len(make_seal(KEY, CLAIMS)) + 8
    code = QRCode(error_correction=ERROR_CORRECT_M)
    code.add_data(f"https://bansao.hanoi.gov.vn/c/{placed.code}#{text}")
    code.make(fit=True)
    assert code.version is not None
    assert code.version <= 14  # as without a place: printed at 42 mm, read from paper


@pytest.mark.parametrize("numbers", [[1], [1, 2, 3], [1, -2], ["1", 2]])
def test_a_place_that_is_none_is_refused(numbers: list[object]) -> None:
    message = cbor2.loads(base64.urlsafe_b64decode(make_seal(KEY, CLAIMS) + "=="))
    protected, unprotected, payload, _ = message.value
    content = dict(cbor2.loads(payload))
    content[-65537] = [*content[-65537], *numbers]
    payload = cbor2.dumps(content, canonical=True)
    signature = KEY.sign(cbor2.dumps(["Signature1", protected, b"", payload]))
    raw = cbor2.dumps(cbor2.CBORTag(18, [protected, dict(unprotected), payload, signature]))
    with pytest.raises(MalformedSeal):
        open_seal(KEY.public_key(), base64.urlsafe_b64encode(raw).rstrip(b"=").decode())


def test_it_is_what_rfc_9052_says() -> None:
    """Checked here from the RFC's own description, with none of our code."""
    text = make_seal(KEY, CLAIMS)
    message = cbor2.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    protected, unprotected, payload, signature = message.value
    assert (message.tag, cbor2.loads(protected), unprotected) == (18, {1: -8}, {})
    structure = cbor2.dumps(["Signature1", protected, b"", payload])
    KEY.public_key().verify(signature, structure)
    assert cbor2.loads(payload)[7] == CLAIMS.code.replace("-", "").encode()


@given(st.integers(0), st.characters(blacklist_categories=["Cs"]))
def test_no_changed_seal_is_genuine(at: int, wrong: str) -> None:
    text = make_seal(KEY, CLAIMS)
    at %= len(text)
    changed = text[:at] + wrong + text[at + 1 :]
    try:
        claims = open_seal(KEY.public_key(), changed)
    except MalformedSeal:
        return
    assert claims == CLAIMS  # unused bits of base64's last character


@given(st.text() | st.binary().map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(MalformedSeal):
        open_seal(KEY.public_key(), text)


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\xff",
        cbor2.dumps({}),
        cbor2.dumps([]),
        cbor2.dumps({7: b"000000000000000001", -65537: []}),
        cbor2.dumps({7: 5, -65537: []}),
        cbor2.dumps({7: b"\xff" * 18, -65537: [""] * 7}),
    ],
)
def test_signed_nonsense_is_refused(payload: bytes) -> None:
    protected = cbor2.dumps({1: -8})
    signature = KEY.sign(cbor2.dumps(["Signature1", protected, b"", payload]))
    raw = cbor2.dumps(cbor2.CBORTag(18, [protected, {}, payload, signature]))
    with pytest.raises(MalformedSeal):
        open_seal(KEY.public_key(), base64.urlsafe_b64encode(raw).rstrip(b"=").decode())


def test_another_key_or_a_flood_is_refused() -> None:
    text = make_seal(KEY, CLAIMS)
    with pytest.raises(MalformedSeal):
        open_seal(Ed25519PrivateKey.generate().public_key(), text)
    with pytest.raises(MalformedSeal):
        open_seal(KEY.public_key(), "A" * 5000)
