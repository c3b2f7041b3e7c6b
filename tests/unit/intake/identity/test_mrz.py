import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.identity.mrz import Mrz, check_digit, parse_mrz
from intake.identity.mrz_text import find_mrz

ZONE = (
    "IDVNM0900000018001090000001<<9",
    "9001158M3001156VNM<<<<<<<<<<<2",
    "NGUYEN<<VAN<AN<<<<<<<<<<<<<<<<",
)
TEXT = "\n".join(ZONE)


def parsed(*lines: str) -> Mrz:
    zone = parse_mrz((lines[0], lines[1], lines[2]))
    assert zone is not None
    return zone


def test_the_parts_of_a_zone() -> None:
    zone = parsed(*ZONE)
    assert (zone.number, zone.document_number) == ("001090000001", "090000001")
    assert zone.name == "NGUYEN VAN AN"
    assert (zone.sex, zone.nationality) == ("male", "VNM")
    assert (zone.born_on, zone.expires_on, zone.endless) == (
        date(1990, 1, 15),
        date(2030, 1, 15),
        False,
    )
    assert zone.wrong_checks == ()


def test_check_digits_of_the_standards_own_example() -> None:
    # ICAO Doc 9303 part 3, 4.9: the date 27 July 1952 and the document number of its appendix.
    assert check_digit("520727") == "3"
    assert check_digit("AB2134<<<") == "5"


@pytest.mark.parametrize(
    ("line", "at", "parts"),
    [
        (0, 8, {"document_number", "composite"}),
        (0, 25, {"number", "composite"}),
        (1, 5, {"born_on", "composite"}),
        (1, 13, {"expires_on", "composite"}),
        (1, 29, {"composite"}),
    ],
)
def test_a_changed_digit_is_named(line: int, at: int, parts: set[str]) -> None:
    lines = list(ZONE)
    changed = str((int(lines[line][at]) + 1) % 10)
    lines[line] = lines[line][:at] + changed + lines[line][at + 1 :]
    assert set(parsed(*lines).wrong_checks) == parts


@given(st.text(string.digits, min_size=1, max_size=20), st.data())
def test_every_single_wrong_digit_is_caught(digits: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(digits) - 1))
    other = data.draw(st.sampled_from(sorted(set(string.digits) - {digits[at]})))
    assert check_digit(digits) != check_digit(digits[:at] + other + digits[at + 1 :])


def test_the_personal_number_tells_the_century_of_birth() -> None:
    first = f"IDVNM305000009{check_digit('305000009')}001305000009<<{check_digit('001305000009')}"
    assert parsed(first, "0502283F3002285VNM<<<<<<<<<<<0", ZONE[2]).born_on == date(2005, 2, 28)


def test_a_card_for_life_has_no_end() -> None:
    zone = parsed(ZONE[0], "9001158M9912312VNM<<<<<<<<<<<0", ZONE[2])
    assert zone.endless
    assert zone.expires_on is None


@pytest.mark.parametrize(
    "lines",
    [
        (ZONE[0][:-1], ZONE[1], ZONE[2]),
        (ZONE[0].replace("VNM", "FRA"), ZONE[1], ZONE[2]),
        (ZONE[0].replace("001090", "00109A"), ZONE[1], ZONE[2]),
        (ZONE[0], ZONE[1].lower(), ZONE[2]),
        ("P" + ZONE[0][1:], ZONE[1], ZONE[2]),
    ],
)
def test_what_is_no_vietnamese_zone(lines: tuple[str, str, str]) -> None:
    assert parse_mrz(lines) is None


@pytest.mark.parametrize(
    "recognised",
    [
        TEXT,
        "Ngày cấp 15/04/2021\n" + TEXT.replace("<A", " <A") + "\n",
        "1DVNMO9OOOOOO18OO1O9OOOOOO1<<9\n9OO1158M3OO1156VNM<<<<<<<<<2\nNGUYEN<<VAN<AN<<<<<<<<<<<<K<<",
        "T\nT1DVNM0900000018001090000001<9\nQ001158M3001156VNM<<K<<<<<<<<<<<2\nNGUYEN<<VAN<AN<<<<",
    ],
)
def test_a_zone_is_found_in_what_ocr_makes_of_it(recognised: str) -> None:
    assert find_mrz(recognised) == parse_mrz(ZONE)


def test_a_last_zero_read_twice_is_one_zero() -> None:
    first, second = "IDVNM1900207799001190020779<<0", "9008157F3008155VNM<<<<<<<<<<<0"
    assert find_mrz(f"{first}O\n{second}O\n{ZONE[2]}") == parse_mrz((first, second, ZONE[2]))


def test_of_two_readings_the_one_that_checks_wins() -> None:
    worse = TEXT.replace("9001158M", "9001168M")
    assert find_mrz(f"{worse}\n\n{TEXT}") == parse_mrz(ZONE)
    found = find_mrz(worse)
    assert found is not None
    assert set(found.wrong_checks) == {"born_on", "composite"}


@given(st.lists(st.text("IDVNM<0129AKMF", min_size=0, max_size=40), max_size=5))
def test_any_text_has_a_zone_or_none(lines: list[str]) -> None:
    zone = find_mrz("\n".join(lines))
    assert zone is None or len(zone.number) == 12


@given(st.text(max_size=200))
def test_arbitrary_text_has_no_zone(text: str) -> None:
    assert find_mrz(text) is None
