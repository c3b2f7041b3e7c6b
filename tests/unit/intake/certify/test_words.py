"""The copy's words: both languages complete, values kept apart from the text around them."""

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

import intake
from intake.certify import errors
from intake.certify.words import printable, runs, words

LOCALES = Path(intake.__file__).parent / "locales"
DRAWN = frozenset("ABCabc Nguyễn.")


def keys(language: str) -> set[str]:
    text = (LOCALES / language / "certify.ftl").read_text("utf-8")
    return set(re.findall(r"^([a-z][a-z0-9-]*) =", text, re.MULTILINE))


def test_both_languages_say_the_same_things() -> None:
    assert keys("vi") == keys("en")


def test_every_failure_is_explained() -> None:
    failures = [errors.CertificationFailed, *errors.CertificationFailed.__subclasses__()]

    assert {failure.code for failure in failures} <= keys("vi")


def test_what_was_filled_in_is_told_from_the_text_around() -> None:
    found = runs(words("vi"), "copy-number", {"number": "000123"})

    assert found == [
        {"text": "Số chứng thực: ", "value": False},
        {"text": "000123", "value": True},
    ]


@given(st.text(max_size=400))
def test_what_is_printed_is_one_short_line_that_the_typeface_draws(text: str) -> None:
    shown = printable(text, DRAWN)

    assert set(shown) <= DRAWN | set("?…")
    assert len(shown) <= 300
    assert shown == " ".join(shown.split())


def test_letters_are_composed_before_they_are_looked_up() -> None:
    assert printable("Nguye\u0302\u0303n", DRAWN) == "Nguyễn"


def test_direction_marks_cannot_turn_a_name_around() -> None:
    assert printable("Abc\u202ecba", DRAWN) == "Abccba"
