"""Every remark has its words, in both languages, with the values that it brings."""

import re
from pathlib import Path

import pytest
from fluent.runtime import FluentLocalization, FluentResourceLoader
from fluent.syntax import FluentParser
from fluent.syntax.ast import Message

import intake

LOCALES = Path(intake.__file__).parent / "locales"
SOURCES = Path(intake.__file__).parent / "identity"
VALUES = {
    "part": "number",
    "date": "15/01/2030",
    "count": "3",
    "width": "52",
    "distance": "0.71",
    "threshold": "0.60",
    "document": "A",
    "card": "B",
}


def keys(language: str) -> set[str]:
    resource = FluentParser().parse((LOCALES / language / "identity.ftl").read_text("utf-8"))
    return {entry.id.name for entry in resource.body if isinstance(entry, Message)}


def raised() -> set[str]:
    text = "\n".join(path.read_text("utf-8") for path in SOURCES.glob("*.py"))
    codes = set(re.findall(r'f?"(flag-[a-z{}-]+)"', text))
    return {code.replace("{side}", side) for code in codes for side in ("card", "live")}


def test_both_languages_have_the_words_of_every_remark_and_no_others() -> None:
    assert keys("vi") == keys("en") == raised()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_texts_use_only_values_that_remarks_bring(language: str) -> None:
    loader = FluentResourceLoader(str(LOCALES / "{locale}"))
    texts = FluentLocalization([language], ["identity.ftl"], loader)
    for key in keys(language):
        words = texts.format_value(key, VALUES)
        assert words != key
        assert "{" not in words
