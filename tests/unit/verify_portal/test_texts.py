"""Both languages say everything, and the right one is chosen."""

from typing import get_args

import pytest

from intake.recognise.reading import DocumentType
from tests.unit.verify_portal.evidence import CODE, FACTS, NOW, found
from verify_portal import verdicts
from verify_portal.texts import LANGUAGES, Language, Texts, choose_language, message_keys, texts


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_asked_to_compare_facts_that_were_erased(language: Language) -> None:
    with_facts, without = (
        texts(language).next_steps(
            verdicts.registered_code(found(facts=facts), code=CODE, asked="code", checked_at=NOW)
        )
        for facts in (FACTS, None)
    )
    assert len(with_facts) == len(without) == 2
    assert with_facts[0] != without[0]
    assert with_facts[1] == without[1]


def test_both_languages_have_the_same_messages() -> None:
    assert message_keys("vi") == message_keys("en")


def test_every_type_that_is_recognised_has_a_name() -> None:
    for language in LANGUAGES:
        for name in get_args(DocumentType):
            assert f"document-type-{name}" in message_keys(language)


def test_a_type_of_a_later_version_is_a_document() -> None:
    assert texts("en").document_type("spaceship_licence") == "Other document"


def test_days_are_written_as_people_write_them() -> None:
    assert texts("vi").day("2026-11-02") == "02/11/2026"
    assert texts("en").day("2026-11-02") == "02 November 2026"


def test_a_fields_value_is_written_so_too_where_it_is_a_day() -> None:
    assert texts("vi").value("1990-08-15") == "15/08/1990"
    for text in ("QH-2012-0345", "1990-13-01", "1990", "", "a-b-c"):
        assert texts("vi").value(text) == text


def test_every_field_that_is_recognised_has_a_label() -> None:
    for language in LANGUAGES:
        assert texts(language).field("birth_date") not in {"birth_date", "birth date"}
    assert texts("en").field("warp_factor") == "warp factor"


def test_a_missing_message_is_an_error_not_a_hole_in_the_page() -> None:
    with pytest.raises(KeyError):
        texts("vi")("no-such-message")


def test_a_strangers_long_text_is_said_and_not_kept() -> None:
    words = Texts("en")
    for heading in ("short", "h" * 201):
        assert heading in words("batch-result-column-value", letters="B", heading=heading)
    assert words._said.cache_info().currsize == 1


@pytest.mark.parametrize(
    ("asked", "kept", "header", "expected"),
    [
        (None, None, "", "vi"),
        (None, None, "en-GB,en;q=0.9,vi;q=0.5", "en"),
        (None, None, "fr,vi;q=0.5,en;q=0.4", "vi"),
        (None, None, "en;q=0,de", "vi"),
        (None, None, "en;q=nonsense", "vi"),
        (None, "en", "vi", "en"),
        ("vi", "en", "en", "vi"),
        ("xx", None, "en", "en"),
    ],
)
def test_the_reader_chooses_the_language(
    asked: str | None, kept: str | None, header: str, expected: str
) -> None:
    assert choose_language(asked, kept, header) == expected
