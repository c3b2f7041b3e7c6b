"""The tree against RFC 6962's definition and published vectors, over several tiles."""

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.log.proof import (
    ProofRefused,
    consistency_ranges,
    inclusion_ranges,
    verify_consistency,
    verify_inclusion,
)
from registry.log.tiles import (
    TileBuilder,
    TileName,
    edge_levels,
    range_hash,
    split_hashes,
    tiles_for,
    width_at,
)
from registry.log.tree import EMPTY_ROOT, CompactRange, leaf_hash, node_hash, perfect_root, root_of

# The leaves and roots that every RFC 6962 implementation is tried with
# (google/certificate-transparency, merkletree tests).
VECTOR_LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
VECTOR_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [leaf_hash(str(at).encode()) for at in range(66_000)]
sizes = st.integers(1, 1200)


def by_definition(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(by_definition(leaves[:split]), by_definition(leaves[split:]))


def grown(size: int) -> tuple[TileBuilder, dict[TileName, list[bytes]]]:
    """A tree of LEAVES[:size] with all of its tiles, full and partial."""
    builder, tiles = TileBuilder(), {}
    roots: dict[int, list[bytes]] = {0: LEAVES[:size]}
    for leaf in LEAVES[:size]:
        for tile in builder.append(leaf):
            tiles[tile.level, tile.index] = split_hashes(tile.hashes)
            roots.setdefault(tile.level + 1, []).append(tile.root_hash)
    for level, hashes in roots.items():
        index = len(hashes) // 256
        if width := width_at(level, index, size):
            tiles[level, index] = hashes[-width:]
    return builder, tiles


@pytest.mark.parametrize("size", range(9))
def test_published_roots(size: int) -> None:
    assert root_of(map(leaf_hash, VECTOR_LEAVES[:size])).hex() == VECTOR_ROOTS[size]


@pytest.mark.parametrize("size", [*range(70), 255, 256, 257, 511, 512, 513, 1000])
def test_every_way_to_a_root_is_the_definition(size: int) -> None:
    root = by_definition(LEAVES[:size])
    assert root_of(LEAVES[:size]) == root
    assert grown(size)[0].root() == root


def test_the_second_level_of_tiles() -> None:
    builder, tiles = grown(65_536 + 300)
    assert builder.root() == by_definition(LEAVES[: 65_536 + 300])
    assert [len(tiles[name]) for name in [(1, 0), (0, 256), (0, 257), (1, 1), (2, 0)]] == [
        256,
        256,
        44,
        1,
        1,
    ]


@given(sizes, st.data())
@settings(max_examples=50)
def test_a_tree_goes_on_from_its_edge(size: int, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, size))
    whole, tiles = grown(size)
    edge = []
    for level in range(edge_levels(start)):
        index = start >> 8 * (level + 1)
        edge.append(tiles.get((level, index), [])[: width_at(level, index, start)])
    resumed = TileBuilder(edge)
    assert resumed.size == start
    for leaf in LEAVES[start:size]:
        for tile in resumed.append(leaf):
            assert split_hashes(tile.hashes) == tiles[tile.level, tile.index]
    assert resumed.root() == whole.root()


@given(sizes, st.data())
@settings(max_examples=60)
def test_inclusion_is_proved_from_tiles_and_nothing_else_is(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    builder, tiles = grown(size)
    ranges = inclusion_ranges(index, size)
    needed = {name: tiles[name] for name in tiles_for(ranges)}
    proof = [range_hash(needed, *one) for one in ranges]
    leaf, root = LEAVES[index], builder.root()
    verify_inclusion(index, size, leaf, proof, root)

    other = leaf_hash(b"other")
    for spoilt in (
        (index, size, other, proof, root),
        (index, size, leaf, proof, other),
        (index, size, leaf, [other, *proof[1:]], root),
        (index, size, leaf, proof[:-1], root if proof else EMPTY_ROOT),
        (index, size, leaf, [*proof, other], root),
        (size, size, leaf, proof, root),
        (index, size, leaf[:31], proof, root),
    ):
        with pytest.raises(ProofRefused):
            verify_inclusion(*spoilt)


@given(sizes, st.data())
@settings(max_examples=60)
def test_consistency_is_proved_from_tiles_and_nothing_else_is(
    new: int, data: st.DataObject
) -> None:
    old = data.draw(st.integers(1, new))
    builder, tiles = grown(new)
    proof = [range_hash(tiles, *one) for one in consistency_ranges(old, new)]
    old_root, new_root = root_of(LEAVES[:old]), builder.root()
    verify_consistency(old, new, proof, old_root, new_root)

    another = root_of([*LEAVES[: old - 1], leaf_hash(b"rewritten")])
    for spoilt in (
        lambda: verify_consistency(old, new, proof, another, new_root),
        lambda: verify_consistency(old, new, [*proof, new_root], old_root, new_root),
        lambda: verify_consistency(new + 1, new, proof, old_root, new_root),
        lambda: verify_consistency(old, new, proof[:-1], old_root, new_root if proof else another),
        lambda: verify_consistency(old, new, [p[:31] for p in proof], old_root, new_root[:31]),
    ):
        with pytest.raises(ProofRefused):
            spoilt()


def test_an_empty_tree_begins_every_tree() -> None:
    verify_consistency(0, 5, [], EMPTY_ROOT, root_of(LEAVES[:5]))
    with pytest.raises(ProofRefused):
        verify_consistency(0, 5, [], root_of(LEAVES[:1]), root_of(LEAVES[:5]))


def test_leaf_and_node_never_pass_for_each_other() -> None:
    left, right = LEAVES[:2]
    assert leaf_hash(left + right) != node_hash(left, right)


def test_misuse_is_refused() -> None:
    growing = CompactRange()
    growing.append(LEAVES[0])
    with pytest.raises(ValueError, match="cannot follow"):
        growing.append(LEAVES[1], height=3)
    with pytest.raises(ValueError, match="power of two"):
        perfect_root(LEAVES[:3])
    with pytest.raises(ValueError, match="no such leaf"):
        inclusion_ranges(5, 5)
    with pytest.raises(ValueError, match="not empty"):
        consistency_ranges(0, 5)
    with pytest.raises(KeyError):
        range_hash({(0, 0): LEAVES[:3]}, 0, 4)
