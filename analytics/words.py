"""Every sentence, number and date that the dashboard shows, in the reader's language.

Vietnamese comes first: it is the default, and what a missing English message falls back to.
"""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.numbers import format_decimal, format_percent
from fluent.runtime import FluentLocalization, FluentResourceLoader

LANGUAGES = ("vi", "en")
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
LOCALES = Path(__file__).parent / "locales"
NOTHING = "–"


class Words:
    """One language's messages and formats; make it with `words_in`, which keeps one of each."""

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            raise ValueError(f"no such language: {language!r}")
        self.language = language
        chain = [language, *(other for other in LANGUAGES if other != language)]
        loader = FluentResourceLoader(str(LOCALES / "{locale}"))
        # No isolation marks: Vietnamese and English both run left to right.
        self._messages = FluentLocalization(chain, ["analytics.ftl"], loader, use_isolating=False)

    def __call__(self, key: str, **values: object) -> str:
        """The message `key`; a key that no language has comes back as itself."""
        return str(self._messages.format_value(key, values))

    def document_type(self, code: str) -> str:
        """The name of a document type; a type that this version has no word for shows its code."""
        key = f"document-type-{code.replace('_', '-')}"
        name = self(key)
        return code if name == key else name

    def number(self, value: float | None, digits: int = 0) -> str:
        """`1.234,5` in Vietnamese, `1,234.5` in English."""
        if value is None:
            return NOTHING
        pattern = "#,##0." + "0" * digits if digits else "#,##0"
        return format_decimal(value, format=pattern, locale=self.language)

    def mean(self, value: float) -> str:
        """A mean with one decimal, or two where one would round it away."""
        return self.number(value, 1 if value >= 1 else 2)

    def share(self, value: float | None) -> str:
        """A share of 0 to 1 as a percentage with one decimal."""
        if value is None:
            return NOTHING
        return format_percent(value, format="#,##0.0%", locale=self.language)

    def minutes(self, value: float | None) -> str:
        """A duration in minutes, with its unit; hours or days where minutes would be unreadable."""
        if value is None:
            return NOTHING
        if value < 120:
            return self("duration-minutes", n=self.number(value, 1))
        if value < 48 * 60:
            return self("duration-hours", n=self.number(value / 60, 1))
        return self("duration-days", n=self.number(value / 60 / 24, 1))

    def day(self, value: date) -> str:
        return value.strftime("%d/%m/%Y")

    def moment(self, value: datetime) -> str:
        """Clock time and day in Hanoi."""
        return value.astimezone(HANOI).strftime("%H:%M:%S %d/%m/%Y")

    def chart_locale(self) -> Mapping[str, Any]:
        """Vega's number locale, so that axes and tooltips agree with the text around them."""
        thousands, decimal = (".", ",") if self.language == "vi" else (",", ".")
        return {
            "number": {
                "decimal": decimal,
                "thousands": thousands,
                "grouping": [3],
                "currency": ["", "\u00a0₫"],
            }
        }


@cache
def words_in(language: str) -> Words:
    """The words of a language; anything unknown speaks Vietnamese."""
    return Words(language if language in LANGUAGES else LANGUAGES[0])
