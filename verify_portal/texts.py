"""Everything a person reads, from the Fluent files; Vietnamese unless someone asks otherwise."""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, Literal

from fluent.runtime import FluentLocalization, FluentResourceLoader
from fluent.syntax import FluentParser, ast

from verify_portal.answer import Answer, Check

Language = Literal["vi", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("vi", "en")

_DATE: Final = re.compile(r"\d{4}-(0[1-9]|1[0-2])-\d{2}")
#: Longer words are a stranger's: nobody says them again, and he may have millions of characters.
_LONGEST_KEPT: Final = 200
_LOCALES: Final = Path(__file__).parent / "locales"
#: One a station; both languages have the same.
_FILES: Final = sorted(path.name for path in (_LOCALES / "vi").glob("*.ftl"))


class Texts:
    """One language's words. A missing key raises KeyError: a page with holes must not ship."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        loader = FluentResourceLoader(str(_LOCALES / "{locale}"))
        self._words = FluentLocalization([language], _FILES, loader)
        self._keys = message_keys(language)
        # Most of what is said is said again, and saying it anew costs more than looking it up.
        self._said = lru_cache(4096)(self._say)

    def __call__(self, key: str, **values: str | int) -> str:
        if key not in self._keys:
            raise KeyError(key)
        given = tuple(values.items())
        for value in values.values():
            if isinstance(value, str) and len(value) > _LONGEST_KEPT:
                return self._say(key, given)
        return self._said(key, given)

    def _say(self, key: str, values: tuple[tuple[str, str | int], ...]) -> str:
        return str(self._words.format_value(key, dict(values)))

    def lines(self, key: str, **values: str | int) -> list[str]:
        """A message of several lines, such as a list of steps."""
        return [line for line in self(key, **values).splitlines() if line.strip()]

    def document_type(self, name: str) -> str:
        """The type's name; one that this version does not know is simply a document."""
        key = f"document-type-{name}"
        return self(key if key in self._keys else "document-type-other")

    def field(self, name: str) -> str:
        """A field's label; one that this version does not know is called what it is."""
        key = f"field-{name}"
        return self(key) if key in self._keys else name.replace("_", " ")

    def value(self, text: str) -> str:
        """A field's value as people write it: dates are kept as `2026-11-22`."""
        return self.day(text) if _DATE.fullmatch(text) else text

    def reason(self, check: Check) -> str:
        """The sentence of one check."""
        return self(reason_key(check), **check.values)

    def title(self, answer: Answer) -> str:
        """The verdict in a few words."""
        return self(f"verdict-{answer.verdict}-title", asked=answer.asked)

    def meaning(self, answer: Answer) -> str:
        """What the verdict says, and of what it says it."""
        decision = answer.decision
        return self(
            f"verdict-{answer.verdict}-meaning",
            asked=answer.asked,
            fault=_fault(answer),
            published="yes" if decision else "no",
            decision=decision.number if decision else "",
            decided_on=self.day(decision.decided_on or "") if decision else "",
        )

    def next_steps(self, answer: Answer) -> list[str]:
        """What to do about it."""
        fault = _fault(answer)
        facts = "gone" if answer.facts_erased else "shown"
        key = f"verdict-{answer.verdict}-next"
        return self.lines(key, asked=answer.asked, fault=fault, facts=facts)

    def day(self, iso: str) -> str:
        """`2026-11-22` as people write it; anything else unchanged."""
        parts = iso.split("-")
        if len(parts) != 3:
            return iso
        year, month, day = parts
        return self("day", year=year, month=month, day=day, **{"month-number": int(month)})


def _fault(answer: Answer) -> str:
    """What the last check failed for: the wrong with a malformed question."""
    return answer.checks[-1].detail if answer.checks else ""


def reason_key(check: Check) -> str:
    """`check-NAME-OUTCOME`, refined by the detail where there is one."""
    parts = ("check", check.name, check.outcome, *((check.detail,) if check.detail else ()))
    return "-".join(parts)


@cache
def message_keys(language: Language) -> frozenset[str]:
    """The messages that a language's files define."""
    sources = [(_LOCALES / language / name).read_text("utf-8") for name in _FILES]
    entries = [entry for source in sources for entry in FluentParser().parse(source).body]
    return frozenset(entry.id.name for entry in entries if isinstance(entry, ast.Message))


@cache
def texts(language: Language) -> Texts:
    """Parsed once per process."""
    return Texts(language)


def choose_language(asked: str | None, kept: str | None, accepted: str) -> Language:
    """What the address asks for, then what was chosen before, then Accept-Language, then
    Vietnamese.
    """
    for wanted in (asked, kept, *_preferred(accepted)):
        for language in LANGUAGES:
            if wanted == language:
                return language
    return "vi"


def _preferred(header: str) -> Iterable[str]:
    """Primary language tags by falling weight (RFC 9110, section 12.5.4)."""
    weighed: list[tuple[float, str]] = []
    for item in header[:400].split(","):
        tag, _, weight = item.strip().partition(";q=")
        try:
            weighed.append((float(weight or 1), tag.partition("-")[0].lower()))
        except ValueError:
            continue
    return [tag for weight, tag in sorted(weighed, key=lambda one: -one[0]) if weight > 0]
