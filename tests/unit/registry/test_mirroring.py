"""Leaves are judged by the mirrored tree, however few of its tiles the mirror holds."""

import asyncio
import hashlib
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry import mirroring
from registry.log.checkpoint import Checkpoint
from registry.log.mirror import TreeMirror
from registry.log.proof import ProofRefused
from registry.log.tiles import TILE_BYTES, WIDTH
from registry.log.tree import root_of
from registry.mirroring import follow, wrong_leaves
from tests.testkit.mirrored import LeavesOnly

TILES = 5
LEAVES = [hashlib.sha256(str(at).encode()).digest() for at in range(TILES * WIDTH + 9)]
NEWEST = Checkpoint("log.example", len(LEAVES), root_of(LEAVES), "")
EVERY_TILE = range(0, len(LEAVES), WIDTH)
#: Entries that are asked for together; those at odd indexes by the wrong leaf hash.
rounds = st.frozensets(st.integers(0, len(LEAVES) + 1), max_size=12)


async def mirrored(most_tiles: int) -> tuple[LeavesOnly, TreeMirror]:
    store, mirror = LeavesOnly(LEAVES), TreeMirror(most_tiles)
    await follow(store, mirror, NEWEST)  # type: ignore[arg-type]  # a fake
    return store, mirror


async def asked(store: LeavesOnly, mirror: TreeMirror, indexes: Iterable[int]) -> set[int]:
    """The indexes whose leaf hash was found wrong."""
    leaves = {at: LEAVES[at] if is_right(at) else bytes(32) for at in indexes}
    return await wrong_leaves(store, mirror, leaves)  # type: ignore[arg-type]  # a fake


def is_right(index: int) -> bool:
    return index % 2 == 0 and index < len(LEAVES)


def held(mirror: TreeMirror) -> set[int]:
    return {tile for tile in range(TILES) if mirror.holds(tile * WIDTH, b"") is not None}


@given(st.integers(1, 3), st.lists(st.lists(rounds, min_size=1, max_size=4), max_size=6))
def test_rounds_that_crowd_a_small_mirror_find_what_is_wrong(
    most_tiles: int, at_once: list[list[frozenset[int]]]
) -> None:
    async def ask() -> None:
        store, mirror = await mirrored(most_tiles)
        for together in at_once:
            wrong = await asyncio.gather(*(asked(store, mirror, one) for one in together))
            assert wrong == [{at for at in one if not is_right(at)} for one in together]
            assert len(held(mirror)) <= most_tiles

    asyncio.run(ask())


async def test_what_is_held_is_not_asked_for_again() -> None:
    store, mirror = await mirrored(2)
    for indexes in ([0, 2, 300], [4, 302], [len(LEAVES) - 1, 6]):
        await asked(store, mirror, indexes)
    assert store.told == [[0, 1]]


async def test_a_held_tile_is_asked_before_the_same_round_pushes_it_out() -> None:
    store, mirror = await mirrored(1)
    for indexes in ([0], [2, 256], [0]):
        assert await asked(store, mirror, indexes) == set()
    assert store.told == [[0], [1], [0]]


async def test_many_tiles_come_a_part_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mirroring, "_TILES_AT_ONCE", 2)
    store, mirror = await mirrored(2)
    assert await asked(store, mirror, EVERY_TILE) == set()
    assert store.told == [[0, 1], [2, 3], [4]]


@pytest.mark.parametrize("instead", [None, b"", bytes(TILE_BYTES), b"".join(LEAVES[1 : 1 + WIDTH])])
@pytest.mark.parametrize("seen", [False, True])
async def test_a_tile_that_is_not_the_trees_is_refused_however_often_it_came(
    instead: bytes | None, seen: bool
) -> None:
    store, mirror = await mirrored(1)
    if seen:
        await asked(store, mirror, EVERY_TILE)
    store.instead[0] = instead
    with pytest.raises(ProofRefused):
        await asked(store, mirror, [0])
    assert 0 not in held(mirror)
