"""Both languages say everything, and every name used in pages and errors has words."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fluent.syntax import parse
from fluent.syntax.ast import Junk, Message

import intake
from intake import errors
from intake.certify import errors as certify_errors
from intake.desk import errors as desk_errors
from intake.dossier import State
from intake.errors import IntakeError
from intake.kiosk import errors as kiosk_errors
from intake.texts import LANGUAGES, LOCALES, language_of, texts

DEFINED = (errors, certify_errors, desk_errors, kiosk_errors)
ROOM = Path(intake.__file__).parent
FILES = sorted({path.name for language in LANGUAGES for path in (LOCALES / language).glob("*.ftl")})


def messages(language: str, file: str) -> list[str]:
    found = parse((LOCALES / language / file).read_text("utf-8")).body
    assert not [entry.content for entry in found if isinstance(entry, Junk)]
    return [entry.id.name for entry in found if isinstance(entry, Message)]


@pytest.mark.parametrize("file", FILES)
def test_both_languages_have_the_same_messages(file: str) -> None:
    assert sorted(messages("vi", file)) == sorted(messages("en", file))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_defined_twice(language: str) -> None:
    named = [name for file in FILES for name in messages(language, file)]
    assert sorted(named) == sorted(set(named))


def kin(kind: type[IntakeError]) -> Iterator[type[IntakeError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from kin(child)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_has_words(language: str) -> None:
    assert all(DEFINED), "importing them has made their errors known"
    say = texts(language)  # type: ignore[arg-type]
    assert [kind.code for kind in kin(IntakeError) if say(kind.code) == kind.code] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_use_only_messages_that_exist(language: str) -> None:
    known = {name for file in FILES for name in messages(language, file)}
    used = set()
    for page in (ROOM / "templates").glob("*.html"):
        used |= set(re.findall(r"""\bt\("([a-z0-9_-]+)"[,)]""", page.read_text("utf-8")))
    assert used - known == set()
    assert {f"state-{state.value}" for state in State} <= known


def test_pages_hold_no_sentence_of_their_own() -> None:
    letters = re.compile(r"[ăâđêôơưàáảãạèéẻẽẹìíỉĩịòóỏõọùúủũụỳýỷỹỵ]", re.IGNORECASE)
    for page in [*(ROOM / "templates").glob("*.html"), *(ROOM / "static").rglob("*.js")]:
        assert not letters.search(page.read_text("utf-8")), page.name


@pytest.mark.parametrize(
    ("wishes", "language"),
    [
        (["en"], "en"),
        ([None, "en-GB,en;q=0.9,vi;q=0.8"], "en"),
        (["fr-FR,fr;q=0.9", None], "vi"),
        (["fr, vi"], "vi"),
        ([], "vi"),
    ],
)
def test_the_first_wish_we_can_grant_counts(wishes: list[str | None], language: str) -> None:
    assert language_of(wishes) == language


@pytest.mark.parametrize(
    ("language", "shown"), [("vi", ("0,09", "0,60")), ("en", ("0.09", "0.60"))]
)
def test_decimals_are_written_as_the_language_does(language: str, shown: tuple[str, str]) -> None:
    say = texts(language)  # type: ignore[arg-type]
    told = say("dossier-face-values", distance=0.0912, threshold=0.6)
    assert all(number in told for number in shown)
