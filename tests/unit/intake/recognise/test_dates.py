import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.recognise.dates import date_in_words, parse_date, parse_date_in_words
from intake.recognise.folding import fold
from intake.recognise.spelled_numbers import number_from_words, spelled


@given(st.integers(0, 9999))
def test_a_spelled_number_is_read_back(number: int) -> None:
    assert number_from_words(fold(spelled(number)).split()) == number


@given(st.dates(date(1850, 1, 1), date(2199, 12, 31)))
def test_a_date_in_words_is_read_back(day: date) -> None:
    assert parse_date_in_words(date_in_words(day)) == day


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (
            "Ngày mười bảy tháng chín năm hai nghìn không trăm linh ba",
            date(2003, 9, 17),
        ),
        ("ngày mồng năm tháng năm năm hai ngàn lẻ năm", date(2005, 5, 5)),
        ("Ngày ba mươi mốt tháng giêng năm một nghìn chín trăm bảy mươi tư", date(1974, 1, 31)),
        ("MƯỜI LĂM THÁNG TƯ NĂM MỘT CHÍN CHÍN KHÔNG", date(1990, 4, 15)),
        ("hai mươi tháng mười hai năm hai nghìn", date(2000, 12, 20)),
    ],
)
def test_wordings_that_registrars_use(written: str, meant: date) -> None:
    assert parse_date_in_words(written) == meant


@pytest.mark.parametrize(
    "written",
    [
        "",
        "năm",
        "Ngày mười bảy",
        "Ngày ba mươi hai tháng chín năm hai nghìn",
        "ngày x tháng y năm z",
    ],
)
def test_unclear_words_are_no_date(written: str) -> None:
    assert parse_date_in_words(written) is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("17/09/2003", date(2003, 9, 17)),
        ("17 - 9 - 2003", date(2003, 9, 17)),
        ("17.09.2003, tại Hà Nội", date(2003, 9, 17)),
        ("Hà Nội, ngày 02 tháng 02 năm 2026", date(2026, 2, 2)),
        ("ngày l7 tháng O9 năm 2003", date(2003, 9, 17)),
        ("31/02/2003 rồi 01/03/2003", None),
        ("số 110/2003", None),
        ("17/09/1203", None),
    ],
)
def test_dates_in_digits(written: str, meant: date | None) -> None:
    assert parse_date(written) == meant


@given(st.text())
def test_any_text_is_a_date_or_none(text: str) -> None:
    parse_date(text)
    parse_date_in_words(text)


@given(st.text())
def test_folding_keeps_offsets(text: str) -> None:
    assert len(fold(text)) == len(unicodedata.normalize("NFC", text))


def test_folding_forgets_case_and_marks() -> None:
    assert fold("HÒA hoà Đường Ð") == "hoa hoa duong d"
