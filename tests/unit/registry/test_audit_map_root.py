"""The map's root as the audit computes it is the map's."""

from hypothesis import given
from hypothesis import strategies as st

from registry.audit.map_root import item_over
from registry.log.code_map import Record, subtree

_BYTES = st.sampled_from([b"\x00", b"\x01", b"\x80", b"\xff"])
KEYS = st.lists(_BYTES, min_size=32, max_size=32).map(b"".join) | st.binary(
    min_size=32, max_size=32
)


@given(st.sets(KEYS, max_size=60), st.sampled_from([0, 4]))
def test_the_same_as_one_by_one(keys: set[bytes], depth: int) -> None:
    records = sorted(Record(key, 1, at).packed() for at, key in enumerate(keys))
    if depth:
        records = [one for one in records if one[0] >> 4 == records[0][0] >> 4]
    assert item_over(b"".join(records), depth) == subtree(records, depth)
