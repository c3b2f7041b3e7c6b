"""Notes, checkpoints and proof files against Go's published example and against tampering."""

import base64
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from registry.entry import body
from registry.log.checkpoint import open_checkpoint, parse_checkpoint, sign_checkpoint
from registry.log.note import (
    NoteRefused,
    only_signed_by,
    open_note,
    parse_verifier,
    sign_note,
    split_note,
    verifier_line,
)
from registry.log.policy import policy_of_log
from registry.log.proof import ProofRefused
from registry.log.proof_file import ProofFile, check_proof, parse_proof, proof_text
from registry.log.tree import EMPTY_ROOT, leaf_hash, node_hash
from tests.unit.registry.test_entry import ISSUED

# The example in the documentation of golang.org/x/mod/sumdb/note.
GO_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_SECRET = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
GO_TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
GO_NOTE = (
    GO_TEXT
    + "\n\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXg"
    "KvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
KEY = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
ORIGIN = "log.example/hanoi"
VERIFIER = parse_verifier(verifier_line(ORIGIN, KEY.public_key()))
POLICY = policy_of_log(verifier_line(ORIGIN, KEY.public_key()))
CHECKPOINT = sign_checkpoint(ORIGIN, 2, b"\x01" * 32, KEY)


def test_gos_example_opens_and_is_signed_alike() -> None:
    assert open_note(GO_NOTE, [parse_verifier(GO_VKEY)]) == GO_TEXT
    key = Ed25519PrivateKey.from_private_bytes(GO_SECRET)
    assert verifier_line("PeterNeumann", key.public_key()) == GO_VKEY
    assert sign_note(GO_TEXT, "PeterNeumann", key) == GO_NOTE


@given(st.lists(st.text(st.characters(min_codepoint=32, blacklist_categories=["Cs"]))), st.data())
def test_any_text_is_signed_and_no_changed_note_opens(
    lines: list[str], data: st.DataObject
) -> None:
    text = "".join(f"{line}\n" for line in lines) or "\n"
    note = sign_note(text, ORIGIN, KEY)
    assert open_note(note, [VERIFIER]) == text
    at = data.draw(st.integers(0, len(note) - 1))
    changed = note[:at] + data.draw(st.characters(blacklist_categories=["Cs"])) + note[at + 1 :]
    if changed != note:
        with pytest.raises(NoteRefused):
            open_note(changed, [VERIFIER])


def test_other_keys_are_ignored_but_a_false_signature_of_a_known_key_is_not() -> None:
    witness = sign_note("text\n", "witness.example", Ed25519PrivateKey.generate())
    both = sign_note("text\n", ORIGIN, KEY) + witness.splitlines()[-1] + "\n"
    assert open_note(both, [VERIFIER]) == "text\n"
    assert [one.name for one in split_note(both)[1]] == [ORIGIN, "witness.example"]
    with pytest.raises(NoteRefused, match="no trusted key"):
        open_note(witness, [VERIFIER])
    with pytest.raises(NoteRefused, match="does not hold"):
        open_note(both.replace("text", "test", 1), [VERIFIER])


@pytest.mark.parametrize(
    "note",
    [
        "",
        "text\n",
        "text\n\n",
        "text\n\nsigned\n",
        "text\n\n\u2014 name\n",
        "text\n\n\u2014 name AAAA\n",
        "text\n\n\u2014 name AAAAAAAAAAA=",
        "text\n\n\u2014 na+me AAAAAAAAAAA=\n",
        "text\n\n- name AAAAAAAAAAA=\n",
        "text\n\n\u2014 name AAAAAAAAAAB=\n",
        "te\txt\n\n\u2014 name AAAAAAAAAAA=\n",
        "te\rxt\n\n\u2014 name AAAAAAAAAAA=\n",
        "te\ud800xt\n\n\u2014 name AAAAAAAAAAA=\n",
        "text\n\n\u2014 na\x01me AAAAAAAAAAA=\n",
        "text\n\n\u2014 na\u3000me AAAAAAAAAAA=\n",
        "text\n\n" + "\u2014 name AAAAAAAAAAA=\n" * 101,
        "text\n" * 300_000,
    ],
)
def test_malformed_notes_are_refused(note: str) -> None:
    with pytest.raises(NoteRefused):
        split_note(note)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "name",
        "name+c74f20a3",
        GO_VKEY.replace("c74f20a3", "c74f20a4"),
        GO_VKEY.replace("ARpc", "AhpC"),
        GO_VKEY[:-4],
        GO_VKEY.replace("PeterNeumann", "Peter Neumann"),
    ],
)
def test_malformed_verifier_keys_are_refused(line: str) -> None:
    with pytest.raises(NoteRefused):
        parse_verifier(line)


