"""A proof about a code is refused as soon as anything in it is another."""

import random
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from registry.log.checkpoint import Checkpoint, sign_checkpoint
from registry.log.code_map import Record, extension_line
from registry.log.map_growth import Change
from registry.log.map_proof import MapProof, check_map_proof, map_proof_text, parse_map_proof
from registry.log.proof import ProofRefused
from tests.testkit.code_maps import KEY, ORIGIN, POLICY, MapInMemory

MADE = random.Random(4)  # noqa: S311 - the same keys every time
KEYS = [MADE.randbytes(32) for _ in range(300)]


def whole_map(keys: list[bytes]) -> MapInMemory:
    whole = MapInMemory()
    whole.grow({key: Change(1 + index % 3, 2 + index) for index, key in enumerate(keys)})
    return whole


WHOLE = whole_map(KEYS)
CHECKPOINT = WHOLE.checkpoint()
OTHER = whole_map(KEYS[:-1]).checkpoint()


def _one_of(present: bool, beside: bool) -> MapProof:
    if present:
        return WHOLE.proof(KEYS[5], CHECKPOINT)
    made = (WHOLE.proof(MADE.randbytes(32), CHECKPOINT) for _ in range(1000))
    return next(proof for proof in made if (proof.end is not None) == beside)


PRESENT, BESIDE, ABSENT = _one_of(True, False), _one_of(False, True), _one_of(False, False)
PROOFS = [PRESENT, BESIDE, ABSENT]
CHOSEN = st.sampled_from(PROOFS)


def refused(text: str, proof: MapProof) -> None:
    """As an answer about the code that the proof is about."""
    with pytest.raises(ProofRefused):
        check_map_proof(text, proof.code_hash, POLICY)


@pytest.mark.parametrize("proof", PROOFS)
def test_each_kind_of_answer(proof: MapProof) -> None:
    text = map_proof_text(proof)
    assert parse_map_proof(text) == proof
    assert check_map_proof(text, proof.code_hash, POLICY) == proof
    assert (proof.found is not None) == (proof is PRESENT)
    assert (
        text.split("\n")[2].split()[:2]
        == {
            id(PRESENT): ["present", "3"],
            id(BESIDE): ["absent", "beside"],
            id(ABSENT): ["absent"],
        }[id(proof)]
    )


@given(CHOSEN, st.data())
def test_a_character_that_is_another(proof: MapProof, data: st.DataObject) -> None:
    text = map_proof_text(proof)
    at = data.draw(st.integers(0, len(text) - 1))
    put = data.draw(st.characters(codec="utf-8") | st.sampled_from(f"{text}\x00\r\t"))
    mutated = text[:at] + put + text[at + 1 :]
    if mutated != text:
        refused(mutated, proof)


