"""What the publisher takes from a time-stamp authority, and what it refuses. No socket."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from asn1crypto import cms, tsp
from cryptography.x509 import Certificate, load_pem_x509_certificates

from bansao.pki import ensure_demo_pki
from bansao.time_stamp import TimeStampAuthority as DemoAuthority
from bansao.time_stamp import load_authority
from registry import time_stamps
from registry.clock import utc_now
from registry.errors import TimeStampUnavailable
from registry.time_stamps import TimeStampAuthority

NOTE = "test.example/log\n7\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n\n\u2014 a AA==\n"
AT = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("authority")
    ensure_demo_pki(home / "secrets", home / "trust", [], "Đơn vị thử nghiệm", utc_now)
    return home


@pytest.fixture(scope="module")
def authority(home: Path) -> DemoAuthority:
    return load_authority(home / "secrets")


@pytest.fixture(scope="module")
def roots(home: Path) -> list[Certificate]:
    return load_pem_x509_certificates((home / "trust" / "root.pem").read_bytes())


def service(
    roots: list[Certificate], answer: Callable[[bytes], bytes], status: int = 200
) -> TimeStampAuthority:
    def handler(request: httpx.Request) -> httpx.Response:
        assert request.headers["Content-Type"] == "application/timestamp-query"

        async def pieces() -> AsyncIterator[bytes]:
            yield answer(request.content)

        return httpx.Response(status, content=pieces())

    return TimeStampAuthority("http://tsa.example/", roots, transport=httpx.MockTransport(handler))


async def test_a_token_is_over_the_bytes_of_the_note(
    authority: DemoAuthority, roots: list[Certificate]
) -> None:
    """Read here by asn1crypto, which the publisher does not use."""
    asked = []

    def answer(request: bytes) -> bytes:
        asked.append(tsp.TimeStampReq.load(request))
        return authority.answer(request, AT)

    token = await service(roots, answer).stamp(NOTE)
    [request] = asked
    assert request["cert_req"].native is True
    signed = cms.ContentInfo.load(token, strict=True)["content"]
    stamped = signed["encap_content_info"]["content"].parsed
    imprint = stamped["message_imprint"]
    assert imprint["hash_algorithm"]["algorithm"].native == "sha256"
    assert imprint["hashed_message"].native == hashlib.sha256(NOTE.encode()).digest()
    assert stamped["nonce"].native == request["nonce"].native
    assert stamped["gen_time"].native == AT
    assert len(signed["certificates"]) > 1, "whoever has the root needs nothing else"


async def test_nonces_differ(authority: DemoAuthority, roots: list[Certificate]) -> None:
    nonces = []

    def answer(request: bytes) -> bytes:
        nonces.append(tsp.TimeStampReq.load(request)["nonce"].native)
        return authority.answer(request, AT)

    stamping = service(roots, answer)
    for _ in range(3):
        await stamping.stamp(NOTE)
    assert len(set(nonces)) == 3


def _other_message(request: bytes) -> bytes:
    asked = tsp.TimeStampReq.load(request)
    asked["message_imprint"]["hashed_message"] = hashlib.sha256(b"other").digest()
    return bytes(asked.dump(force=True))


def _other_nonce(request: bytes) -> bytes:
    asked = tsp.TimeStampReq.load(request)
    asked["nonce"] = asked["nonce"].native + 1
    return bytes(asked.dump(force=True))


def _no_certificates(request: bytes) -> bytes:
    asked = tsp.TimeStampReq.load(request)
    asked["cert_req"] = False
    return bytes(asked.dump(force=True))


@pytest.mark.parametrize(
    "changed", [_other_message, _other_nonce, _no_certificates, lambda _: b"no request"]
)
async def test_an_answer_to_another_question_is_refused(
    authority: DemoAuthority, roots: list[Certificate], changed: Callable[[bytes], bytes]
) -> None:
    stamping = service(roots, lambda request: authority.answer(changed(request), AT))
    with pytest.raises(TimeStampUnavailable):
        await stamping.stamp(NOTE)


async def test_a_token_of_another_house_is_refused(
    tmp_path: Path, roots: list[Certificate]
) -> None:
    ensure_demo_pki(tmp_path / "secrets", tmp_path / "trust", [], "Đơn vị khác", utc_now)
    stranger = load_authority(tmp_path / "secrets")
    stamping = service(roots, lambda request: stranger.answer(request, AT))
    with pytest.raises(TimeStampUnavailable, match="certificate"):
        await stamping.stamp(NOTE)


@pytest.mark.parametrize("at", range(12))
async def test_a_flipped_bit_in_what_is_signed_is_refused(
    authority: DemoAuthority, roots: list[Certificate], at: int
) -> None:
    def answer(request: bytes) -> bytes:
        whole = authority.answer(request, AT)
        stamped = whole.index(AT.strftime("%Y%m%d%H%M%SZ").encode())
        flipped = whole[stamped + at] ^ 1
        return whole[: stamped + at] + bytes([flipped]) + whole[stamped + at + 1 :]

    with pytest.raises(TimeStampUnavailable, match="refused"):
        await service(roots, answer).stamp(NOTE)


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, b""), (302, b""), (200, b""), (200, b"<html>"), (200, b"\x30" * 70_000)],
)
async def test_rubbish_is_no_token(roots: list[Certificate], status: int, body: bytes) -> None:
    with pytest.raises(TimeStampUnavailable):
        await service(roots, lambda _: body, status).stamp(NOTE)


async def test_one_that_hangs_is_given_up(
    roots: list[Certificate], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def drops() -> AsyncIterator[bytes]:
        while True:
            yield b"0"
            await asyncio.sleep(0.01)

    monkeypatch.setattr(time_stamps, "_PATIENCE", 0.1)
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=drops()))
    with pytest.raises(TimeStampUnavailable, match="no answer"):
        await TimeStampAuthority("http://tsa.example", roots, transport=transport).stamp(NOTE)