@pytest.mark.parametrize("text", ["no newline", "a\tb\n", ""])
def test_what_cannot_be_a_note_is_not_signed(text: str) -> None:
    with pytest.raises(NoteRefused):
        sign_note(text, ORIGIN, KEY)
    with pytest.raises(NoteRefused):
        sign_note("text\n", "a name", KEY)


def test_a_checkpoint_is_three_lines_and_a_signature() -> None:
    assert CHECKPOINT.note.split("\n")[:4] == [
        ORIGIN,
        "2",
        "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=",
        "",
    ]
    assert open_checkpoint(CHECKPOINT.note, ORIGIN, [VERIFIER]) == CHECKPOINT
    with pytest.raises(NoteRefused, match="another log"):
        open_checkpoint(CHECKPOINT.note, "log.example/hue", [VERIFIER])
    assert sign_checkpoint(ORIGIN, 0, EMPTY_ROOT, KEY).size == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n2\n", "\n02\n"),
        lambda text: text.replace("\n2\n", "\n-2\n"),
        lambda text: text.replace("\n2\n", "\n0\n"),
        lambda text: text.replace("\n2\n", "\n\u0662\n"),
        lambda text: text.replace("\n2\n", f"\n{2**63}\n"),
        lambda text: text.replace("\n2\n", f"\n{10**19}\n"),
        lambda text: text.replace("AQEBAQE=", "AQEB"),
        lambda text: text.replace("\n2\n", "\n\n"),
        lambda text: text.replace("\n2\n", "\n"),
    ],
)
def test_malformed_checkpoints_are_refused(change: Callable[[str], str]) -> None:
    with pytest.raises(NoteRefused):
        parse_checkpoint(change(CHECKPOINT.note))


def test_extension_lines_are_signed_and_not_understood() -> None:
    text = CHECKPOINT.note.partition("\n\n")[0] + "\nan extension\nanother\n"
    extended = sign_note(text, ORIGIN, KEY)
    assert open_checkpoint(extended, ORIGIN, [VERIFIER]).size == 2
    with pytest.raises(NoteRefused):
        open_checkpoint(extended.replace("another", "an other"), ORIGIN, [VERIFIER])
    with pytest.raises(NoteRefused, match="none of them empty"):
        parse_checkpoint(sign_note(text + "\nmore\n", ORIGIN, KEY))


def test_the_log_may_say_how_large_a_log_can_be() -> None:
    largest = sign_checkpoint(ORIGIN, 2**63 - 1, b"\x01" * 32, KEY)
    assert open_checkpoint(largest.note, ORIGIN, [VERIFIER]).size == 2**63 - 1


def test_lines_of_others_can_be_left_out() -> None:
    other = sign_note("text\n", "w.example", Ed25519PrivateKey.generate()).splitlines()[-1]
    note = f"{CHECKPOINT.note}{other}\n"
    assert only_signed_by(note, [VERIFIER]) == CHECKPOINT.note
    assert only_signed_by(CHECKPOINT.note, []) == CHECKPOINT.note.partition("\u2014")[0]


def proof_of_two() -> ProofFile:
    """Our entry as leaf 1 of a tree of two."""
    other = leaf_hash(b"other")
    root = node_hash(other, leaf_hash(body(ISSUED)))
    return ProofFile(body(ISSUED), 1, (other,), sign_checkpoint(ORIGIN, 2, root, KEY))


def test_a_proof_file_is_checked_with_nothing_but_the_key() -> None:
    text = proof_text(proof_of_two())
    assert text.startswith("c2sp.org/tlog-proof@v1\nextra ")
    assert check_proof(text, POLICY) == proof_of_two()


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("@v1", "@v2"),
        lambda text: text.replace("index 1", "index 0"),
        lambda text: text.replace("index 1", "index 01"),
        lambda text: text.replace("index 1", "index 2"),
        lambda text: text.replace("extra ", "extra e"),
        lambda text: text.replace("extra ", "Extra "),
        lambda text: text.replace(text.split("\n")[3], "AAAA"),
        lambda text: text.replace(text.split("\n")[3] + "\n", ""),
        lambda text: text.replace(text.split("\n")[3], (text.split("\n")[3] + "\n") * 65),
        lambda text: text.replace("\n2\n", "\n3\n"),
        lambda text: text.partition("\n\n")[0],
        lambda text: "",
    ],
)
def test_changed_proof_files_are_refused(change: Callable[[str], str]) -> None:
    with pytest.raises(ProofRefused):
        check_proof(change(proof_text(proof_of_two())), POLICY)


def test_a_proof_signed_by_a_stranger_is_refused() -> None:
    text = proof_text(proof_of_two())
    stranger = policy_of_log(verifier_line(ORIGIN, Ed25519PrivateKey.generate().public_key()))
    assert parse_proof(text).index == 1
    with pytest.raises(ProofRefused, match="no trusted key"):
        check_proof(text, stranger)
