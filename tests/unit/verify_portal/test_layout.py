"""Pages: nothing typed becomes markup, and the slip is pointed at."""

import pytest

from registry.errors import MalformedCode
from tests.unit.verify_portal.evidence import CHECKPOINT, CODE, NOW, found
from tests.unit.verify_portal.test_verdicts import every_answer
from verify_portal import verdicts
from verify_portal.layout import mark_mistake, render, render_answer
from verify_portal.texts import LANGUAGES, Language, texts


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_becomes_a_page(language: Language) -> None:
    words = texts(language)
    for answer in every_answer():
        page = render_answer(answer, words)
        assert f'<html lang="{language}">' in page
        assert words.title(answer) in page
        assert "noindex" in page


def test_pages_need_nothing_inline() -> None:
    for answer in every_answer():
        page = render_answer(answer, texts("vi"))
        assert "style=" not in page
        assert "onclick" not in page
        assert "<script>" not in page


def test_what_was_typed_is_shown_as_text() -> None:
    fault = MalformedCode("length")
    answer = verdicts.malformed_code(fault, asked="code", checked_at=NOW)
    page = render_answer(answer, texts("en"), typed='"><script>alert(1)</script>')
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize(
    ("typed", "position", "marked"),
    [
        ("7QK2MD-9AWXTR-0HBVS5", 7, "A"),
        ("7qk2md 9awxtr 0hbvs5", 7, "a"),
        ("7QK2MD9AWXTR0HBVS5", 17, "5"),
    ],
)
def test_the_slip_is_marked_however_the_code_was_typed(
    typed: str, position: int, marked: str
) -> None:
    parts = mark_mistake(typed, position)
    assert parts is not None
    assert parts[1] == marked
    assert "".join(parts) == typed


def test_nothing_is_marked_when_it_is_not_known() -> None:
    assert mark_mistake("7QK2MD", None) is None
    assert mark_mistake("7QK2MD", 12) is None


def test_the_decision_stands_on_the_page_of_a_revoked_copy() -> None:
    answer = verdicts.registered_code(found("revoked"), code=CODE, asked="code", checked_at=NOW)
    assert "Quyết định số 12/QĐ-UBND ngày 20/11/2026" in render_answer(answer, texts("vi"))


def test_a_proof_is_offered_only_for_what_is_in_the_log() -> None:
    known = verdicts.registered_code(found(), code=CODE, asked="code", checked_at=NOW)
    unknown = verdicts.unknown(CHECKPOINT, code=CODE, asked="code", checked_at=NOW)
    assert f"/v1/copies/{CODE}/proof" in render_answer(known, texts("vi"))
    assert "/proof" not in render_answer(unknown, texts("vi"))


def test_a_problem_is_a_page_too() -> None:
    page = render("problem.html", texts("en"), problem="problem-404", ours=False)
    assert "There is no such page" in page
