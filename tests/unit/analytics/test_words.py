import re
from datetime import UTC, date, datetime

import pytest
from fluent.syntax import FluentParser, ast

from analytics.words import LANGUAGES, LOCALES, Words, words_in


def messages(language: str) -> dict[str, set[str]]:
    """Message keys of a language and the variables that each takes."""
    text = (LOCALES / language / "analytics.ftl").read_text(encoding="utf-8")
    resource = FluentParser().parse(text)
    assert not [entry for entry in resource.body if isinstance(entry, ast.Junk)]
    return {
        entry.id.name: set(
            re.findall(r"\{ \$([a-z0-9-]+) \}", text[entry.span.start : entry.span.end])
        )
        for entry in resource.body
        if isinstance(entry, ast.Message)
    }


def test_both_languages_say_the_same_things() -> None:
    assert messages("vi") == messages("en")


def test_numbers_are_written_the_vietnamese_way() -> None:
    words = words_in("vi")
    assert words.number(1234567) == "1.234.567"
    assert words.number(1234.5, 1) == "1.234,5"
    assert words.share(0.0312) == "3,1%"
    assert words.minutes(4.56) == "4,6 phút"


def test_numbers_are_written_the_english_way_in_english() -> None:
    words = words_in("en")
    assert words.number(1234.5, 1) == "1,234.5"
    assert words.minutes(4.56) == "4.6 min"


@pytest.mark.parametrize(
    ("minutes", "text"), [(119.9, "119,9 phút"), (120, "2,0 giờ"), (2 * 24 * 60, "2,0 ngày")]
)
def test_long_times_change_their_unit(minutes: float, text: str) -> None:
    assert words_in("vi").minutes(minutes) == text


def test_a_mean_below_one_is_not_rounded_away() -> None:
    assert words_in("vi").mean(1 / 30) == "0,03"


def test_what_cannot_be_measured_is_a_dash_not_a_zero() -> None:
    words = words_in("vi")
    assert {words.number(None), words.share(None), words.minutes(None)} == {"–"}


def test_times_are_hanois_and_days_are_day_first() -> None:
    words = words_in("vi")
    assert words.moment(datetime(2026, 11, 21, 17, 5, tzinfo=UTC)) == "00:05:00 22/11/2026"
    assert words.day(date(2026, 2, 1)) == "01/02/2026"


def test_a_document_type_without_a_word_shows_its_code() -> None:
    assert words_in("vi").document_type("birth_certificate") == "Giấy khai sinh"
    assert words_in("vi").document_type("fishing_licence") == "fishing_licence"


def test_an_unknown_language_speaks_vietnamese() -> None:
    assert words_in("<script>").language == LANGUAGES[0]
    with pytest.raises(ValueError, match="no such language"):
        Words("fr")
