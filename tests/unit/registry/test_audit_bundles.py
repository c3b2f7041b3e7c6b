"""Bundles taken apart side by side: as one by one, whatever a place serves."""

from hypothesis import given, settings
from hypothesis import strategies as st

from registry.audit.bundles import NO_BUNDLE, Bundle, take_apart
from registry.log.tiles import WIDTH, bundle, split_bundle

bodies = st.lists(st.binary(max_size=5), min_size=1, max_size=6)
#: Most are what they must be; lengths that point too far need high bytes.
contents = st.one_of(
    bodies.map(bundle),
    st.binary(max_size=12),
    st.lists(st.sampled_from([b"\0", b"\1", b"\2"]), max_size=12).map(b"".join),
)


@st.composite
def served(draw: st.DrawFn) -> Bundle:
    held = draw(st.sampled_from([1, 2, 3, 6, WIDTH]))
    return Bundle(draw(contents), held, draw(st.integers(1, held)))


def one_by_one(given: Bundle) -> list[bytes] | None:
    try:
        found = split_bundle(given.content)
    except ValueError:
        return None
    return found[: given.asked] if len(found) == given.held else None


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(served(), st.just(NO_BUNDLE)), min_size=1, max_size=5))
def test_they_are_taken_apart_as_one_by_one(given: list[Bundle]) -> None:
    taken = take_apart(given)
    expected = [one_by_one(one) if one.held else [] for one in given]
    assert taken.sound.tolist() == [one is not None for one in expected]
    places = [
        at * WIDTH + place for at, one in enumerate(expected) for place in range(len(one or []))
    ]
    assert taken.places.tolist() == places
    found = [taken.bodies.body(at) for at in range(len(places))]
    assert found == [body for one in expected for body in one or []]
    assert (taken.bodies.joined[taken.bodies.starts - 1] == 0).all()


def test_full_bundles_of_long_entries_are_taken_apart() -> None:
    full = [bytes([at]) * 0x1FF for at in range(WIDTH)]
    taken = take_apart([Bundle(bundle(full), WIDTH, WIDTH)] * 2)
    assert [taken.bodies.body(at) for at in range(2 * WIDTH)] == full * 2
