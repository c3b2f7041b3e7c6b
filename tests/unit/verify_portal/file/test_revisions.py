"""A file begins with a registered one exactly where the hashes say so."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify_portal.file.claimed import LONGEST, claimed
from verify_portal.file.revisions import registered_length

BODY = b"%PDF-1.7\n1 0 obj << >> endobj\n%%EOF"


@pytest.mark.parametrize("end", [b"", b"\n", b"\r", b"\r\n"])
@pytest.mark.parametrize("more", [b"", b"\n", b"2 0 obj << >> endobj\n%%EOF\n", b"%%EOF%%EOF"])
def test_a_revision_is_found_however_its_last_line_ends(end: bytes, more: bytes) -> None:
    revision = BODY + end
    assert registered_length(revision + more, hashlib.sha256(revision).digest()) == len(revision)


@given(st.lists(st.sampled_from([b"%%EOF", b"\n", b"\r", b"x", b"%%E"])), st.data())
def test_every_place_after_an_end_is_looked_at(parts: list[bytes], data: st.DataObject) -> None:
    content = b"".join(parts)
    length = data.draw(st.integers(0, len(content)))
    before = content[:length]
    ends = any(before.endswith(b"%%EOF" + line) for line in (b"", b"\n", b"\r", b"\r\n"))
    found = registered_length(content, hashlib.sha256(before).digest())
    assert found == (length if ends else None)


def test_a_file_full_of_ends_is_not_hashed_forever() -> None:
    content = b"%%EOF\n" * 10_000
    assert registered_length(content, hashlib.sha256(content).digest()) is None


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Trần Thị Hà", "Trần Thị Hà"),
        ("evil\u202egnp.exe", "evilgnp.exe"),
        ("two\r\nlines\x00", "twolines"),
        ("  wide \u3000 room ", "wide room"),
        ("A" * 10_000, "A" * LONGEST),
    ],
)
def test_a_claimed_name_cannot_turn_the_page_around(said: str, shown: str) -> None:
    assert claimed(said) == shown
