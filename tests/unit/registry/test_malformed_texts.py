"""Our verifiers before broken texts: proof files, checkpoints and cosignatures.

The true file here is accepted under a policy that wants the log's signature and one witness's.
"""

import base64
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from registry.entry import body
from registry.log.checkpoint import sign_checkpoint
from registry.log.cosignature import cosign, cosigner_line, valid_cosignatures
from registry.log.note import NoteRefused, sign_note, verifier_line
from registry.log.policy import parse_policy, policy_of_log
from registry.log.proof import ProofRefused
from registry.log.proof_file import ProofFile, check_proof, proof_text
from tests.testkit.trees import TiledTree
from tests.unit.registry.test_entry import ISSUED

ORIGIN, WITNESS = "log.example/hanoi", "witness.example/hue"
KEY, WITNESS_KEY, STRANGER = (
    Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2, 3)
)
VKEY = verifier_line(ORIGIN, KEY.public_key())
COSIGNER = cosigner_line(WITNESS, WITNESS_KEY.public_key())
POLICY = parse_policy(f"log {VKEY}\nwitness hue {COSIGNER}\nquorum hue\n")
TREE = TiledTree([b"first", b"second", body(ISSUED), b"fourth", b"fifth"])
AT, SIZE, TIME = 2, 5, 1_763_776_531
SIGNED = sign_checkpoint(ORIGIN, SIZE, TREE.root(SIZE), KEY)
COSIGNATURE = cosign(SIGNED.note, WITNESS, WITNESS_KEY, TIME)


def file_with(note: str, index: int = AT, hashes: list[bytes] | None = None) -> str:
    """A proof file whose parts need not fit together; by default they do."""
    text = proof_text(
        ProofFile(
            body(ISSUED),
            index,
            tuple(TREE.inclusion(AT, SIZE) if hashes is None else hashes),
            SIGNED,
        )
    )
    return text.replace(SIGNED.note, note)


NOTE = SIGNED.note + COSIGNATURE
TRUE = file_with(NOTE)
LINES = TRUE.split("\n")


def without(line: int) -> str:
    return "\n".join(LINES[:line] + LINES[line + 1 :])


def instead(line: int, text: str) -> str:
    return "\n".join([*LINES[:line], text, *LINES[line + 1 :]])


def signed_anew(size: int, root: bytes, key: Ed25519PrivateKey = KEY, origin: str = ORIGIN) -> str:
    """A checkpoint with all signatures, about something else or by somebody else."""
    note = sign_checkpoint(origin, size, root, key).note
    return note + cosign(note, WITNESS, WITNESS_KEY, TIME)


def test_the_true_file_is_accepted() -> None:
    assert accepted(TRUE.encode())
    assert check_proof(TRUE, POLICY).body == body(ISSUED)
    assert LINES[2:4] == ["index 2", base64.b64encode(TREE.leaf(3)).decode()]


def test_one_flipped_bit_at_any_byte_is_refused() -> None:
    raw = bytearray(TRUE.encode())
    for at in range(len(raw)):
        raw[at] ^= 1 << at % 8
        assert not accepted(bytes(raw)), f"bit {at % 8} of byte {at}"
        raw[at] ^= 1 << at % 8


def accepted(raw: bytes) -> bool:
    try:
        check_proof(raw.decode(), POLICY)
    except (UnicodeDecodeError, ProofRefused):
        return False
    return True


