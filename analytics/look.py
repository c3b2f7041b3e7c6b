"""The pieces of HTML that Streamlit has no accessible widget for, and the page's stylesheet.

Every text is escaped here, so that a unit's name can be anything.
"""

from base64 import b64encode
from collections.abc import Sequence
from html import escape
from pathlib import Path

import msgspec

FONT_SUBSETS = {
    "vietnamese": "U+0102-0103,U+0110-0111,U+0128-0129,U+0168-0169,U+01A0-01A1,U+01AF-01B0,"
    "U+0300-0301,U+0303-0304,U+0308-0309,U+0323,U+0329,U+1EA0-1EF9,U+20AB",
    "latin": "U+0000-00FF,U+0131,U+0152-0153,U+02C6,U+02DA,U+02DC,U+2000-206F,U+20AC,U+2122,U+2212",
}
FONT_WEIGHTS = (400, 600, 700)
FONT_FILES = Path("@fontsource") / "be-vietnam-pro" / "files"


class Kpi(msgspec.Struct, frozen=True, kw_only=True):
    """One number that is read first, with what it means below it."""

    label: str
    value: str
    note: str


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A table's row: its heading, its cells, and how long its bar is (0 to 1, None for no bar)."""

    heading: str
    cells: Sequence[str]
    bar: float | None = None


def stylesheet(assets: Path) -> str:
    """The page's `<style>`, with the font's files inside it where they are installed."""
    sheet = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")
    return f"<style>{_font_faces(assets / FONT_FILES)}{sheet}</style>"


def kpi_row(title: str, kpis: Sequence[Kpi]) -> str:
    """The main numbers as a description list."""
    cards = "".join(
        f'<div class="bs-kpi"><dt>{escape(kpi.label)}</dt>'
        f'<dd class="bs-value">{escape(kpi.value)}</dd>'
        f'<dd class="bs-small">{escape(kpi.note)}</dd></div>'
        for kpi in kpis
    )
    return f'<dl class="bs-kpis" aria-label="{escape(title)}">{cards}</dl>'


def table(caption: str, headings: Sequence[str], rows: Sequence[Row]) -> str:
    """A table that a screen reader can walk; it scrolls sideways on a narrow screen."""
    head = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in headings)
    body = "".join(_row(row) for row in rows)
    return (
        f'<div class="bs-scroll" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f'<table class="bs-table"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def state(title: str, *sentences: str, alarm: bool = False) -> str:
    """What stands in place of the numbers when there are none."""
    paragraphs = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
    kind, role = ("bs-state bs-alarm", "alert") if alarm else ("bs-state", "status")
    heading = f'<p class="bs-title">{escape(title)}</p>'
    return f'<div class="{kind}" role="{role}">{heading}{paragraphs}</div>'


def note(sentence: str) -> str:
    """A quiet sentence beside or below what it explains."""
    return f'<p class="bs-note">{escape(sentence)}</p>'


def lead(sentence: str) -> str:
    """The sentence that says in words what the chart below it draws."""
    return f'<p class="bs-lead">{escape(sentence)}</p>'


def result(sentence: str) -> str:
    """A section's one outcome, as large as the main numbers."""
    return f'<p class="bs-result">{escape(sentence)}</p>'


def _row(row: Row) -> str:
    bar = ""
    if row.bar is not None:
        bar = f'<span class="bs-bar" aria-hidden="true" style="width:{row.bar:.1%}"></span>'
    cells = "".join(f"<td>{escape(cell)}</td>" for cell in row.cells)
    return f'<tr><th scope="row">{escape(row.heading)}{bar}</th>{cells}</tr>'


def _font_faces(files: Path) -> str:
    # Streamlit serves files only from beside its script, and the font lies with the other assets:
    # so the sheet carries it. About 120 kB, once per page load.
    faces = []
    for weight in FONT_WEIGHTS:
        for subset, characters in FONT_SUBSETS.items():
            path = files / f"be-vietnam-pro-{subset}-{weight}-normal.woff2"
            if path.is_file():
                content = b64encode(path.read_bytes()).decode()
                faces.append(
                    "@font-face{font-family:'Be Vietnam Pro';font-display:swap;"
                    f"font-weight:{weight};unicode-range:{characters};"
                    f"src:url(data:font/woff2;base64,{content}) format('woff2')}}"
                )
    return "".join(faces)
