"""A specimen identity card and its holder's picture, for the demo and the tests.

The person does not exist. The card carries what software reads from a real one (QR, MRZ, portrait)
in a layout of its own, without emblem or security print, with "MẪU" across both sides: nobody
could take it for a document. The portrait is NASA's of Eileen Collins, public domain, which
scikit-image ships.
"""

import io
from datetime import date
from functools import lru_cache
from pathlib import Path

import msgspec
import numpy as np
import qrcode
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageEnhance, ImageFont

from intake.identity.mrz import check_digit

# ID-1 (ISO/IEC 7810), 85.60 x 53.98 mm at 600 dots per inch.
DPI = 600
WIDTH, HEIGHT = 2022, 1275
PITCH = DPI / 10
PAPER, INK, LABEL, BAND = "#e4efe9", "#17212b", "#41606a", "#b8d5d8"
SPECIMEN = (179, 38, 30, 70)


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """Whom the card is made out to. `mrz_name` is `SURNAME<<GIVEN<NAMES` in A–Z."""

    number: str = "001190000027"
    full_name: str = "Trần Thị Minh Anh"
    mrz_name: str = "TRAN<<THI<MINH<ANH"
    born_on: date = date(1990, 8, 15)
    female: bool = True
    address: str = "Số 8 phố Mẫu, phường Việt Hưng, Hà Nội"
    issued_on: date = date(2021, 9, 20)
    expires_on: date = date(2030, 8, 15)


class SampleCard(msgspec.Struct, frozen=True, kw_only=True):
    """Pictures as files: both sides as PNG at 600 dpi, the live picture as JPEG."""

    front: bytes
    back: bytes
    live: bytes


def draw_sample_card(assets: Path, holder: Holder | None = None) -> SampleCard:
    """The specimen's two sides and a live picture of the same face.

    `assets` is a `node_modules` directory holding `@fontsource/be-vietnam-pro`.
    """
    from skimage.data import astronaut

    picture: NDArray[np.uint8] = astronaut()  # type: ignore[no-untyped-call]
    holder = holder or Holder()
    return SampleCard(
        front=draw_front(card_portrait(picture), holder, assets),
        back=draw_back(holder, assets),
        live=draw_live(picture),
    )


def qr_text(holder: Holder) -> str:
    """The text of the chip card's QR code."""
    sex = "Nữ" if holder.female else "Nam"
    born, issued = f"{holder.born_on:%d%m%Y}", f"{holder.issued_on:%d%m%Y}"
    return f"{holder.number}||{holder.full_name}|{born}|{sex}|{holder.address}|{issued}"


def mrz_lines(holder: Holder) -> tuple[str, str, str]:
    """The three lines on the card's back (ICAO Doc 9303 part 5, TD1)."""
    document, number = holder.number[-9:], holder.number
    first = f"IDVNM{document}{check_digit(document)}{number}<<{check_digit(number)}"
    born, expires = f"{holder.born_on:%y%m%d}", f"{holder.expires_on:%y%m%d}"
    sex = "F" if holder.female else "M"
    second = f"{born}{check_digit(born)}{sex}{expires}{check_digit(expires)}VNM<<<<<<<<<<<"
    total = check_digit(first[5:] + second[:7] + second[8:15] + second[18:29])
    return first, second + total, holder.mrz_name[:30].ljust(30, "<")


def card_portrait(picture: NDArray[np.uint8]) -> Image.Image:
    """Head and shoulders in 3:4, paler than the original as card printing is."""
    portrait = Image.fromarray(picture[10:282, 122:326])
    return ImageEnhance.Color(portrait).enhance(0.75)


def draw_live(picture: NDArray[np.uint8]) -> bytes:
    """The same face as a kiosk's camera might see it: wider, tilted, darker, softer."""
    seen = Image.fromarray(picture[:, 20:480]).rotate(5, Image.Resampling.BICUBIC, expand=False)
    seen = seen.crop((70, 30, 330, 330)).resize((780, 900), Image.Resampling.BICUBIC)
    seen = ImageEnhance.Contrast(ImageEnhance.Brightness(seen).enhance(0.8)).enhance(0.9)
    return _file(seen, "JPEG")


