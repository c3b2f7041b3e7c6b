"""Addresses of tiles as C2SP tlog-tiles spells them, and only so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.log.proof import consistency_ranges, inclusion_ranges
from registry.log.tiles import (
    TilePath,
    bundle,
    parse_tile_path,
    tile_path,
    tiles_for,
    width_at,
)


@given(st.none() | st.integers(0, 63), st.integers(0, 10**18), st.integers(1, 256))
def test_an_address_gives_its_tile_back(level: int | None, index: int, width: int) -> None:
    assert parse_tile_path(tile_path(level, index, width)) == TilePath(level, index, width)


def test_the_specifications_examples() -> None:
    assert tile_path(0, 1234067) == "0/x001/x234/067"
    assert tile_path(None, 5, 112) == "entries/005.p/112"
    size = 70_000
    assert [width_at(0, 272, size), width_at(0, 273, size), width_at(0, 274, size)] == [256, 112, 0]
    assert [width_at(1, 0, size), width_at(1, 1, size), width_at(2, 0, size)] == [256, 17, 1]


@pytest.mark.parametrize(
    "path",
    [
        "",
        "0/1",
        "0/001.p/0",
        "0/001.p/256",
        "0/001.p/01",
        "00/001",
        "64/001",
        "0/x000/001",
        "0/001/002",
        "0/x001",
        "-1/001",
        "entries/001/",
        "0/../001",
        "0/\u0660\u0660\u0661",
    ],
)
def test_no_other_spelling_is_an_address(path: str) -> None:
    assert parse_tile_path(path) is None


def test_a_bundle_says_each_length() -> None:
    assert bundle([b"ab", b"", b"x" * 300]) == b"\x00\x02ab\x00\x00\x01\x2c" + b"x" * 300


@given(st.integers(1, 2**40), st.data())
def test_proofs_are_made_of_the_tiles_above_one_leaf_and_at_the_edge(
    size: int, data: st.DataObject
) -> None:
    """The one statement of registry/store/hashes.py reads no others."""
    leaf = data.draw(st.integers(0, size - 1))
    heights = [(level, 8 * (level + 1)) for level in range(6)]
    around = {(level, place >> height) for level, height in heights for place in (leaf, size)}
    assert tiles_for(inclusion_ranges(leaf, size)) <= around
    assert tiles_for(consistency_ranges(leaf + 1, size)) <= around
