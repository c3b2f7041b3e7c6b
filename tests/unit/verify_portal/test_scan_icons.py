"""The icons are the mark: drawn anew here and compared."""

import io
from pathlib import Path

import pytest
import typst
from PIL import Image, ImageChops, ImageStat

import verify_portal

PACKAGE = Path(verify_portal.__file__).parent
_PAGE = """#set page(width: 48pt, height: 48pt, margin: 0pt, fill: rgb("#0b4a6f"))
#place(center + horizon, image("mark.svg", width: {width}pt))
"""


@pytest.mark.parametrize(
    ("name", "side", "width"),
    [
        ("icon-192.png", 192, 48.0),
        ("icon-512.png", 512, 48.0),
        ("icon-maskable-512.png", 512, 38.4),  # inside the circle that every mask leaves
    ],
)
def test_an_icon_is_the_mark(name: str, side: int, width: float, tmp_path: Path) -> None:
    (tmp_path / "mark.svg").write_bytes((PACKAGE / "static" / "mark.svg").read_bytes())
    (tmp_path / "icon.typ").write_text(_PAGE.format(width=width))
    drawn = typst.compile(tmp_path / "icon.typ", format="png", ppi=72 * side / 48)
    assert isinstance(drawn, bytes)
    kept = Image.open(PACKAGE / "scan" / "static" / name)
    assert kept.size == (side, side)
    on_ground = Image.new("RGB", kept.size, "#0b4a6f")
    on_ground.paste(kept, mask=kept.convert("RGBA").getchannel("A"))
    difference = ImageChops.difference(on_ground, Image.open(io.BytesIO(drawn)).convert("RGB"))
    assert max(ImageStat.Stat(difference).mean) < 1
