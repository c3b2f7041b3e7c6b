"""Every error, remark and field of capture and recognition has its words in both languages."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from fluent.runtime import FluentLocalization, FluentResourceLoader
from fluent.syntax import FluentParser
from fluent.syntax.ast import Message

import intake
from intake.recognise.forms import FORMS

ROOM = Path(intake.__file__).parent
FILES = ["capture.ftl", "recognise.ftl"]
BY_PLACE = {"issue_date", "issue_place", "signatory", "agency", "subject", "serial"}
VALUES = {
    "limit_mib": 50, "limit_megapixels": 70, "limit": 60, "seconds": 120, "mib": 2048,
    "page": "2", "dpi": "96", "degrees": "21", "percent": "61", "field": "birth_date",
    "number": "1990", "date": "1991", "digits": "01/02/1990", "words": "02/02/1990", "age": "7",
}  # fmt: skip


def keys(language: str) -> set[str]:
    texts = [(ROOM / "locales" / language / name).read_text("utf-8") for name in FILES]
    entries = [entry for text in texts for entry in FluentParser().parse(text).body]
    return {entry.id.name for entry in entries if isinstance(entry, Message)}


def codes(sources: Iterable[Path], prefix: str) -> set[str]:
    text = "\n".join(path.read_text("utf-8") for path in sources)
    return set(re.findall(rf'f?"({prefix}-[a-z-]+[a-z])(?:"|-\{{)', text))


def field_names() -> set[str]:
    labelled = {label.field for form in FORMS.values() for label in form.labels if label.field}
    return labelled | BY_PLACE


def test_both_languages_have_the_same_words() -> None:
    assert keys("vi") == keys("en")


def test_every_remark_has_words_and_every_word_its_remark() -> None:
    sources = [*(ROOM / "capture").glob("*.py"), *(ROOM / "recognise").glob("*.py")]
    edges = {f"flag-page-cut-{edge}" for edge in ("top", "right", "bottom", "left")}
    raised = codes(sources, "flag") - {"flag-page-cut"} | edges
    assert {key for key in keys("vi") if key.startswith("flag-")} == raised


def test_every_unreadable_scan_has_words() -> None:
    elsewhere = {
        *("error-intake", "error-dossier-not-found", "error-wrong-state"),
        *("error-file-purged", "error-dossier-erased"),
    }
    told = codes([ROOM / "errors.py"], "error") - elsewhere
    blobs = {code for code in told if code.startswith("error-blob")}
    assert told - blobs <= keys("vi")


def test_every_field_has_a_name() -> None:
    named = {key.removeprefix("field-").replace("-", "_") for key in keys("vi")}
    assert field_names() <= named


@pytest.mark.parametrize("language", ["vi", "en"])
def test_texts_use_only_values_that_remarks_bring(language: str) -> None:
    loader = FluentResourceLoader(str(ROOM / "locales" / "{locale}"))
    texts = FluentLocalization([language], FILES, loader)
    for key in keys(language):
        words = texts.format_value(key, VALUES)
        assert words != key
        assert "{" not in words


@pytest.mark.parametrize("language", ["vi", "en"])
def test_remarks_on_a_field_name_it(language: str) -> None:
    loader = FluentResourceLoader(str(ROOM / "locales" / "{locale}"))
    texts = FluentLocalization([language], FILES, loader)
    for field in field_names():
        name = texts.format_value(f"field-{field.replace('_', '-')}")
        assert name in texts.format_value("flag-field-missing", {"field": field})
