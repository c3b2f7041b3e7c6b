"""Our verifiers before broken proofs: whatever differs from the one true proof is refused."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.log.proof import ProofRefused, verify_consistency, verify_inclusion
from registry.log.tree import EMPTY_ROOT, leaf_hash
from tests.testkit.trees import TiledTree, Tree, VastTree

SMALL = TiledTree([b"entry %d" % at for at in range(70)])
VAST = VastTree(2**62 + 3, {2**40 + 5: b"marked"})
OTHER = leaf_hash(b"another")


class Inclusion(NamedTuple):
    """One call of verify_inclusion."""

    index: int
    size: int
    leaf: bytes
    proof: list[bytes]
    root: bytes


class Consistency(NamedTuple):
    """One call of verify_consistency."""

    old: int
    new: int
    proof: list[bytes]
    old_root: bytes
    new_root: bytes


def inclusion(tree: Tree, index: int, size: int) -> Inclusion:
    return Inclusion(index, size, tree.leaf(index), tree.inclusion(index, size), tree.root(size))


def consistency(tree: Tree, old: int, new: int) -> Consistency:
    return Consistency(old, new, tree.consistency(old, new), tree.root(old), tree.root(new))


INCLUSIONS = [inclusion(SMALL, *at) for at in [(0, 1), (0, 2), (1, 3), (6, 7), (37, 70), (69, 70)]]
INCLUSIONS.append(inclusion(VAST, 2**40 + 5, 2**62 + 3))
CONSISTENCIES = [consistency(SMALL, *at) for at in [(1, 2), (3, 7), (8, 9), (37, 70), (64, 70)]]
CONSISTENCIES += [consistency(VAST, 2**40 + 6, 2**62 + 3), consistency(VAST, 2**40, 2**62)]

HashesSpoilt = Callable[[list[bytes]], list[bytes]]
WRONG_HASHES: dict[str, HashesSpoilt] = {
    "empty": lambda proof: [],
    "first missing": lambda proof: proof[1:],
    "last missing": lambda proof: proof[:-1],
    "one more before": lambda proof: [OTHER, *proof],
    "one more after": lambda proof: [*proof, OTHER],
    "the last one twice": lambda proof: [*proof, *proof[-1:]],
    "the whole twice": lambda proof: proof * 2,
    "reversed": lambda proof: proof[::-1],
    "first replaced": lambda proof: [OTHER, *proof[1:]],
    "last replaced": lambda proof: [*proof[:-1], OTHER],
    "a hash cut short": lambda proof: [*proof[:-1], proof[-1][:31]],
    "a hash too long": lambda proof: [*proof[:-1], proof[-1] + b"\0"],
    "an empty hash": lambda proof: [*proof[:-1], b""],
    "two hashes run together": lambda proof: [b"".join(proof[:2]), *proof[2:]],
    "a hundred thousand": lambda proof: [*proof, *[OTHER] * 100_000],
}


def spoilt_hashes(true: Sequence[Inclusion | Consistency]) -> list[object]:
    """Each wrong way applied to each proof, where it makes a difference."""
    cases: list[object] = []
    for one in true:
        for way, spoil in WRONG_HASHES.items():
            wrong = (
                spoil(one.proof) if one.proof or "more" in way or "hundred" in way else one.proof
            )
            if wrong != one.proof:
                name = f"{one[0]}-{one[1]}: {way}"
                cases.append(pytest.param(one._replace(proof=wrong), id=name))
    return cases


@pytest.mark.parametrize("true", INCLUSIONS)
def test_the_true_inclusion_proofs_are_accepted(true: Inclusion) -> None:
    verify_inclusion(*true)


@pytest.mark.parametrize("true", CONSISTENCIES)
def test_the_true_consistency_proofs_are_accepted(true: Consistency) -> None:
    verify_consistency(*true)


@pytest.mark.parametrize("wrong", spoilt_hashes(INCLUSIONS))
def test_inclusion_with_other_hashes_is_refused(wrong: Inclusion) -> None:
    with pytest.raises(ProofRefused):
        verify_inclusion(*wrong)


@pytest.mark.parametrize("wrong", spoilt_hashes(CONSISTENCIES))
def test_consistency_with_other_hashes_is_refused(wrong: Consistency) -> None:
    with pytest.raises(ProofRefused):
        verify_consistency(*wrong)


@pytest.mark.parametrize("true", INCLUSIONS)
def test_one_flipped_bit_in_any_byte_spoils_an_inclusion_proof(true: Inclusion) -> None:
    for leaf in flipped(true.leaf):
        assert_refused(verify_inclusion, true._replace(leaf=leaf))
    for root in flipped(true.root):
        assert_refused(verify_inclusion, true._replace(root=root))
    for proof in flipped_within(true.proof):
        assert_refused(verify_inclusion, true._replace(proof=proof))


@pytest.mark.parametrize("true", CONSISTENCIES)
def test_one_flipped_bit_in_any_byte_spoils_a_consistency_proof(true: Consistency) -> None:
    for root in flipped(true.old_root):
        assert_refused(verify_consistency, true._replace(old_root=root))
    for root in flipped(true.new_root):
        assert_refused(verify_consistency, true._replace(new_root=root))
    for proof in flipped_within(true.proof):
        assert_refused(verify_consistency, true._replace(proof=proof))


@pytest.mark.parametrize("true", INCLUSIONS)
def test_an_inclusion_proof_of_another_place_is_refused(true: Inclusion) -> None:
    places = {-1, 0, true.index - 1, true.index + 1, true.size, 2**63, 2**64, 10**100, -(10**100)}
    for index in places - {true.index}:
        assert_refused(verify_inclusion, true._replace(index=index))


@pytest.mark.parametrize("true", INCLUSIONS)
def test_an_inclusion_proof_for_no_tree_is_refused(true: Inclusion) -> None:
    for size in (-1, 0, true.index, -(2**63), -(10**100)):
        assert_refused(verify_inclusion, true._replace(size=size))


@pytest.mark.parametrize("true", CONSISTENCIES)
def test_a_consistency_proof_of_other_sizes_is_refused(true: Consistency) -> None:
    for old in {-1, 0, true.new + 1, 2**64, 10**100, -(10**100)} - {true.old}:
        assert_refused(verify_consistency, true._replace(old=old))
    for new in (-1, 0, true.old - 1, -(10**100)):
        assert_refused(verify_consistency, true._replace(new=new))
    swapped = Consistency(true.new, true.old, true.proof, true.new_root, true.old_root)
    assert_refused(verify_consistency, swapped)
    roots_swapped = true._replace(old_root=true.new_root, new_root=true.old_root)
    assert_refused(verify_consistency, roots_swapped)


sizes = st.integers(1, 70)


@given(sizes, st.data())
def test_a_wrong_size_or_index_is_refused_wherever_the_shape_differs(
    size: int, data: st.DataObject
) -> None:
    """Where two sizes give a leaf a path of one shape, only the signed size tells them apart:
    that is why the size stands in the checkpoint beside the root, and another is refused there.
    """
    index = data.draw(st.integers(0, size - 1))
    true = inclusion(SMALL, index, size)
    other_index, other_size = data.draw(st.integers(-1, 71)), data.draw(st.integers(-1, 10**30))
    if other_index != index:
        assert_refused(verify_inclusion, true._replace(index=other_index))
    if shape(index, other_size) != shape(index, size):
        assert_refused(verify_inclusion, true._replace(size=other_size))


@given(st.integers(0, 70), st.integers(0, 70), st.data())
def test_no_made_up_proof_shows_two_roots_to_be_of_one_log(
    old: int, new: int, data: st.DataObject
) -> None:
    """A fork: the later tree has another entry among the first `old` ones."""
    old, new = sorted((old, new))
    if old == 0:
        return
    forked_at = data.draw(st.integers(0, old - 1))
    bodies = [b"entry %d" % at for at in range(new)]
    bodies[forked_at] = b"rewritten"
    fork = TiledTree(bodies)
    pool = [*fork.consistency(old, new), *SMALL.consistency(old, new), SMALL.root(old)]
    tried = [fork.consistency(old, new), SMALL.consistency(old, new)]
    tried.append(data.draw(st.lists(st.sampled_from(pool), max_size=8)))
    for proof in tried:
        forged = Consistency(old, new, proof, SMALL.root(old), fork.root(new))
        assert_refused(verify_consistency, forged)


@given(st.lists(st.binary(max_size=40), max_size=70), st.integers(), st.integers())
def test_noise_is_no_proof(noise: list[bytes], first: int, second: int) -> None:
    assert_refused(verify_inclusion, Inclusion(first, second, OTHER, noise, SMALL.root(70)))
    if first != second and first:
        roots = SMALL.root(69), SMALL.root(70)
        assert_refused(verify_consistency, Consistency(first, second, noise, *roots))


def test_an_empty_tree_has_one_root_and_needs_no_proof() -> None:
    verify_consistency(0, 70, [], EMPTY_ROOT, SMALL.root(70))
    verify_consistency(0, 0, [], EMPTY_ROOT, EMPTY_ROOT)
    assert_refused(verify_consistency, Consistency(0, 70, [OTHER], EMPTY_ROOT, SMALL.root(70)))
    assert_refused(verify_consistency, Consistency(0, 70, [], bytes(32), SMALL.root(70)))
    assert_refused(verify_consistency, Consistency(0, 0, [], EMPTY_ROOT, SMALL.root(70)))


def assert_refused(verify: Callable[..., None], call: Inclusion | Consistency) -> None:
    with pytest.raises(ProofRefused):
        verify(*call)


def flipped(value: bytes) -> list[bytes]:
    """The value with one bit flipped, once for each of its bytes."""
    return [
        value[:at] + bytes([value[at] ^ 1 << at % 8]) + value[at + 1 :] for at in range(len(value))
    ]


def flipped_within(proof: list[bytes]) -> list[list[bytes]]:
    return [
        [*proof[:at], wrong, *proof[at + 1 :]]
        for at, value in enumerate(proof)
        for wrong in flipped(value)
    ]


def shape(index: int, size: int) -> list[bool] | None:
    """On which side of the path each hash of a leaf's inclusion proof stands, leaf upwards."""
    if not 0 <= index < size:
        return None
    sides: list[bool] = []
    while size > 1:
        split = 1 << (size - 1).bit_length() - 1
        left = index < split
        sides.append(left)
        index, size = (index, split) if left else (index - split, size - split)
    return sides[::-1]
