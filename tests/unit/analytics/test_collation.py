import itertools
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from analytics.collation import ALPHABET, vietnamese_key

vowels = [
    unicodedata.normalize("NFC", letter + tone)
    for letter, tone in itertools.product("aăâeêioôơuưyAĂÂEÊIOÔƠUƯY", ["", *"̣̀̉̃́"])
]
vietnamese_text = st.text(st.sampled_from([*ALPHABET, *vowels, *"ĐBK -0129"]), max_size=12)


def in_order(*names: str) -> bool:
    return sorted(set(names), key=vietnamese_key) == list(names)


def test_the_order_that_vietnamese_readers_expect() -> None:
    assert in_order("An", "Anh", "Ánh", "Ăn", "Ân", "Bùi", "Dương", "Đặng")


def test_tones_follow_level_huyen_hoi_nga_sac_nang() -> None:
    assert in_order("ma", "mà", "mả", "mã", "má", "mạ")


def test_letters_of_the_whole_name_decide_before_any_tone() -> None:
    assert in_order("Hoà", "Hoai", "Hoài", "Hoan")


def test_a_word_ends_before_a_longer_word_goes_on() -> None:
    assert in_order("Phường Ba Đình", "Phường Bạch Mai", "Phường Bồ Đề", "Phường Đống Đa")


def test_lower_case_stands_before_upper_case_of_the_same_letters() -> None:
    assert in_order("đại", "Đại", "đại mỗ")


def test_eth_that_looks_like_d_with_stroke_sorts_with_it() -> None:
    assert in_order("Dương", "\u00d0ại Mỗ", "Đống Đa", "Em")


@given(vietnamese_text)
def test_composed_and_decomposed_spellings_are_one(text: str) -> None:
    assert vietnamese_key(unicodedata.normalize("NFD", text)) == vietnamese_key(text)


@given(st.text(max_size=8), st.text(max_size=8))
def test_any_two_texts_compare_and_only_equal_ones_tie(one: str, other: str) -> None:
    same = unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)
    assert (vietnamese_key(one) == vietnamese_key(other)) is same
    assert (vietnamese_key(one) < vietnamese_key(other)) or (
        vietnamese_key(one) >= vietnamese_key(other)
    )
