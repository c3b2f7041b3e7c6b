"""The scanning page in each language, its manifest and its service worker, as texts."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from verify_portal.answer import VERDICTS
from verify_portal.layout import render
from verify_portal.scan.release import Release, read_release
from verify_portal.texts import LANGUAGES, Language, Texts, message_keys, texts

ADDRESS: Final = "/scan"
_HERE: Final = Path(__file__).parent
_STATIC: Final = _HERE.parent / "static"
_FONTS: Final = "@fontsource/be-vietnam-pro"
_WEIGHTS: Final = (400, 600, 700)
_SUBSETS: Final = ("vietnamese", "latin-ext", "latin")
_SAID: Final = "scan-say-"
#: What the page's script fills in; in its words they stand between braces.
_BLANKS: Final = ("age", "at", "host", "size", "verdict")
_ICONS: Final = (
    ("icon-192.png", 192, "any"),
    ("icon-512.png", 512, "any"),
    ("icon-maskable-512.png", 512, "maskable"),
)


def open_release(assets: Path, portal_url: str) -> Release:
    """What `assets`, a node_modules, and this package hold. Raises SettingsIncomplete."""
    shared = {f"/static/{name}": _STATIC / name for name in ("portal.css", "mark.svg")}
    fonts = [f"{weight}.css" for weight in _WEIGHTS]
    fonts += [
        f"files/be-vietnam-pro-{subset}-{weight}-normal.woff2"
        for weight in _WEIGHTS
        for subset in _SUBSETS
    ]
    shared |= {f"/fonts/{name}": assets / _FONTS / name for name in fonts}
    pages = [page("", texts(language), portal_url) for language in LANGUAGES]
    return read_release(_HERE / "static", assets, shared, pages)


def page(version: str, words: Texts, portal_url: str) -> str:
    """The HTML; `portal_url` is the address that our QR codes lead to."""
    return render(
        "scan.html",
        words,
        here=ADDRESS,
        stem=f"{ADDRESS}/{version}/",
        said=_said(words),
        portal_url=portal_url,
    )


def manifest(release: Release, language: Language) -> Mapping[str, object]:
    """The web application manifest (W3C)."""
    words = texts(language)
    return {
        "id": ADDRESS,
        "name": words("scan-app-name"),
        "short_name": words("scan-app-short-name"),
        "description": words("scan-lead"),
        "lang": language,
        "start_url": f"{ADDRESS}?lang={language}",
        "scope": ADDRESS,
        "display": "standalone",
        "background_color": "#faf8f4",
        "theme_color": "#0b4a6f",
        "icons": [
            {
                "src": release.stem + name,
                "sizes": f"{side}x{side}",
                "type": "image/png",
                "purpose": purpose,
            }
            for name, side, purpose in _ICONS
        ],
    }


def service_worker(release: Release) -> str:
    """The script, with what it has to keep: another release is another text."""
    kept = {
        "version": release.version,
        "stem": release.stem,
        "addresses": release.addresses,
        "languages": LANGUAGES,
    }
    return f"const RELEASE = {msgspec.json.encode(kept).decode()};\n\n{release.service_worker}"


def _said(words: Texts) -> dict[str, str]:
    """The sentences that the script may have to say, by their short names."""
    blanks = {blank: f"{{{blank}}}" for blank in _BLANKS}
    keys = [key for key in sorted(message_keys(words.language)) if key.startswith(_SAID)]
    said = {key.removeprefix(_SAID): words(key, **blanks) for key in keys}
    types = [key for key in message_keys(words.language) if key.startswith("document-type-")]
    said |= {key: words(key) for key in sorted(types)}
    verdicts = {name: words(f"verdict-{name}-title", asked="code") for name in VERDICTS}
    return said | {f"verdict-{name}": title for name, title in verdicts.items()}
