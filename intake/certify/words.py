"""The words that stand on a copy, from `locales/<language>/certify.ftl`."""

import unicodedata
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from fluent.runtime import FluentLocalization, FluentResourceLoader

_LOCALES = Path(__file__).parent.parent / "locales"
# Private-use brackets around a placed value, so that a layout can colour it; never printed.
_OPEN, _CLOSE = "\ue000", "\ue001"
_LONGEST = 300

Words = Callable[..., str]


@cache
def words(language: str) -> Words:
    """`words("vi")("copy-number", number=7)`: one message with its values."""
    loader = FluentResourceLoader(str(_LOCALES / "{locale}"))
    texts = FluentLocalization([language], ["certify.ftl"], loader, use_isolating=False)

    def message(key: str, **values: str | int) -> str:
        return str(texts.format_value(key, values))

    return message


def runs(message: Words, key: str, values: Mapping[str, str]) -> list[dict[str, str | bool]]:
    """A message cut into `{"text", "value"}` pieces; `value` marks what was filled in."""
    marked = message(key, **{name: f"{_OPEN}{text}{_CLOSE}" for name, text in values.items()})
    pieces: list[dict[str, str | bool]] = []
    for piece in marked.split(_OPEN):
        value, closed, rest = piece.partition(_CLOSE)
        if closed:
            pieces.append({"text": value, "value": True})
        pieces.append({"text": rest if closed else value, "value": False})
    return [piece for piece in pieces if piece["text"]]


def printable(text: str, drawn: frozenset[str]) -> str:
    """`text` as the typeface can draw it, on one line.

    NFC; controls and line breaks become spaces, a character outside `drawn` becomes `?` (PDF/A
    forbids the empty box), and what exceeds 300 characters is cut with an ellipsis. The facts in
    the registry keep the text as it was.
    """
    composed = unicodedata.normalize("NFC", text)
    shown = "".join(_drawable(character, drawn) for character in composed)
    line = " ".join(shown.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1].rstrip()}…"


def _drawable(character: str, drawn: frozenset[str]) -> str:
    category = unicodedata.category(character)
    if category in {"Cc", "Zl", "Zp", "Zs"}:
        return " "
    # Format characters (bidi overrides, joiners) are invisible and can reverse what is read.
    if category == "Cf":
        return ""
    return character if character in drawn else "?"
