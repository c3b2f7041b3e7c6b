"""Cosignatures of both algorithms, against messages written out from the specification."""

import base64
import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from registry.log.checkpoint import sign_checkpoint
from registry.log.cosignature import cosign, cosigner_line, parse_cosigner, valid_cosignatures
from registry.log.note import NoteRefused, open_note, parse_verifier, sign_note, verifier_line

ORIGIN = "log.example/hanoi"
NAME = "witness.example/w1"
LOG_KEY = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
KEY = Ed25519PrivateKey.from_private_bytes(b"\x08" * 32)
COSIGNER = parse_cosigner(cosigner_line(NAME, KEY.public_key()))
ROOT = hashlib.sha256(b"a root").digest()
CHECKPOINT = sign_checkpoint(ORIGIN, 20852163, ROOT, LOG_KEY)
EXTENDED = sign_note(
    f"{ORIGIN}\n5\n{base64.b64encode(ROOT).decode()}\nan extension\n", ORIGIN, LOG_KEY
)
TIME = 1679315147


def line(name: str, key_id: bytes, signature: bytes) -> str:
    return f"\u2014 {name} {base64.b64encode(key_id + signature).decode()}\n"


def test_the_signed_message_is_that_of_the_specification() -> None:
    text = CHECKPOINT.note.partition("\n\n")[0] + "\n"
    message = b"cosignature/v1\ntime 1679315147\n" + text.encode()
    raw = KEY.public_key().public_bytes_raw()
    key_id = hashlib.sha256(NAME.encode() + b"\n\x04" + raw).digest()[:4]
    by_hand = line(NAME, key_id, TIME.to_bytes(8, "big") + KEY.sign(message))
    assert cosign(CHECKPOINT.note, NAME, KEY, TIME) == by_hand
    assert valid_cosignatures(CHECKPOINT.note + by_hand, [COSIGNER]) == {NAME: TIME}


def test_an_ml_dsa_cosignature_holds_over_name_time_origin_size_and_root() -> None:
    key = MLDSA44PrivateKey.generate()
    cosigner = parse_cosigner(cosigner_line(NAME, key.public_key()))
    for time, note, size in ((TIME, CHECKPOINT.note, 20852163), (0, EXTENDED, 5)):
        message = (
            b"subtree/v1\n\x00\x12"
            + NAME.encode()
            + time.to_bytes(8, "big")
            + b"\x11"
            + ORIGIN.encode()
            + bytes(8)
            + size.to_bytes(8, "big")
            + ROOT
        )
        cosigned = note + line(NAME, cosigner.key_id, time.to_bytes(8, "big") + key.sign(message))
        assert valid_cosignatures(cosigned, [cosigner, COSIGNER]) == {NAME: time}
    assert cosigner_line(NAME, key.public_key()).count("+") >= 2
    with pytest.raises(NoteRefused):
        valid_cosignatures(cosigned.replace("\n5\n", "\n6\n"), [cosigner])
    long_name = "w" * 256
    with pytest.raises(NoteRefused):
        parse_cosigner(cosigner_line(long_name, key.public_key()))
    text = f"{'o' * 256}\n5\n{base64.b64encode(ROOT).decode()}\n"
    note = sign_note(text, "o", LOG_KEY) + line(NAME, cosigner.key_id, bytes(2428))
    with pytest.raises(NoteRefused, match="origin"):
        valid_cosignatures(note, [cosigner])


