"""Spellings of one printed name, and of others."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify_portal.agency.names import folded, same_name

PRINTED = "Nguyễn Thị Thúy Hòa"


@pytest.mark.parametrize(
    "typed",
    [
        "NGUYỄN THỊ THÚY HÒA",
        "nguyễn thị thúy hòa",
        "  Nguyễn\u00a0Thị\tThúy \n Hòa ",
        unicodedata.normalize("NFD", PRINTED),
        unicodedata.normalize("NFC", PRINTED.upper()),
        "Nguyễn Thị Thuý Hoà",
        "Nguy\u1ec5n\u200b Thị Thúy Hòa",
        "Ｎguyễn Thị Thúy Hòa",
    ],
)
def test_how_it_was_typed_does_not_count(typed: str) -> None:
    assert same_name(typed, PRINTED)


@pytest.mark.parametrize(
    "other",
    [
        "Nguyen Thi Thuy Hoa",
        "Nguyễn Thị Thúy Hoa",
        "Nguyễn Thị Thủy Hòa",
        "Nguyên Thị Thúy Hòa",
        "Nguyễn Thị Thúy",
        "Nguyễn Thị Thúy Hòa Hòa",
        "NguyễnThị Thúy Hòa",
        "",
    ],
)
def test_what_is_seen_on_the_paper_counts(other: str) -> None:
    assert not same_name(other, PRINTED)


def test_the_letter_with_a_stroke_is_itself_in_every_font() -> None:
    assert same_name("Đỗ Đình Đức", "ÐỖ ÐÌNH ÐỨC")  # the second with the Icelandic letter
    assert not same_name("Đỗ Đình Đức", "Dỗ Dình Dức")


@given(st.text())
def test_folding_is_settled_once(name: str) -> None:
    assert folded(folded(name)) == folded(name)


@given(st.text())
def test_any_text_can_be_compared(name: str) -> None:
    assert same_name(name, name)
