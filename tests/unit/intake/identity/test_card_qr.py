import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.identity.card_qr import parse_card_qr

TEXT = "001090000001||Nguyễn Văn An|15011990|Nam|Số 1 Đinh Tiên Hoàng, Hoàn Kiếm, Hà Nội|15042021"


def test_the_facts_of_a_card() -> None:
    card = parse_card_qr(TEXT)
    assert card is not None
    assert card.number == "001090000001"
    assert card.old_number is None
    assert card.full_name == "Nguyễn Văn An"
    assert (card.born_on, card.issued_on) == (date(1990, 1, 15), date(2021, 4, 15))
    assert card.sex == "male"
    assert card.address == "Số 1 Đinh Tiên Hoàng, Hoàn Kiếm, Hà Nội"
    assert card.sources == ("qr",)


def test_newer_cards_append_fields_and_keep_an_old_number() -> None:
    card = parse_card_qr(TEXT.replace("||", "|012345678|") + "||Nguyễn Văn Cha|Trần Thị Mẹ|")
    assert card is not None
    assert card.old_number == "012345678"
    assert card.issued_on == date(2021, 4, 15)


def test_names_are_kept_composed() -> None:
    card = parse_card_qr(unicodedata.normalize("NFD", TEXT))
    assert card is not None
    assert card.full_name == "Nguyễn Văn An"


@pytest.mark.parametrize(
    ("part", "other"),
    [
        ("001090000001", "00109000000"),
        ("||", "|12345|"),
        ("|15011990|", "|31021990|"),
        ("|15011990|", "|1501990|"),
        ("|15042021", "|2021-04-"),
        ("|Nam|", "|Male|"),
        ("Nguyễn Văn An", ""),
        ("|15042021", ""),
        ("Hoàn Kiếm", "x" * 1000),
    ],
)
def test_what_is_no_card_code(part: str, other: str) -> None:
    assert parse_card_qr(TEXT.replace(part, other)) is None


@given(st.text(alphabet=st.sampled_from("|0159 NamữAn²"), max_size=120))
def test_any_text_is_a_card_or_none(text: str) -> None:
    card = parse_card_qr(text)
    assert card is None or len(card.number) == 12
