"""Everything a person reads, from `locales/<language>/*.ftl`. Vietnamese is the first language."""

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from fluent.runtime import FluentLocalization, FluentResourceLoader

LOCALES = Path(__file__).parent / "locales"

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
DEFAULT: Language = "vi"

Texts = Callable[..., str]


@cache
def texts(language: Language) -> Texts:
    """`texts("vi")("queue-waiting", count=3)`: one message with its values.

    Numbers are grouped as the language does; a year or an identifier is passed as a string.
    """
    files = sorted(path.name for path in (LOCALES / language).glob("*.ftl"))
    loader = FluentResourceLoader(str(LOCALES / "{locale}"))
    found = FluentLocalization([language], files, loader, use_isolating=False)

    def message(key: str, **values: object) -> str:
        return str(found.format_value(key, values))

    return message


def language_of(wishes: Iterable[str | None]) -> Language:
    """The first wish that names a language of ours; a wish may be an Accept-Language header."""
    for wish in wishes:
        for part in (wish or "").split(","):
            code = part.split(";")[0].strip().lower()[:2]
            for language in LANGUAGES:
                if code == language:
                    return language
    return DEFAULT
