import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.identity.name import plain, same_letters


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("Đặng Thị Hoà", "DANG THI HOA"),
        ("Ðặng  Thị\tHòa", "DANG THI HOA"),
        ("nguyễn văn ước", "NGUYEN VAN UOC"),
        ("", ""),
    ],
)
def test_names_as_the_zone_spells_them(name: str, spelled: str) -> None:
    assert plain(name) == spelled


def test_marks_tell_names_apart_and_capitals_do_not() -> None:
    assert same_letters("NGUYỄN VĂN  AN", "Nguyễn Văn An")
    assert same_letters(unicodedata.normalize("NFD", "Đặng Văn Ước"), "Ðặng Văn Ước")
    assert not same_letters("Nguyễn Văn Ân", "Nguyễn Văn An")
    assert not same_letters("Trần Thị Hoà", "Trần Thị Hòa")


@given(st.text("aăâđeêioôơuưyáạảãàẽẹếềứừửữựĐÐẶƯ ", max_size=40))
def test_vietnamese_becomes_plain_capitals(name: str) -> None:
    assert set(plain(name)) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ ")
