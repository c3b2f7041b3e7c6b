"""The map of codes against a plain dictionary, whatever the batches, and against damaged pages."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.log.checkpoint import sign_checkpoint
from registry.log.code_map import (
    EMPTY,
    MapBroken,
    committed_root,
    extension_line,
    leaf_hash,
    map_root,
    node_hash,
)
from registry.log.map_growth import Change, Growth, changes_of
from registry.log.map_pages import MOST_RECORDS, page_of, pages_of, way_of
from registry.log.map_proof import check_map_proof, map_proof_text
from registry.log.note import NoteRefused
from tests.testkit.code_maps import KEY, ORIGIN, POLICY, MapInMemory

# Few different bytes at few places: keys that share most of their bits as well as keys that do not.
KEYS = st.builds(
    lambda head, tail, fill: bytes([head]) + bytes([fill]) * 30 + bytes([tail]),
    st.integers(0, 255),
    st.integers(0, 255),
    st.sampled_from([0, 1, 255]),
)
LOGS = st.lists(st.one_of(KEYS, st.binary(min_size=32, max_size=32)), max_size=80)


def plain(log: Sequence[bytes]) -> dict[bytes, tuple[int, int]]:
    """Count and latest index by code hash, as a reader of the log would note them down."""
    model: dict[bytes, tuple[int, int]] = {}
    for index, key in enumerate(log):
        model[key] = (model.get(key, (0, 0))[0] + 1, index)
    return model


def grown(log: Sequence[bytes], batches: Sequence[int]) -> MapInMemory:
    whole, at = MapInMemory(), 0
    for count in [*batches, len(log)]:
        entries = list(enumerate(log))[at : at + count]
        whole.grow(changes_of(entries))
        at += len(entries)
    return whole


def by_definition(records: Sequence[bytes], depth: int = 0) -> bytes:
    """The root as registry/README.md defines it, by strings of bits."""
    if not records:
        return EMPTY
    if len(records) == 1:
        return leaf_hash(records[0])
    bits = [f"{int.from_bytes(record[:32], 'big'):0256b}"[depth] for record in records]
    halves = [
        [record for record, bit in zip(records, bits, strict=True) if bit == side] for side in "01"
    ]
    return node_hash(*(by_definition(half, depth + 1) for half in halves))


@given(LOGS, st.lists(st.integers(0, 30), max_size=6))
def test_one_root_and_one_answer_a_key_whatever_the_batches(
    log: list[bytes], batches: list[int]
) -> None:
    model = plain(log)
    whole = grown(log, batches)
    assert whole.root == map_root(model)
    checkpoint = whole.checkpoint()
    absent = [bytes([key[0] ^ 1]) + key[1:] for key in log] + [bytes(32), b"\xff" * 32]
    for key in [*model, *(one for one in absent if one not in model)]:
        held = check_map_proof(map_proof_text(whole.proof(key, checkpoint)), key, POLICY)
        assert (held.found and (held.found.count, held.found.latest)) == model.get(key)


@given(st.sets(KEYS, max_size=40))
def test_the_root_is_the_one_defined(keys: set[bytes]) -> None:
    records = [key + bytes(7) + b"\x01" + bytes(8) for key in keys]
    assert map_root(dict.fromkeys(keys, (1, 0))) == by_definition(records)


def test_ten_thousand_codes_that_are_not_there() -> None:
    made = random.Random(6)  # noqa: S311 - the same keys every time
    whole = MapInMemory()
    whole.grow({made.randbytes(32): Change(1, index) for index in range(20_000)})
    checkpoint = whole.checkpoint()
    longest = 0
    for _ in range(10_000):
        absent = made.randbytes(32)
        text = map_proof_text(whole.proof(absent, checkpoint))
        assert check_map_proof(text, absent, POLICY).found is None
        longest = max(longest, len(text.encode()))
    assert longest <= 2000


def test_pages_built_at_once_are_those_that_grew() -> None:
    made = random.Random(7)  # noqa: S311 - the same keys every time
    keys = sorted(made.randbytes(32) for _ in range(5 * MOST_RECORDS))
    changes = {key: Change(1, index) for index, key in enumerate(keys)}
    whole = MapInMemory()
    whole.grow(changes)
    records = [whole.proof(key, whole.checkpoint()).end for key in keys]
    contents, item = pages_of("", [record.packed() for record in records if record])
    assert (contents, item) == (whole.contents, whole.root)


def test_a_leaf_taken_out_of_a_page_stops_what_grows_beside_it() -> None:
    made = random.Random(8)  # noqa: S311 - the same keys every time
    keys = [made.randbytes(32) for _ in range(200)]
    whole = MapInMemory()
    whole.grow({key: Change(1, index) for index, key in enumerate(keys)})
    for name in [one for one in whole.contents if one]:
        content = whole.contents[name]
        items = page_of(content).items
        if page_of(content).inner or len(items) < 2:
            continue
        hidden, beside = items[0][:32], items[1][:32]
        whole.contents[name] = content[:1] + content[49:]
        with pytest.raises(MapBroken):
            whole.grow({beside[:-1] + bytes([beside[-1] ^ 1]): Change(1, 200)})
        with pytest.raises(MapBroken):
            whole.grow({hidden: Change(1, 200)})
        whole.contents[name] = content


def test_a_page_that_is_gone_is_not_an_empty_place() -> None:
    made = random.Random(9)  # noqa: S311 - the same keys every time
    keys = [made.randbytes(32) for _ in range(200)]
    whole = MapInMemory()
    whole.grow({key: Change(1, index) for index, key in enumerate(keys)})
    name = max(whole.contents, key=len)
    below = bytes.fromhex((name + "0" * 64)[:64])
    del whole.contents[name]
    with pytest.raises(MapBroken):
        way_of(below, whole.contents)
    with pytest.raises(MapBroken):
        whole.grow({below: Change(1, 200)})


def test_an_entry_is_counted_once() -> None:
    whole = MapInMemory()
    whole.grow(changes_of([(0, bytes(32)), (1, bytes(32))]))
    growth = Growth({bytes(32): Change(1, 1)})
    growth.take(whole.contents)
    with pytest.raises(MapBroken, match="already"):
        growth.grown()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x02",
        bytes(48),
        b"\x00" + b"\x02" * 48 + b"\x01" * 48,  # not sorted
        b"\x00" + b"\x01" * 48 + b"\x01" * 32 + bytes(16),  # one key twice
        b"\x01" + bytes(15),
        b"\x01" + bytes([32]) + bytes(15),
        b"\x01" + bytes([31]) + bytes(15) + bytes(31),
        b"\x01" + bytes(17),
    ],
)
def test_what_is_no_page(content: bytes) -> None:
    with pytest.raises(MapBroken):
        page_of(content)


def test_the_line_of_a_checkpoint() -> None:
    def signed(*lines: str) -> bytes | None:
        return committed_root(sign_checkpoint(ORIGIN, 1, b"\x01" * 32, KEY, lines))

    root = bytes(range(32))
    assert signed() is None
    assert signed("another extension") is None
    assert signed("another extension", extension_line(root)) == root
    for lines in [
        (extension_line(root), extension_line(root)),
        (extension_line(root[:31]),),
        (extension_line(root) + " ",),
        ("bansao/code-map@v1 ",),
    ]:
        with pytest.raises(NoteRefused):
            signed(*lines)
