"""The keys that a portal publishes are those of its trust directory, in a form that others read."""

from pathlib import Path

import msgspec
import pytest
from joserfc.jwk import KeySet

from bansao.keys import ensure_keys
from registry.seal_keys import SealKey, jwk_of, parse_jwks
from registry.settings import SettingsIncomplete, trusted_seal_keys
from tests.unit.verify_portal.evidence import LOG_KEY, NOW
from verify_portal.scan.keys import published_keys


@pytest.fixture
def trust(tmp_path: Path) -> Path:
    ensure_keys(tmp_path / "secrets", tmp_path / "trust", "test.example/log")
    return tmp_path / "trust"


def test_a_jwk_set_reader_reads_them(trust: Path) -> None:
    published = published_keys(trust)
    read = KeySet.import_key_set(msgspec.to_builtins(published))
    assert [key.thumbprint() for key in read.keys] == [key.kid for key in published.keys]
    assert [key.purpose for key in published.keys] == ["seal", "status-list"]
    assert published.log is not None
    assert published.log.vkey == (trust / "log.vkey").read_text().strip()


def test_a_former_key_is_published_with_its_end(trust: Path) -> None:
    former = SealKey(public=LOG_KEY.public_key(), until=NOW)
    (trust / "qr_seal.jwks.json").write_bytes(msgspec.json.encode({"keys": [jwk_of(former)]}))
    present, old, _ = published_keys(trust).keys
    assert (present.nbf, present.exp) == (None, None)
    assert (old.kid, old.exp) == (former.kid, int(NOW.timestamp()))


def test_what_is_written_is_read_again() -> None:
    key = SealKey(public=LOG_KEY.public_key(), since=NOW)
    (read,) = parse_jwks(msgspec.json.encode({"keys": [jwk_of(key)]}))
    assert (read.kid, read.since, read.until) == (key.kid, NOW, None)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b'{"keys":[{"kty":"RSA"}]}',
        b'{"keys":[{"kty":"OKP","crv":"Ed25519","x":"AAAA"}]}',
        b'{"keys":[{"kty":"OKP","crv":"Ed25519","x":"!"}]}',
    ],
)
def test_a_broken_set_of_keys_stops_the_start(trust: Path, content: bytes) -> None:
    (trust / "qr_seal.jwks.json").write_bytes(content)
    with pytest.raises(SettingsIncomplete, match=r"qr_seal\.jwks\.json"):
        trusted_seal_keys(trust)
