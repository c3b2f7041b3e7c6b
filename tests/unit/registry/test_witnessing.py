"""The witness's decision, and the text in which it is asked for."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from registry.log.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from registry.log.note import parse_verifier, sign_note, verifier_line
from registry.log.proof import ProofRefused, consistency_ranges, proven_beginning
from registry.log.tree import EMPTY_ROOT, leaf_hash, root_of
from registry.log.witnessing import (
    AddCheckpoint,
    CheckpointRefused,
    InconsistentTree,
    OriginUnknown,
    RequestMalformed,
    SignatureUnknown,
    SizeConflict,
    TwoRoots,
    judge,
    parse_request,
    request_text,
)

ORIGIN = "log.example/hanoi"
KEY = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
TRUSTED = [parse_verifier(verifier_line(ORIGIN, KEY.public_key()))]
LEAVES = [leaf_hash(bytes([at])) for at in range(40)]
FORKED = [*LEAVES[:3], leaf_hash(b"another"), *LEAVES[4:]]

# Three requests to one witness, as torchwood, a witness in Go, has them in its own test. The tree
# of 5 and the tree of 3 both follow the tree of 1.
GO_ORIGIN = "sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562"
GO_KEY = bytes.fromhex("ffdc2d4d98e4124d3feaf788c0c2f9abfd796083d1f0495437f302ec79cf100f")
GO_ONE = f"""old 0

{GO_ORIGIN}
1
KgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=

\u2014 {GO_ORIGIN} UgIom7fPZTqpxWWhyjWduBvTvGVqsokMbqTArsQilegKoF\
BJQjUFAmQ0+YeSPM3wfUQMFSzVnnNuWRTYrajXpNUbIQY=
"""
GO_THREE = f"""old 1
KgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
KgIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=

{GO_ORIGIN}
3
RcCI1Nk56ZcSmIEfIn0SleqtV7uvrlXNccFx595Iwl0=

\u2014 {GO_ORIGIN} UgIom2VbtIcdFbwFAy1n7s6IkAxIY6J/GQOTuZF2ORV39d\
75cbAj2aQYwyJre36kezNobZs4SUUdrcawfAB8WVrx6go=
"""
GO_FIVE = f"""old 1
KgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
+fUDV+k970B4I3uKrqJM4aP1lloPZP8mvr2Z4wRw2LI=
KgQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=

{GO_ORIGIN}
5
QrtXrQZCCvpIgsSmOsah7HdICzMLLyDfxToMql9WTjY=