def draw_front(portrait: Image.Image, holder: Holder, assets: Path) -> bytes:
    """The side with portrait, facts and QR code, as PNG."""
    card, pen = _blank()
    plain, bold = _Face(assets, 500), _Face(assets, 700)
    bold.write(pen, (620, 50), "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 44)
    plain.write(pen, (620, 112), "Độc lập - Tự do - Hạnh phúc", 38)
    bold.write(pen, (620, 206), "CĂN CƯỚC", 76, "#b3261e")
    plain.write(pen, (620, 304), "Identity card · specimen", 34, LABEL)
    card.paste(portrait.resize((468, 624), Image.Resampling.LANCZOS), (90, 330))
    pen.rectangle((90, 330, 557, 953), outline=BAND, width=4)
    card.paste(_qr(qr_text(holder)).resize((380, 380), Image.Resampling.NEAREST), (1590, 70))
    facts = (
        ("Số / No.", holder.number, 66),
        ("Họ và tên / Full name", holder.full_name.upper(), 58),
        ("Ngày sinh / Date of birth", f"{holder.born_on:%d/%m/%Y}", 48),
        ("Giới tính / Sex", "Nữ / Female" if holder.female else "Nam / Male", 48),
        ("Nơi cư trú / Place of residence", holder.address, 44),
    )
    top = 400
    for label, value, size in facts:
        plain.write(pen, (620, top), label, 30, LABEL)
        bold.write(pen, (620, top + 38), value, size)
        top += size + 84
    plain.write(pen, (90, 985), "Có giá trị đến / Date of expiry", 30, LABEL)
    bold.write(pen, (90, 1023), f"{holder.expires_on:%d/%m/%Y}", 44)
    return _file(_mark(card, bold, 560), "PNG")


def draw_back(holder: Holder, assets: Path) -> bytes:
    """The side with the machine-readable zone, as PNG."""
    card, pen = _blank()
    plain, bold = _Face(assets, 500), _Face(assets, 700)
    plain.write(pen, (90, 80), "Ngày, tháng, năm cấp / Date of issue", 34, LABEL)
    bold.write(pen, (90, 126), f"{holder.issued_on:%d/%m/%Y}", 48)
    plain.write(pen, (90, 230), "Thẻ vẽ để thử phần mềm, không có giá trị sử dụng.", 38)
    plain.write(pen, (90, 284), "Drawn to try software with; not a document.", 34, LABEL)
    marked = _mark(card, bold, 270)
    pen = ImageDraw.Draw(marked)
    pen.rectangle((0, 830, WIDTH, HEIGHT), fill="#f6f8f5")
    for row, line in enumerate(mrz_lines(holder)):
        _write_mrz(pen, 940 + 110 * row, line, plain)
    return _file(marked, "PNG")


class _Face:
    """Be Vietnam Pro, whose letters npm spreads over two files; each character finds its own."""

    def __init__(self, assets: Path, weight: int) -> None:
        files = assets / "@fontsource" / "be-vietnam-pro" / "files"
        self._latin = files / f"be-vietnam-pro-latin-{weight}-normal.woff2"
        self._vietnamese = files / f"be-vietnam-pro-vietnamese-{weight}-normal.woff2"

    def write(
        self,
        pen: ImageDraw.ImageDraw,
        at: tuple[float, float],
        text: str,
        size: int,
        fill: str | tuple[int, ...] = INK,
    ) -> None:
        """`text` from the left, its ascender line at `at`."""
        x, y = at
        for character in text:
            font = self._font(character, size)
            pen.text((x, y + size), character, font=font, fill=fill, anchor="ls")
            x += font.getlength(character)

    def centre(
        self, pen: ImageDraw.ImageDraw, at: tuple[float, float], character: str, size: int
    ) -> None:
        """One character in the middle above the base line at `at`."""
        pen.text(at, character, font=self._font(character, size), fill="#101010", anchor="ms")

    def _font(self, character: str, size: int) -> ImageFont.FreeTypeFont:
        # Latin-1 sits in the first file, all else that Vietnamese needs in the second.
        return _font(self._latin if ord(character) < 0x100 else self._vietnamese, size)


@lru_cache(maxsize=32)
def _font(path: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size)


def _write_mrz(pen: ImageDraw.ImageDraw, y: int, line: str, face: _Face) -> None:
    """One line at 10 characters an inch, as Doc 9303 part 3 sets it (there in OCR-B)."""
    for column, character in enumerate(line):
        face.centre(pen, (140 + PITCH * column, y), character, 76)


def _blank() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    card = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(card)
    pen.rectangle((0, 0, WIDTH, 24), fill=BAND)
    pen.rectangle((0, HEIGHT - 24, WIDTH, HEIGHT), fill=BAND)
    return card, pen


def _mark(card: Image.Image, face: _Face, top: int) -> Image.Image:
    """The card with MẪU across it, clear of what machines read."""
    layer = Image.new("RGBA", card.size)
    pen = ImageDraw.Draw(layer)
    face.write(pen, (760, top), "MẪU", 420, SPECIMEN)
    turned = layer.rotate(12, Image.Resampling.BICUBIC, center=(1100, top + 240))
    return Image.alpha_composite(card.convert("RGBA"), turned).convert("RGB")


def _qr(text: str) -> Image.Image:
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=8, border=3)
    code.add_data(text.encode())
    picture: Image.Image = code.make_image().get_image()
    return picture.convert("RGB")


def _file(image: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, dpi=(DPI, DPI), quality=90)
    return out.getvalue()
