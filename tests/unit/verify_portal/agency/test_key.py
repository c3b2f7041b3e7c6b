"""A key's form: recognisable, its slips told without asking anybody, its text kept by nobody."""

import hashlib
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify_portal.agency.key import AgencyKey, MistypedKey, new_key, read_key

KEY = new_key(bytes)  # of zeros


def test_a_key_is_recognised_wherever_it_turns_up() -> None:
    assert KEY.startswith("bsk_aaaaaaaa_aaaaaaaa")
    assert len(KEY) == len("bsk_") + 8 + 1 + 40


def test_what_the_database_keeps_is_no_key() -> None:
    key = read_key(KEY)
    assert key.id == "aaaaaaaa"
    assert key.stored == hashlib.sha256(key.presented).digest()
    assert key.presented not in {key.stored, hashlib.sha256(KEY.encode()).digest()}


def test_two_keys_share_nothing() -> None:
    one, two = (read_key(new_key(secrets.token_bytes)) for _ in range(2))
    assert one.id != two.id
    assert one.presented != two.presented


def test_the_same_secret_under_another_name_is_another_key() -> None:
    """Else one who enters keys could give an old secret a new name in the trail."""
    secret = secrets.token_bytes(21)
    named = [
        read_key(new_key(lambda size, name=name: secret if size == 21 else name))
        for name in (b"\x01" * 5, b"\x02" * 5)
    ]
    assert named[0].presented != named[1].presented


@given(st.integers(0, len(KEY) - 1), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567_"))
def test_every_slip_of_a_letter_is_told(position: int, letter: str) -> None:
    if KEY[position] == letter:
        assert read_key(KEY)
        return
    with pytest.raises(MistypedKey) as told:
        read_key(KEY[:position] + letter + KEY[position + 1 :])
    assert KEY not in str(told.value)


@pytest.mark.parametrize(
    "text",
    ["", "bsk_", KEY[:-1], KEY + "a", KEY.upper(), f" {KEY}", "é" * 53, "bsk_1_0", "a" * 9999],
)
def test_what_is_no_key_is_told(text: str) -> None:
    with pytest.raises(MistypedKey):
        read_key(text)


@given(st.binary(min_size=26, max_size=26))
def test_every_key_is_read_back(random: bytes) -> None:
    text = new_key(lambda size: random[:5] if size == 5 else random[5:])
    key = read_key(text)
    assert isinstance(key, AgencyKey)
    assert text[4:12] == key.id