MALFORMED: dict[str, str] = {
    "nothing": "",
    "only newlines": "\n" * 20,
    "no checkpoint": TRUE.partition("\n\n")[0] + "\n\n",
    "only the checkpoint": NOTE,
    "another format": TRUE.replace("@v1", "@v2"),
    "a line before": "\n" + TRUE,
    "a byte order mark before": "\ufeff" + TRUE,
    "carriage returns": TRUE.replace("\n", "\r\n"),
    "trailing newline": TRUE + "\n",
    "trailing words": TRUE + "and more\n",
    "trailing words on the last line": TRUE[:-1] + " and more\n",
    "the whole twice": TRUE + TRUE,
    "no newline at the end": TRUE[:-1],
    "U+0000 at the end": TRUE[:-1] + "\0\n",
    "half a surrogate pair": TRUE.replace(ORIGIN, "\ud800"),
    "no extra": without(1),
    "empty extra": instead(1, "extra "),
    "extra twice": instead(1, f"{LINES[1]}\n{LINES[1]}"),
    "no index": without(2),
    "empty index": instead(2, "index "),
    "index twice": instead(2, "index 2\nindex 2"),
    "index of another entry": instead(2, "index 3"),
    "index of the tree's size": instead(2, "index 5"),
    "negative index": instead(2, "index -2"),
    "index with a sign": instead(2, "index +2"),
    "index with zeros": instead(2, "index 002"),
    "index with a fraction": instead(2, "index 2.0"),
    "index in hexadecimal": instead(2, "index 0x2"),
    "index with an underscore": instead(2, "index 0_2"),
    "index in Arabic-Indic digits": instead(2, "index \u0662"),
    "index with a space behind": instead(2, "index 2 "),
    "index of twenty digits": instead(2, "index 10000000000000000000"),
    "index of a million digits": instead(2, "index " + "1" * 1_000_000),
    "a hash missing": without(3),
    "the last hash missing": without(5),
    "hashes swapped": "\n".join([*LINES[:3], LINES[4], LINES[3], *LINES[5:]]),
    "a hash too many": instead(5, f"{LINES[5]}\n{LINES[5]}"),
    "a hash too short": instead(3, base64.b64encode(TREE.leaf(3)[:31]).decode()),
    "a hash too long": instead(3, base64.b64encode(TREE.leaf(3) + b"\0").decode()),
    "a hash without padding": instead(3, LINES[3].rstrip("=")),
    "a hash with stray last bits": instead(3, LINES[3][:-2] + chr(ord(LINES[3][-2]) + 1) + "="),
    "a hash in the address alphabet": instead(3, base64.urlsafe_b64encode(b"\xff" * 32).decode()),
    "a hash with a space in it": instead(3, LINES[3][:8] + " " + LINES[3][8:]),
    "a hash in hexadecimal": instead(3, TREE.leaf(3).hex()),
    "an empty line among the hashes": instead(4, ""),
    "sixty-five hashes": file_with(NOTE, hashes=[TREE.leaf(0)] * 65),
    "a million hashes": file_with(NOTE, hashes=[TREE.leaf(0)] * 1_000_000),
    "ten million letters": TRUE + "A" * 10_000_000,
    "an extra of ten million letters": instead(1, "extra " + "A" * 10_000_000),
    "ten thousand signatures": TRUE + COSIGNATURE * 10_000,
    "size of another tree": TRUE.replace(f"\n{SIZE}\n", "\n6\n"),
    "negative size": TRUE.replace(f"\n{SIZE}\n", "\n-5\n"),
    "size of a million digits": TRUE.replace(f"\n{SIZE}\n", "\n" + "5" * 1_000_000 + "\n"),
    "no size": TRUE.replace(f"\n{SIZE}\n", "\n"),
    "no signature of the log": TRUE.replace(SIGNED.note.splitlines(keepends=True)[-1], ""),
    "no cosignature": file_with(SIGNED.note),
    "no signatures": TRUE.partition("\u2014")[0],
    "a signature cut short": TRUE[:-9] + "=\n",
    "a dash that is none": TRUE.replace("\u2014", "-"),
}


@pytest.mark.parametrize("text", MALFORMED.values(), ids=MALFORMED.keys())
def test_malformed_proof_files_are_refused(text: str) -> None:
    assert text != TRUE
    with pytest.raises(ProofRefused):
        check_proof(text, POLICY)