@given(CHOSEN, st.data())
def test_a_flipped_bit(proof: MapProof, data: st.DataObject) -> None:
    raw = bytearray(map_proof_text(proof).encode())
    bit = data.draw(st.integers(0, 8 * len(raw) - 1))
    raw[bit // 8] ^= 1 << bit % 8
    refused(raw.decode("utf-8", "replace"), proof)


@given(CHOSEN, st.data())
def test_text_cut_off_or_doubled_or_shifted(proof: MapProof, data: st.DataObject) -> None:
    text = map_proof_text(proof)
    at = data.draw(st.integers(0, len(text) - 1))
    refused(text[:at], proof)
    refused(text[:at] + "\n" + text[at:], proof)
    refused(text[:at] + " " + text[at:], proof)


@given(CHOSEN, st.data())
def test_siblings_that_are_others(proof: MapProof, data: st.DataObject) -> None:
    hashes = list(proof.hashes)
    at = data.draw(st.integers(0, len(hashes) - 1))
    shuffled = data.draw(st.permutations(hashes))
    flipped = bytes([hashes[at][0] ^ 1]) + hashes[at][1:]
    for other in [
        hashes[:at] + hashes[at + 1 :],
        [*hashes[:at], bytes(32), *hashes[at:]],
        [*hashes[:at], hashes[at], *hashes[at:]],
        [*hashes[:at], flipped, *hashes[at + 1 :]],
        [*hashes, b"\x01" * 32],
        [],
        hashes * 30,
        shuffled if shuffled != hashes else hashes[::-1],
    ]:
        refused(map_proof_text(replace(proof, hashes=tuple(other))), proof)


@given(CHOSEN, st.data())
def test_another_key(proof: MapProof, data: st.DataObject) -> None:
    """Below the place where its way ends a key may be any: there the answer is the same, and true.

    Above, or where the record itself is the answer, it may not.
    """
    bit = data.draw(st.integers(0, 255))
    other = bytearray(proof.code_hash)
    other[bit // 8] ^= 1 << (7 - bit % 8)
    mutated = replace(proof, code_hash=bytes(other))
    refused(map_proof_text(proof), mutated)
    refused(map_proof_text(mutated), proof)
    true = WHOLE.proof(bytes(other), CHECKPOINT)
    if proof is PRESENT:
        end = proof.end and replace(proof.end, code_hash=bytes(other))
        refused(map_proof_text(replace(mutated, end=end)), mutated)
    elif mutated == true:
        assert check_map_proof(map_proof_text(mutated), bytes(other), POLICY).found is None
    else:
        refused(map_proof_text(mutated), mutated)


@given(CHOSEN, st.sampled_from([1, 2, 2**63 - 1]), st.sampled_from([0, 1, 2**62, 2**63 - 1]))
def test_other_answers(proof: MapProof, count: int, latest: int) -> None:
    ends: list[Record | None] = [None, Record(proof.code_hash, count, latest)]
    ends += [Record(KEYS[9], count, latest), Record(proof.code_hash[:31] + b"\x00", 1, 2)]
    if proof.end:
        ends += [replace(proof.end, count=count), replace(proof.end, latest=latest)]
    for end in ends:
        if end != proof.end:
            refused(map_proof_text(replace(proof, end=end)), proof)


def test_other_checkpoints() -> None:
    stranger = Ed25519PrivateKey.generate()
    line = extension_line(WHOLE.root)
    root = CHECKPOINT.root_hash
    others: list[Checkpoint] = [
        OTHER,
        sign_checkpoint(ORIGIN, CHECKPOINT.size, root, KEY),  # commits to no map
        sign_checkpoint(ORIGIN, CHECKPOINT.size, root, KEY, [line, line]),
        sign_checkpoint(ORIGIN, CHECKPOINT.size, root, stranger, [line]),
        sign_checkpoint("another.example/log", CHECKPOINT.size, root, KEY, [line]),
    ]
    for other in others:
        for proof in PROOFS:
            refused(map_proof_text(replace(proof, checkpoint=other)), proof)


def test_an_entry_that_the_checkpoint_does_not_cover() -> None:
    """A root over more than the log holds: the signer's mistake, and refused all the same."""
    assert PRESENT.end
    short = sign_checkpoint(
        ORIGIN, PRESENT.end.latest, b"\x01" * 32, KEY, [extension_line(WHOLE.root)]
    )
    refused(map_proof_text(replace(PRESENT, checkpoint=short)), PRESENT)


@pytest.mark.parametrize(
    ("line", "put"),
    [
        (0, "bansao/map-proof@v2"),
        (1, f"code {PRESENT.code_hash.hex().upper()}"),
        (1, f"code {PRESENT.code_hash.hex()}00"),
        (2, "present 3"),
        (2, "present 03 7"),
        (2, "present 0 7"),
        (2, "present ٣ 7"),
        (2, "present 3 99999999999999999999"),
        (2, f"absent beside {PRESENT.code_hash.hex()} 3 7"),
        (2, "absent "),
        (2, ""),
        (3, ""),
        (3, "AAAA"),
    ],
)
def test_lines_in_another_spelling(line: int, put: str) -> None:
    lines = map_proof_text(PRESENT).split("\n")
    lines[line] = put
    refused("\n".join(lines), PRESENT)


@pytest.mark.parametrize("text", ["", "\n\n", "bansao/map-proof@v1\n\n", "x" * 5_000_000])
def test_no_proof_at_all(text: str) -> None:
    refused(text, PRESENT)


@given(st.text() | st.binary().map(lambda raw: raw.decode("utf-8", "replace")))
def test_any_text_is_refused_and_raises_nothing_else(text: str) -> None:
    refused(text, PRESENT)
    refused("bansao/map-proof@v1\n" + text, PRESENT)


def test_a_map_without_codes() -> None:
    empty = MapInMemory()
    empty.grow({})
    proof = empty.proof(bytes(32), empty.checkpoint())
    assert (proof.end, proof.hashes) == (None, ())
    assert check_map_proof(map_proof_text(proof), bytes(32), POLICY).found is None
