"""The joined typeface draws every Vietnamese letter and is prepared once."""

import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from intake.certify.fonts import FAMILY, FontFiles, covered_characters, prepare_fonts

ASSETS = Path(sys.prefix) / "npm" / "node_modules"
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
LETTERS = {
    unicodedata.normalize("NFC", vowel + tone)
    for vowel in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
    for tone in TONES
} | {"đ", "Đ"}
ACCENTED = {letter for letter in LETTERS if not letter.isascii()}


def test_the_alphabet_under_test_is_the_whole_one() -> None:
    assert len(ACCENTED) == 134


@pytest.mark.parametrize("face", ["regular", "bold", "italic"])
def test_every_vietnamese_letter_is_drawn(fonts: FontFiles, face: str) -> None:
    font = getattr(fonts, face)

    drawn = covered_characters(font)

    wanted = LETTERS | set("₫0123456789.,;:/()«»“”–—·°\u0300\u0301\u0303\u0309\u0323")
    assert sorted(wanted - drawn) == []
    with TTFont(font) as opened:
        names = opened.getBestCmap()
        empty = [c for c in ACCENTED if opened["glyf"][names[ord(c)]].numberOfContours == 0]
        assert empty == []
        assert opened["name"].getDebugName(1) == FAMILY


def test_preparing_again_uses_what_is_there(fonts: FontFiles) -> None:
    stamp = fonts.regular.stat().st_mtime_ns

    assert prepare_fonts(ASSETS, fonts.directory.parent) == fonts
    assert fonts.regular.stat().st_mtime_ns == stamp


def test_several_at_once_leave_one_whole_folder(tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        made = set(pool.map(lambda _: prepare_fonts(ASSETS, tmp_path).directory, range(2)))

    assert [entry.name for entry in tmp_path.iterdir()] == [made.pop().name]


def test_a_missing_source_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="tinos-latin"):
        prepare_fonts(tmp_path / "nothing", tmp_path / "cache")
