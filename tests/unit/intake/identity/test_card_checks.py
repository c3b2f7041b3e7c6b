from datetime import date
from typing import Any

import msgspec
import pytest

from intake.identity.card_checks import card_flags, join_sources
from intake.identity.card_qr import parse_card_qr
from intake.identity.card_term import card_end
from intake.identity.id_card import IdCard
from intake.identity.mrz import Mrz, parse_mrz

TODAY = date(2026, 11, 22)


def code(**changes: Any) -> IdCard:
    card = parse_card_qr(
        "001090000001||Nguyễn Văn An|15011990|Nam|Số 1 Đinh Tiên Hoàng, Hà Nội|15042021"
    )
    assert card is not None
    return msgspec.structs.replace(card, **changes)


def zone(**changes: Any) -> Mrz:
    parsed = parse_mrz(
        (
            "IDVNM0900000018001090000001<<9",
            "9001158M3001156VNM<<<<<<<<<<<2",
            "NGUYEN<<VAN<AN<<<<<<<<<<<<<<<<",
        )
    )
    assert parsed is not None
    return msgspec.structs.replace(parsed, **changes)


def remarks(card: IdCard | None, read: Mrz | None) -> set[tuple[str, str]]:
    return {(flag.code, flag.about) for flag in card_flags(card, read, TODAY)}


def test_a_sound_card_has_no_remarks_and_the_zones_end() -> None:
    assert remarks(code(), zone()) == set()
    card = join_sources(code(), zone())
    assert card is not None
    assert card.expires_on == date(2030, 1, 15)
    assert card.full_name == "Nguyễn Văn An"
    assert card.sources == ("qr", "mrz")


@pytest.mark.parametrize(
    ("changes", "about"),
    [
        ({"number": "001090000002", "document_number": "090000002"}, "number"),
        ({"name": "NGUYEN VAN ANH"}, "full_name"),
        ({"born_on": date(1990, 1, 16)}, "born_on"),
        ({"sex": "female"}, "sex"),
    ],
)
def test_code_and_zone_must_say_the_same(changes: dict[str, Any], about: str) -> None:
    assert remarks(code(), zone(**changes)) == {("flag-card-sources-differ", about)}


def test_a_name_cut_by_the_zone_is_the_same_name() -> None:
    long = code(full_name="Công Tằng Tôn Nữ Hoàng Thị Ngọc Ánh")
    assert remarks(long, zone(name="CONG TANG TON NU HOANG THI NG")) == set()
    assert remarks(long, zone(name="CONG TANG TON NU")) == {
        ("flag-card-sources-differ", "full_name")
    }


def test_wrong_check_digits_are_told_each() -> None:
    read = zone(wrong_checks=("born_on", "composite"))
    assert remarks(code(), read) == {
        ("flag-card-check-digit", "born_on"),
        ("flag-card-check-digit", "composite"),
    }


@pytest.mark.parametrize(
    ("changes", "remark"),
    [
        ({"born_on": date(1991, 1, 15)}, ("flag-card-number-birth-year", "number")),
        ({"sex": "female"}, ("flag-card-number-sex", "number")),
        ({"number": "003090000001"}, ("flag-card-number-place", "number")),
        ({"issued_on": date(2027, 1, 1)}, ("flag-card-issue-date", "issued_on")),
        ({"issued_on": date(1989, 1, 1)}, ("flag-card-issue-date", "issued_on")),
        (
            {"number": "001240000001", "born_on": date(2040, 1, 15)},
            ("flag-card-born-later", "born_on"),
        ),
    ],
)
def test_facts_that_contradict_each_other(changes: dict[str, Any], remark: tuple[str, str]) -> None:
    assert remark in remarks(code(**changes), None)


def test_the_day_of_expiry_is_still_valid() -> None:
    assert remarks(code(), zone(expires_on=TODAY)) == set()
    assert remarks(code(), zone(expires_on=date(2026, 11, 21))) == {
        ("flag-card-expired", "expires_on")
    }


def test_a_card_issued_today_is_new_and_not_from_the_future() -> None:
    assert remarks(code(issued_on=TODAY), None) == set()


def test_the_zones_card_number_is_the_end_of_the_personal_number() -> None:
    assert remarks(code(), zone(document_number="090000002")) == {
        ("flag-card-document-number", "document_number")
    }


def test_without_a_zone_the_law_tells_the_end() -> None:
    old = code(number="001080000001", born_on=date(1980, 1, 15), issued_on=date(2016, 4, 15))
    assert ("flag-card-expired", "expires_on") in remarks(old, None)
    unread_end = zone(expires_on=date(2039, 1, 1), wrong_checks=("expires_on",))
    joined = join_sources(code(), unread_end)
    assert joined is not None
    assert joined.expires_on == date(2030, 1, 15)


def test_the_zone_alone_makes_a_card_only_when_it_checks() -> None:
    card = join_sources(None, zone())
    assert card is not None
    assert (card.full_name, card.sources) == ("NGUYEN VAN AN", ("mrz",))
    assert card.expires_on == date(2030, 1, 15)
    unsure = join_sources(None, zone(wrong_checks=("expires_on", "composite")))
    assert unsure is not None
    assert unsure.expires_on is None
    assert join_sources(None, zone(wrong_checks=("number", "composite"))) is None
    assert join_sources(None, None) is None


@pytest.mark.parametrize(
    ("issued", "end"),
    [
        (date(2001, 6, 1), date(2004, 3, 10)),
        (date(2003, 1, 1), date(2015, 3, 10)),
        (date(2013, 3, 9), date(2015, 3, 10)),
        (date(2013, 3, 10), date(2030, 3, 10)),
        (date(2029, 1, 1), date(2050, 3, 10)),
        (date(2048, 3, 10), None),
    ],
)
def test_cards_end_on_birthdays_unless_just_renewed(issued: date, end: date | None) -> None:
    assert card_end(date(1990, 3, 10), issued) == end


def test_who_was_born_on_a_leap_day_turns_25_on_the_first_of_march() -> None:
    assert card_end(date(1992, 2, 29), date(2012, 1, 1)) == date(2017, 3, 1)
