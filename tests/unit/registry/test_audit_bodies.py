"""Bodies read by the thousand: what is passed is what the exact reading reads, nothing else is."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.audit.bodies import read_bodies
from registry.audit.hashing import hash_pairs, hash_values
from registry.audit.instants import read_instants, write_instants
from registry.audit.layout import HASHES, Bodies
from registry.audit.subtree import hash_pairs as hash_pairs_plainly
from registry.entry import LAST_MOMENT, Issued, body, instant_text, parse_entry
from registry.log.tree import leaf_hash
from tests.testkit.public_log import honest

BODIES = 40
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

#: Issued ones, with numbers of as many digits.
HONEST = [body(entry) for entry in honest(100 + BODIES)[100:]]

Mutation = tuple[int, int, int, bytes]
mutations = st.lists(
    st.tuples(
        st.integers(0, BODIES - 1),
        st.integers(0, 700),
        st.integers(0, 3),
        st.one_of(
            st.binary(max_size=2),
            st.sampled_from([b'"', b"\\", b"\xc3", b"0", b"9", b"A", b"}", b",", b" ", b"\x7f"]),
            st.sampled_from([b"/", b":", b"`", b"g"]),  # beside the digits of hashes
        ),
    ),
    max_size=12,
)


def mutated(bodies: list[bytes], changes: list[Mutation]) -> list[bytes]:
    """Some bytes of some bodies replaced by others."""
    bodies = list(bodies)
    for which, at, length, text in changes:
        one = bodies[which]
        bodies[which] = one[:at] + text + one[at + length :]
    return bodies


def laid_out(bodies: list[bytes]) -> Bodies:
    lengths = np.array([len(one) for one in bodies])
    joined = b"".join(b"\0" + one for one in bodies)
    return Bodies(np.frombuffer(joined, np.uint8), np.cumsum(lengths + 1) - lengths, lengths)


def read(bodies: list[bytes]) -> dict[int, tuple[object, ...]]:
    """What is passed in bulk, by its place; leaves are compared on the way."""
    laid = laid_out(bodies)
    assert laid.leaf_hashes().tobytes() == b"".join(leaf_hash(one) for one in bodies)
    passed = {}
    for batch in read_bodies(laid):
        hashes = {name: batch.hashes(name) for name in HASHES}
        for place, at in enumerate(np.flatnonzero(batch.sound).tolist()):
            passed[int(batch.rows[at])] = (
                {name: value[place].tobytes() for name, value in hashes.items()},
                {name: batch.texts[name][at].tobytes().decode() for name in ("book", "unit_code")},
                int(batch.texts["number"][at].tobytes()),
                EPOCH + timedelta(microseconds=int(batch.times["occurred_at"][at])),
                EPOCH + timedelta(microseconds=int(batch.times["certified_at"][at])),
            )
    return passed


def test_honest_bodies_are_all_passed() -> None:
    assert sorted(read(HONEST)) == list(range(BODIES))


@pytest.mark.parametrize("wrong", [b"/", b":", b"`", b"g"])
@pytest.mark.parametrize("name", HASHES)
@pytest.mark.parametrize("bad", [range(BODIES), range(7, 8)], ids=["all", "one"])
def test_no_other_letter_passes_for_a_digit_of_a_hash(bad: range, name: str, wrong: bytes) -> None:
    at = HONEST[0].index(f'"{name}":"'.encode()) + len(f'"{name}":"') + 40
    bodies = mutated(HONEST, [(which, at, 1, wrong) for which in bad])
    assert sorted(read(bodies)) == sorted(set(range(BODIES)) - set(bad))


@settings(max_examples=300, deadline=None)
@given(mutations)
def test_what_is_passed_is_what_the_exact_reading_reads(changes: list[Mutation]) -> None:
    bodies = mutated(HONEST, changes)
    for at, (hashes, texts, number, occurred_at, certified_at) in read(bodies).items():
        entry = parse_entry(bodies[at])
        assert isinstance(entry, Issued)
        assert hashes == {name: getattr(entry, name) for name in hashes}
        assert texts == {name: getattr(entry, name) for name in texts}
        assert (number, occurred_at, certified_at) == (
            entry.number,
            entry.occurred_at,
            entry.certified_at,
        )


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("2026-11-22T02:15:30.123456Z", True),
        ("2024-02-29T00:00:00.000000Z", True),
        ("2023-02-29T00:00:00.000000Z", False),
        ("2000-02-29T23:59:59.999999Z", True),
        ("1900-02-29T00:00:00.000000Z", False),
        ("1900-03-01T00:00:00.000000Z", True),
        ("9999-12-31T16:59:59.999999Z", True),
        ("9999-12-31T17:00:00.000000Z", False),
        ("0001-01-01T00:00:00.000000Z", True),
        ("0000-01-01T00:00:00.000000Z", False),
        ("2026-13-01T00:00:00.000000Z", False),
        ("2026-04-31T00:00:00.000000Z", False),
        ("2026-04-30T24:00:00.000000Z", False),
        ("2026-04-30T23:60:00.000000Z", False),
        ("2026-04-30T23:59:60.000000Z", False),
        ("2026-04-30 23:59:59.000000Z", False),
        ("2026-04-30T23:59:59.00000:Z", False),
    ],
)
def test_instants(text: str, holds: bool) -> None:
    rows = np.frombuffer(text.encode() * 3, np.uint8).reshape(3, -1)
    moments, sound = read_instants(rows)
    assert sound.tolist() == [holds] * 3
    if holds:
        assert EPOCH + timedelta(microseconds=int(moments[0])) == datetime.fromisoformat(text)


@given(
    st.lists(
        st.datetimes(max_value=LAST_MOMENT.replace(tzinfo=None), timezones=st.just(UTC)),
        min_size=1,
        max_size=5,
    )
)
def test_instants_are_written_as_they_are_read(moments: list[datetime]) -> None:
    rows = np.empty((len(moments), 27), np.uint8)
    write_instants(np.array([(one - EPOCH) // timedelta(microseconds=1) for one in moments]), rows)
    assert [row.tobytes().decode() for row in rows] == [instant_text(one) for one in moments]
    assert read_instants(rows)[1].all()


@given(st.lists(st.binary(max_size=200)))
def test_values_are_hashed_as_one_by_one(values: list[bytes]) -> None:
    offsets = np.cumsum([0, *map(len, values)])
    joined = np.frombuffer(b"".join(b"\0" + one for one in values), np.uint8)
    hashed = hash_values(joined, offsets + np.arange(len(values) + 1))
    assert hashed.tobytes() == b"".join(leaf_hash(one) for one in values)


@given(st.integers(1, 9))
def test_pairs_are_hashed_as_one_by_one(count: int) -> None:
    hashes = b"".join(leaf_hash(bytes([at])) for at in range(2 * count))
    assert hash_pairs(hashes) == hash_pairs_plainly(hashes)
