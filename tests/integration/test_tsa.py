"""The demo's time stamps, asked for and checked by an independent RFC 3161 client."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from asn1crypto import core, tsp
from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    VerifierBuilder,
    decode_timestamp_response,
)
from rfc3161_client.errors import VerificationError

from bansao.pki import ensure_demo_pki
from bansao.tsa import running_tsa
from registry.clock import utc_now

MESSAGE = b"what was signed"
QUERY = {"Content-Type": "application/timestamp-query"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("tsa")
    ensure_demo_pki(home / "secrets", home / "trust", [], "Đơn vị thử nghiệm", utc_now)
    return home


@pytest.fixture(scope="module")
def url(home: Path) -> Iterator[str]:
    with running_tsa(home / "secrets") as address:
        yield address


def certificate(home: Path, name: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate((home / "trust" / f"{name}.pem").read_bytes())


def ask(url: str, request: bytes) -> bytes:
    response = httpx.post(url, content=request, headers=QUERY)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/timestamp-reply"
    return response.content


@pytest.mark.parametrize("algorithm", [HashAlgorithm.SHA256, HashAlgorithm.SHA512])
def test_an_independent_client_accepts_the_stamp(
    home: Path, url: str, algorithm: HashAlgorithm
) -> None:
    builder = TimestampRequestBuilder().data(MESSAGE).hash_algorithm(algorithm)
    request = builder.nonce(nonce=True).cert_request(cert_request=True).build()

    response = decode_timestamp_response(ask(url, request.as_bytes()))

    verifier = (
        VerifierBuilder.from_request(request)
        .add_intermediate_certificate(certificate(home, "issuing"))
        .add_root_certificate(certificate(home, "root"))
        .build()
    )
    assert verifier.verify_message(response, MESSAGE)
    with pytest.raises(VerificationError):
        verifier.verify_message(response, b"something else")
    assert abs(response.tst_info.gen_time - datetime.now(UTC)) < timedelta(seconds=10)


def test_every_stamp_has_its_own_serial_number(url: str) -> None:
    request = TimestampRequestBuilder().data(MESSAGE).build().as_bytes()

    serials = {decode_timestamp_response(ask(url, request)).tst_info.serial_number for _ in "123"}

    assert len(serials) == 3


@pytest.mark.parametrize("wanted", [True, False])
def test_certificates_come_when_they_are_asked_for(url: str, wanted: bool) -> None:
    builder = TimestampRequestBuilder().data(MESSAGE).cert_request(cert_request=wanted)

    response = decode_timestamp_response(ask(url, builder.build().as_bytes()))

    assert bool(response.signed_data.certificates) is wanted


def test_a_request_without_nonce_is_answered_without_one(url: str) -> None:
    request = TimestampRequestBuilder().data(MESSAGE).nonce(nonce=False).build()

    token = tsp.TimeStampResp.load(ask(url, request.as_bytes()))["time_stamp_token"]

    stamped = token["content"]["encap_content_info"]["content"].parsed
    assert stamped["nonce"].native is None
    assert stamped["message_imprint"]["hashed_message"].native == hashlib.sha512(MESSAGE).digest()


def request_with(**changes: object) -> bytes:
    digest = hashlib.sha256(MESSAGE).digest()
    fields: dict[str, object] = {
        "version": 1,
        "message_imprint": {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": digest},
    }
    return bytes(tsp.TimeStampReq(fields | changes).dump())


@pytest.mark.parametrize(
    ("request_bytes", "failure"),
    [
        (b"", "bad_data_format"),
        (b"no DER at all", "bad_data_format"),
        (request_with() + b"trailing", "bad_data_format"),
        (
            request_with(
                message_imprint={
                    "hash_algorithm": {"algorithm": "sha1"},
                    "hashed_message": b"1" * 20,
                }
            ),
            "bad_alg",
        ),
        (
            request_with(
                message_imprint={"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": b"1"}
            ),
            "bad_data_format",
        ),
        (request_with(req_policy="1.2.3.4"), "unaccepted_policy"),
        (
            request_with(
                extensions=[{"extn_id": "1.2.3.5", "critical": False, "extn_value": b"x"}]
            ),
            "unaccepted_extensions",
        ),
    ],
    ids=["empty", "noise", "trailing", "sha1", "short", "policy", "extension"],
)
def test_a_bad_request_is_refused_by_its_name(url: str, request_bytes: bytes, failure: str) -> None:
    response = core.Sequence.load(ask(url, request_bytes), strict=True)

    assert len(response) == 1, "a refusal carries no token"
    status = tsp.PKIStatusInfo.load(response[0].dump())
    assert status["status"].native == "rejection"
    assert status["fail_info"].native == {failure}


def test_what_is_no_query_never_reaches_the_key(url: str) -> None:
    assert httpx.post(url, content=request_with()).status_code == 415
    assert httpx.post(url, content=b"x" * 10_000, headers=QUERY).status_code == 413
    assert httpx.get(url).status_code == 405
    assert httpx.get(f"{url}/healthz").status_code == 200
