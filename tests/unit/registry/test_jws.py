"""What is no signed JSON is refused as such, whatever its bytes are."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.jws import JwsRefused, encoded, is_flattened, open_compact, open_flattened
from registry.seal_keys import parse_jwks

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
NO_UTF_8 = b'{"payload":"\xff","protected":"","signature":""}'


def test_bytes_that_are_no_text_are_no_jws() -> None:
    assert not is_flattened(NO_UTF_8)
    with pytest.raises(JwsRefused):
        open_flattened(KEY.public_key(), "receipt", NO_UTF_8)


def test_a_header_that_is_no_text_is_refused_behind_a_good_signature() -> None:
    header = b'{"alg":"\xff"}'
    signed = f"{encoded(header)}.{encoded(b'{}')}"
    token = f"{signed}.{encoded(KEY.sign(signed.encode()))}".encode()
    with pytest.raises(JwsRefused):
        open_compact(KEY.public_key(), "receipt", token)


def test_keys_that_are_no_text_are_no_keys() -> None:
    with pytest.raises(ValueError, match="no set of Ed25519 keys"):
        parse_jwks(b'{"keys":[{"kty":"\xff"}]}')
