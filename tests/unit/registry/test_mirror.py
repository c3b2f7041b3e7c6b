"""A mirrored tree proves exactly the entries that a checkpoint's root commits to."""

import hashlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.log.checkpoint import Checkpoint
from registry.log.mirror import TreeMirror
from registry.log.proof import ProofRefused
from registry.log.tiles import WIDTH
from registry.log.tree import joined_root, root_of

LEAVES = [hashlib.sha256(str(at).encode()).digest() for at in range(3 * WIDTH)]
sizes = st.lists(st.integers(0, len(LEAVES)), min_size=1, max_size=5).map(sorted)


def checkpoint(size: int, leaves: list[bytes] = LEAVES) -> Checkpoint:
    return Checkpoint("log.example", size, root_of(leaves[:size]), "")


def tile(number: int) -> bytes:
    return b"".join(LEAVES[number * WIDTH : (number + 1) * WIDTH])


def roots(start: int, end: int) -> list[bytes]:
    return [joined_root(tile(number)) for number in range(start // WIDTH, end // WIDTH)]


def tail(size: int) -> list[bytes]:
    return LEAVES[size // WIDTH * WIDTH : size]


def mirror(*steps: int, most_tiles: int = 8) -> TreeMirror:
    made = TreeMirror(most_tiles)
    for before, after in pairwise((0, *steps)):
        made.advance(checkpoint(after), roots(before, after), tail(after))
    return made


def filled(made: TreeMirror) -> TreeMirror:
    for number in range(made.full_tiles):
        made.keep(number, tile(number))
    return made


@given(sizes)
def test_it_holds_every_entry_of_the_tree_and_nothing_else(steps: list[int]) -> None:
    made, size = filled(mirror(*steps)), steps[-1]
    for index, leaf in enumerate(LEAVES):
        assert made.holds(index, leaf) == (index < size)
    if size:
        assert not made.holds(size - 1, LEAVES[size % len(LEAVES)])


@given(st.integers(1, len(LEAVES)), st.data())
def test_no_other_hashes_make_the_root(size: int, data: st.DataObject) -> None:
    made = TreeMirror(8)
    given_roots, given_tail = roots(0, size), tail(size)
    part = data.draw(st.sampled_from([part for part in (given_roots, given_tail) if part]))
    at = data.draw(st.integers(0, len(part) - 1))
    damage = data.draw(st.sampled_from(["flip", "drop", "twice", "short"]))
    match damage:
        case "flip":
            part[at] = bytes([part[at][0] ^ 1]) + part[at][1:]
        case "drop":
            del part[at]
        case "twice":
            part.insert(at, part[at])
        case "short":
            part[at] = part[at][:-1]
    with pytest.raises(ProofRefused):
        made.advance(checkpoint(size), given_roots, given_tail)
    assert made.checkpoint is None
    assert made.full_tiles == 0


def test_a_refused_step_leaves_it_as_it_was() -> None:
    made = filled(mirror(300))
    with pytest.raises(ProofRefused):
        made.advance(checkpoint(600, LEAVES[::-1]), roots(300, 600), tail(600))
    assert made.holds(299, LEAVES[299])
    made.advance(checkpoint(600), roots(300, 600), tail(600))
    assert filled(made).holds(599, LEAVES[599])


def test_leaves_are_taken_for_the_tail_only_below_a_tile() -> None:
    with pytest.raises(ProofRefused):
        TreeMirror(8).advance(checkpoint(300), [], LEAVES[:300])


def test_another_tile_than_the_trees_is_refused() -> None:
    made = mirror(600)
    for wrong in (tile(1), tile(0)[:-1], tile(0)[:-1] + b"\x00"):
        with pytest.raises(ProofRefused):
            made.keep(0, wrong)
    assert [made.holds(at, LEAVES[at]) for at in (0, 255, 511, 512)] == [None, None, None, True]


def test_the_tile_not_asked_for_longest_is_forgotten() -> None:
    made = mirror(3 * WIDTH, most_tiles=2)
    made.keep(0, tile(0))
    made.keep(1, tile(1))
    assert made.holds(0, LEAVES[0])
    made.keep(2, tile(2))
    assert [made.holds(at, LEAVES[at]) for at in (0, 256, 512)] == [True, None, True]


def test_a_tile_that_comes_back_is_as_good_as_when_it_came_first() -> None:
    made = mirror(3 * WIDTH, most_tiles=1)
    for number in (0, 1, 0):
        made.keep(number, tile(number))
        assert made.holds(number * WIDTH, LEAVES[number * WIDTH])
    with pytest.raises(ProofRefused):
        made.keep(1, tile(0))
