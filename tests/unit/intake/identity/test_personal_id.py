from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.identity.personal_id import PROVINCE_CODES, is_old_number, parse_personal_id


def test_the_parts_of_a_number() -> None:
    number = parse_personal_id("001090000001")
    assert number is not None
    assert (number.place_code, number.sex, number.birth_year) == ("001", "male", 1990)
    assert number.place_is_known
    assert number.agrees_with_birth(date(1990, 1, 15))
    assert not number.agrees_with_birth(date(1991, 1, 15))


@pytest.mark.parametrize(
    ("digit", "century", "sex"),
    [
        ("0", 1900, "male"),
        ("1", 1900, "female"),
        ("2", 2000, "male"),
        ("3", 2000, "female"),
        ("8", 2300, "male"),
        ("9", 2300, "female"),
    ],
)
def test_century_and_sex_share_the_fourth_digit(digit: str, century: int, sex: str) -> None:
    number = parse_personal_id(f"079{digit}07123456")
    assert number is not None
    assert (number.birth_year, number.sex) == (century + 7, sex)


@pytest.mark.parametrize(
    "text",
    ["", "00109000000", "0010900000011", "00109000000A", "００１０９０００００01", "001 90000001"],
)
def test_what_is_no_number(text: str) -> None:
    assert parse_personal_id(text) is None


def test_sixty_three_provinces_and_births_abroad() -> None:
    assert len(PROVINCE_CODES) == 63
    unknown, abroad = parse_personal_id("003090000001"), parse_personal_id("138090000001")
    assert unknown is not None
    assert not unknown.place_is_known
    assert abroad is not None
    assert abroad.place_is_known


def test_the_old_card_had_nine_digits() -> None:
    assert is_old_number("012345678")
    assert not is_old_number("0123456789")


@given(st.text(max_size=14))
def test_any_text_has_parts_or_none(text: str) -> None:
    number = parse_personal_id(text)
    assert number is None or number.number == text