@given(st.integers(0, 2**63 - 1), st.data())
def test_any_time_is_carried_and_no_changed_cosignature_holds(
    time: int, data: st.DataObject
) -> None:
    added = cosign(EXTENDED, NAME, KEY, time)
    assert valid_cosignatures(EXTENDED + added, [COSIGNER]) == {NAME: time}
    raw = bytearray(base64.b64decode(added.split(" ")[2]))
    raw[data.draw(st.integers(4, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(NoteRefused):
        valid_cosignatures(EXTENDED + line(NAME, bytes(raw[:4]), bytes(raw[4:])), [COSIGNER])


@given(st.integers(0, len(EXTENDED.partition("\n\n")[0]) - 1), st.characters(min_codepoint=32))
def test_a_cosignature_is_of_one_text_extensions_included(at: int, put: str) -> None:
    cosigned = EXTENDED + cosign(EXTENDED, NAME, KEY, TIME)
    changed = cosigned[:at] + put + cosigned[at + 1 :]
    if changed != cosigned:
        with pytest.raises(NoteRefused):
            valid_cosignatures(changed, [COSIGNER])


def test_unknown_cosigners_are_ignored_and_the_newest_time_counts() -> None:
    stranger = cosign(CHECKPOINT.note, NAME, LOG_KEY, TIME)
    assert valid_cosignatures(CHECKPOINT.note + stranger, [COSIGNER]) == {}
    added = [cosign(CHECKPOINT.note, NAME, KEY, time) for time in (TIME, TIME + 9, TIME + 1)]
    note = CHECKPOINT.note + stranger * 13 + "".join(added)
    assert valid_cosignatures(note, [COSIGNER]) == {NAME: TIME + 9}
    assert open_note(note, [parse_verifier(verifier_line(ORIGIN, LOG_KEY.public_key()))])


def test_two_keys_of_one_name_do_not_hide_each_other() -> None:
    other = parse_cosigner(cosigner_line(NAME, LOG_KEY.public_key()))
    cosigned = CHECKPOINT.note + cosign(CHECKPOINT.note, NAME, KEY, TIME)
    assert valid_cosignatures(cosigned, [COSIGNER, other]) == {NAME: TIME}
    assert valid_cosignatures(cosigned, [other, COSIGNER]) == {NAME: TIME}


@pytest.mark.parametrize("signature", [b"", bytes(71), bytes(73), b"\xff" * 72, bytes(2428)])
def test_a_known_key_with_a_malformed_signature_spoils_the_note(signature: bytes) -> None:
    bad = line(NAME, COSIGNER.key_id, signature or b"\x00")
    with pytest.raises(NoteRefused):
        valid_cosignatures(CHECKPOINT.note + bad, [COSIGNER])


def test_a_time_beyond_the_formats_end_is_refused_though_signed() -> None:
    text = CHECKPOINT.note.partition("\n\n")[0] + "\n"
    for time, good in ((2**63 - 1, True), (2**63, False)):
        signature = KEY.sign(f"cosignature/v1\ntime {time}\n{text}".encode())
        note = CHECKPOINT.note + line(NAME, COSIGNER.key_id, time.to_bytes(8, "big") + signature)
        if good:
            assert valid_cosignatures(note, [COSIGNER]) == {NAME: time}
        else:
            with pytest.raises(NoteRefused):
                valid_cosignatures(note, [COSIGNER])


def test_only_checkpoints_are_cosigned_at_times_that_fit() -> None:
    with pytest.raises(NoteRefused):
        cosign(sign_note("any text\n", ORIGIN, LOG_KEY), NAME, KEY, TIME)
    for time in (-1, 2**63):
        with pytest.raises(ValueError, match="time"):
            cosign(CHECKPOINT.note, NAME, KEY, time)


def test_the_algorithm_is_part_of_a_key_line() -> None:
    assert parse_cosigner(cosigner_line(NAME, KEY.public_key()) + "\n") == COSIGNER
    with pytest.raises(NoteRefused):
        parse_cosigner(verifier_line(NAME, KEY.public_key()))
    with pytest.raises(NoteRefused):
        parse_verifier(cosigner_line(NAME, KEY.public_key()))
    # Ed25519 signs nothing of the name, so that the key id alone keeps the algorithms apart.
    plain = sign_note(CHECKPOINT.note.partition("\n\n")[0] + "\n", NAME, KEY)
    assert valid_cosignatures(plain, [COSIGNER]) == {}
