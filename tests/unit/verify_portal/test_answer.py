"""What of a name anyone may see."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from verify_portal.answer import mask_name

NAMES = st.lists(
    st.text("abcdeĐđàáảãạăâêôơưỳýỷỹỵ", min_size=1, max_size=12), min_size=1, max_size=6
).map(" ".join)


def test_a_masked_name_shows_initials_and_at_most_three_stars() -> None:
    assert mask_name("Nguyễn Văn An") == "N*** V** A*"
    assert mask_name("  Ý   Nhi ") == "Ý* N**"
    assert mask_name("") == ""


def test_decomposed_letters_are_masked_whole() -> None:
    assert mask_name(unicodedata.normalize("NFD", "Ấu Phạm")) == "Ấ* P***"


@given(NAMES)
def test_only_initials_survive(name: str) -> None:
    words = unicodedata.normalize("NFC", name).split()
    masked = mask_name(name).split()
    assert len(masked) == len(words)
    for shown, word in zip(masked, words, strict=True):
        assert shown[0] == word[0]
        assert set(shown[1:]) == {"*"}
        assert len(shown) <= 4