\u2014 {GO_ORIGIN} UgIomw/EOJmWi0i1FQsOj+etB7F8IccFam/jgd6wzRns4Q\
PVmyEZtdvl1U2KEmLOZ/ASRcWJi0tW90dJWAShei7sDww=
"""


def checkpoint(size: int, leaves: list[bytes] = LEAVES) -> Checkpoint:
    return sign_checkpoint(ORIGIN, size, root_of(leaves[:size]), KEY)


def proof(old: int, new: int, leaves: list[bytes] = LEAVES) -> tuple[bytes, ...]:
    ranges = consistency_ranges(old, new) if old else []
    return tuple(root_of(leaves[start:end]) for start, end in ranges)


def request(old: int, new: int, leaves: list[bytes] = LEAVES) -> AddCheckpoint:
    return AddCheckpoint(old, proof(old, new, leaves), checkpoint(new, leaves).note)


def test_requests_of_another_implementation_are_decided_as_it_does() -> None:
    verifiers = [
        parse_verifier(verifier_line(GO_ORIGIN, Ed25519PublicKey.from_public_bytes(GO_KEY)))
    ]
    one = judge(None, parse_request(GO_ONE), verifiers)
    five = judge(one, parse_request(GO_FIVE), verifiers)
    assert (one.size, five.size, judge(one, parse_request(GO_THREE), verifiers).size) == (1, 5, 3)
    with pytest.raises(SizeConflict) as conflict:
        judge(five, parse_request(GO_THREE), verifiers)
    assert conflict.value.cosigned == 5
    for text in (GO_ONE, GO_THREE, GO_FIVE):
        assert request_text(parse_request(text)) == text


@given(st.integers(0, 40), st.integers(0, 40))
def test_a_tree_that_continues_the_cosigned_one_is_let_through(one: int, other: int) -> None:
    old, new = sorted((one, other))
    seen = checkpoint(old) if old else None
    assert judge(seen, request(old, new), TRUSTED) == checkpoint(new)
    assert parse_request(request_text(request(old, new))) == request(old, new)


@given(st.integers(4, 40), st.integers(4, 40))
def test_a_rewritten_tree_never_is(one: int, other: int) -> None:
    old, new = sorted((one, other))
    for offered in (request(old, new, FORKED), request(old, new)):
        for seen in (checkpoint(old), checkpoint(old, FORKED)):
            whole = seen == checkpoint(old) and offered == request(old, new)
            forked = seen == checkpoint(old, FORKED) and offered == request(old, new, FORKED)
            if not whole and not forked:
                with pytest.raises(TwoRoots if old == new else InconsistentTree):
                    judge(seen, offered, TRUSTED)


@given(st.integers(1, 39), st.data())
def test_a_changed_proof_is_refused(old: int, data: st.DataObject) -> None:
    new = data.draw(st.integers(old + 1, 40))
    hashes = list(proof(old, new))
    at = data.draw(st.integers(0, len(hashes) - 1))
    change = data.draw(st.sampled_from(["drop", "repeat", "flip", "add"]))
    if change == "drop":
        del hashes[at]
    elif change == "repeat":
        hashes.insert(at, hashes[at])
    elif change == "flip":
        hashes[at] = bytes([hashes[at][0] ^ 1]) + hashes[at][1:]
    else:
        hashes.append(bytes(32))
    with pytest.raises(InconsistentTree):
        judge(checkpoint(old), AddCheckpoint(old, tuple(hashes), checkpoint(new).note), TRUSTED)


def test_each_refusal_has_the_status_of_the_specification() -> None:
    stranger = Ed25519PrivateKey.from_private_bytes(b"\x09" * 32)
    root = root_of(LEAVES[:7])
    alien = sign_checkpoint("log.example/hue", 7, root, KEY).note
    unsigned = sign_checkpoint(ORIGIN, 7, root, stranger).note
    for refused, status, offered in (
        (OriginUnknown, 404, AddCheckpoint(5, (), alien)),
        (SignatureUnknown, 403, AddCheckpoint(5, (), unsigned)),
        (RequestMalformed, 400, AddCheckpoint(8, (), checkpoint(7).note)),
        (SizeConflict, 409, request(4, 7)),
        (SizeConflict, 409, request(0, 7)),
        (TwoRoots, 409, request(5, 5, FORKED)),
        (InconsistentTree, 422, AddCheckpoint(5, (), checkpoint(7).note)),
        (InconsistentTree, 422, AddCheckpoint(5, (root,), checkpoint(5).note)),
    ):
        with pytest.raises(refused) as refusal:
            judge(checkpoint(5), offered, TRUSTED)
        assert refusal.value.status == status


def test_the_first_tree_needs_no_proof_and_takes_none() -> None:
    assert judge(None, request(0, 7), TRUSTED).size == 7
    assert judge(None, AddCheckpoint(0, (), checkpoint(0).note), TRUSTED).root_hash == EMPTY_ROOT
    with pytest.raises(InconsistentTree):
        judge(None, AddCheckpoint(0, (bytes(32),), checkpoint(7).note), TRUSTED)
    with pytest.raises(SizeConflict) as conflict:
        judge(None, request(5, 7), TRUSTED)
    assert conflict.value.cosigned == 0


def test_other_signatures_and_extension_lines_do_not_disturb() -> None:
    root = base64.b64encode(root_of(LEAVES[:7])).decode()
    note = sign_note(f"{ORIGIN}\n7\n{root}\nextension\n", ORIGIN, KEY)
    others = [
        sign_note("x\n", f"w{at}.example", Ed25519PrivateKey.from_private_bytes(bytes([at]) * 32))
        for at in range(15)
    ]
    note += "".join(other.splitlines(keepends=True)[-1] for other in others)
    assert judge(checkpoint(5), AddCheckpoint(5, proof(5, 7), note), TRUSTED).size == 7
    assert open_checkpoint(note, ORIGIN, TRUSTED).size == 7


@given(st.integers(1, 39), st.data())
def test_a_proof_shows_where_its_tree_begins(old: int, data: st.DataObject) -> None:
    new = data.draw(st.integers(old + 1, 40))
    for leaves in (LEAVES, FORKED):
        root = root_of(leaves[:new])
        if old & (old - 1):
            shown = proven_beginning(old, new, proof(old, new, leaves), root)
            assert shown == root_of(leaves[:old])
        else:
            with pytest.raises(ProofRefused):
                proven_beginning(old, new, proof(old, new, leaves), root)
        with pytest.raises(ProofRefused):
            proven_beginning(old, new, proof(old, new, leaves), bytes(32))


GOOD = request_text(request(5, 7))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "old 5\n",
        GOOD.replace("old 5", "old 05"),
        GOOD.replace("old 5", "old -5"),
        GOOD.replace("old 5", "old  5"),
        GOOD.replace("old 5", "old \u0665"),
        GOOD.replace("old 5", "old 9223372036854775808"),
        GOOD.replace("old 5", "new 5"),
        GOOD.replace("old 5", "\nold 5"),
        GOOD.replace("\n\n", "\n", 1),
        GOOD.replace("=\n", "\n", 1),
        GOOD.replace("\n", "\r\n"),
        GOOD[:-1],
        GOOD.partition("\n\n")[0] + "\n\n",
        request_text(AddCheckpoint(5, (b"short",), checkpoint(7).note)),
        request_text(AddCheckpoint(0, (bytes(32),) * 64, checkpoint(7).note)),
        request_text(AddCheckpoint(5, (), "a note\n")),
        request_text(AddCheckpoint(5, (), sign_note("text\n", ORIGIN, KEY))),
    ],
)
def test_malformed_requests_are_refused(text: str) -> None:
    with pytest.raises(RequestMalformed):
        parse_request(text)


@given(st.integers(0, len(GOOD) - 1), st.characters())
def test_a_changed_request_is_never_cosigned_as_something_else(at: int, put: str) -> None:
    changed = GOOD[:at] + put + GOOD[at + 1 :]
    try:
        judged = judge(checkpoint(5), parse_request(changed), TRUSTED)
    except CheckpointRefused:
        return
    assert (judged.size, judged.root_hash) == (7, root_of(LEAVES[:7]))


def test_two_logs_are_never_compared() -> None:
    other = sign_checkpoint("log.example/hue", 5, root_of(LEAVES[:5]), KEY)
    with pytest.raises(ValueError, match="two logs"):
        judge(other, request(5, 7), TRUSTED)