FORGED: dict[str, tuple[str, str]] = {
    "signed by a stranger": (signed_anew(SIZE, TREE.root(SIZE), STRANGER), "no trusted key"),
    "another origin, its own key": (
        signed_anew(SIZE, TREE.root(SIZE), KEY, "log.example/hue"),
        "another log",
    ),
    "another origin under the log's key name": (
        sign_note(SIGNED.note.partition("\n\n")[0].replace("hanoi", "hue") + "\n", ORIGIN, KEY),
        "another log",
    ),
    "another tree of that size": (signed_anew(SIZE, TREE.root(4)), "another root"),
    "a tree too small for the entry": (signed_anew(2, TREE.root(2)), "outside the tree"),
    "a smaller tree": (signed_anew(4, TREE.root(4)), "too long"),
    "cosigned by a stranger in the witness's name": (
        SIGNED.note + cosign(SIGNED.note, WITNESS, STRANGER, TIME),
        "too few witnesses",
    ),
    "cosigned by a stranger": (
        SIGNED.note + cosign(SIGNED.note, "witness.example/vinh", STRANGER, TIME),
        "too few witnesses",
    ),
    "a cosignature of another checkpoint": (
        SIGNED.note + cosign(signed_anew(4, TREE.root(4)), WITNESS, WITNESS_KEY, TIME),
        "does not hold",
    ),
    "the log's signature in the witness's place": (
        SIGNED.note + sign_note(f"{ORIGIN}\n", WITNESS, WITNESS_KEY).splitlines(keepends=True)[-1],
        "too few witnesses",
    ),
    "a true cosignature and a false one": (
        NOTE + cosign(signed_anew(4, TREE.root(4)), WITNESS, WITNESS_KEY, TIME),
        "does not hold",
    ),
}


@pytest.mark.parametrize(("note", "why"), FORGED.values(), ids=FORGED.keys())
def test_well_formed_files_with_false_signatures_are_refused(note: str, why: str) -> None:
    with pytest.raises(ProofRefused, match=why):
        check_proof(file_with(note), POLICY)


def test_without_a_quorum_the_log_alone_is_believed() -> None:
    """So the refusals above are the policy's doing."""
    assert check_proof(file_with(SIGNED.note), policy_of_log(VKEY)).index == AT
    with pytest.raises(ProofRefused, match="too few witnesses"):
        check_proof(file_with(SIGNED.note), POLICY)


@given(st.data())
def test_no_changed_character_passes(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(TRUE) - 1))
    changed = TRUE[:at] + data.draw(st.text(max_size=3)) + TRUE[at + data.draw(st.integers(0, 3)) :]
    if changed != TRUE:
        with pytest.raises(ProofRefused):
            check_proof(changed, POLICY)


@given(st.data())
def test_no_rearranged_lines_pass(data: st.DataObject) -> None:
    """Lines left out, doubled, exchanged; the order of signatures alone does not matter."""
    picked = data.draw(st.lists(st.sampled_from(LINES[:-1]), min_size=3, max_size=14))
    changed = "\n".join(picked) + "\n"
    head, _, note = changed.partition("\n\n")
    same = head == TRUE.partition("\n\n")[0] and set(note.split("\n")) == set(NOTE.split("\n"))
    if not same:
        with pytest.raises(ProofRefused):
            check_proof(changed, POLICY)


@given(st.text() | st.text("c2sp.org/tlog-proof@v1\nextra index 0123=\u2014 ", max_size=200))
def test_noise_is_no_proof(text: str) -> None:
    with pytest.raises(ProofRefused):
        check_proof(text, POLICY)
    with pytest.raises(ProofRefused):
        check_proof("c2sp.org/tlog-proof@v1\nextra \nindex 0\n\n" + text, POLICY)


CosignatureChange = Callable[[bytes], bytes]


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw[:-1],
        lambda raw: raw + b"\0",
        lambda raw: raw[:4] + raw[12:],
        lambda raw: raw[:4] + bytes(8) + raw[12:],
        lambda raw: raw[:4] + b"\xff" * 8 + raw[12:],
        lambda raw: raw[:12] + raw[44:] + raw[12:44],
        lambda raw: raw[:12] + bytes(64),
        lambda raw: raw[:5],
        *[
            lambda raw, at=at: raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
            for at in range(4, 76)
        ],
    ],
)
def test_no_changed_cosignature_of_a_known_witness_passes(change: CosignatureChange) -> None:
    """Only the four bytes of the key id may change: then nobody known is said to have signed."""
    raw = base64.b64decode(COSIGNATURE.split(" ")[2])
    line = f"\u2014 {WITNESS} {base64.b64encode(change(raw)).decode()}\n"
    with pytest.raises(NoteRefused):
        valid_cosignatures(SIGNED.note + line, [one.cosigner for one in POLICY.witnesses])
