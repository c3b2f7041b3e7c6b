"""The copy's typeface: Tinos, metric-equal to Times New Roman, joined into whole TrueType files.

npm's `@fontsource/tinos` cuts each face into one WOFF per script. A PDF wants one file a face, so
the scripts that Vietnamese needs are decompressed and joined once, into a folder that is named
after its sources and appears in one rename: a reader sees all faces or none.
"""

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

import msgspec
from fontTools.ttLib import TTFont

FAMILY = "Tinos"

# In this order: a character that several files hold is taken from the first.
_SCRIPTS = ("latin", "vietnamese", "latin-ext")
_FACES = {"regular": "400-normal", "bold": "700-normal", "italic": "400-italic"}
# Part of the folder's name: raise it when the recipe below changes, or old results are reused.
_RECIPE = b"3"


class FontFiles(msgspec.Struct, frozen=True, kw_only=True):
    """Paths of the joined faces, all inside `directory` and all of the family `FAMILY`."""

    directory: Path
    regular: Path
    bold: Path
    italic: Path


def prepare_fonts(assets: Path, cache: Path) -> FontFiles:
    """The faces as TrueType files below `cache`, made on first use.

    `assets` is a `node_modules` directory holding `@fontsource/tinos`; FileNotFoundError names the
    first file that is missing. Safe when several processes prepare the same folder at once.
    """
    sources = assets / "@fontsource" / "tinos" / "files"
    parts = {face: _parts(sources, suffix) for face, suffix in _FACES.items()}
    directory = cache / f"tinos-{_fingerprint(parts)}"
    if not directory.is_dir():
        _make(parts, directory)
    return FontFiles(
        directory=directory, **{face: directory / f"tinos-{face}.ttf" for face in _FACES}
    )


def covered_characters(font: Path) -> frozenset[str]:
    """Every character that the face can draw."""
    with TTFont(font, lazy=True) as face:
        return frozenset(map(chr, face.getBestCmap()))


def _parts(sources: Path, suffix: str) -> list[Path]:
    return [sources / f"tinos-{script}-{suffix}.woff" for script in _SCRIPTS]


def _fingerprint(parts: dict[str, list[Path]]) -> str:
    digest = hashlib.sha256(_RECIPE)
    for paths in parts.values():
        for path in paths:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _make(parts: dict[str, list[Path]], directory: Path) -> None:
    directory.parent.mkdir(parents=True, exist_ok=True)
    workplace = Path(tempfile.mkdtemp(prefix=".fonts-", dir=directory.parent))
    try:
        finished = workplace / "finished"
        finished.mkdir(mode=0o755)
        for face, paths in parts.items():
            _join(paths, workplace, finished / f"tinos-{face}.ttf")
        try:
            finished.rename(directory)
        except OSError:
            # Another process was first; its folder has the same name because it has the same bytes.
            if not directory.is_dir():
                raise
    finally:
        shutil.rmtree(workplace, ignore_errors=True)


def _join(paths: list[Path], workplace: Path, target: Path) -> None:
    """Merge the scripts' files of one face; each character is kept in one of them only."""
    # Loading these takes half a second, and only the first start of an installation needs them.
    from fontTools.merge import Merger  # noqa: PLC0415

    taken: set[int] = set()
    pieces = []
    for path in paths:
        with TTFont(path, recalcTimestamp=False) as font:
            own = {point for point in font.getBestCmap() if point >= ord(" ")} - taken
            taken |= own
            piece = workplace / f"{path.stem}.ttf"
            _keep_only(font, own)
            font.flavor = None
            font.save(piece)
            pieces.append(os.fspath(piece))
    merged = Merger().merge(pieces)
    merged["head"].modified = merged["head"].created
    merged.recalcTimestamp = False
    merged.save(target)


def _keep_only(font: TTFont, points: set[int]) -> None:
    from fontTools.subset import Options, Subsetter  # noqa: PLC0415

    # Kerning and mark rules refer to glyphs that sit in other files, so they go; Vietnamese text is
    # NFC and needs neither.
    options = Options(layout_features=[], drop_tables=["GSUB", "GPOS", "GDEF"], name_IDs=["*"])
    options.recalc_timestamp = False
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=points)
    subsetter.subset(font)
