"""Sample originals, drawn and then "scanned": for the demo, the tests and the benchmarks.

The people, schools and offices do not exist, and every sheet says that it is a specimen. What each
sheet says stands beside its picture, so that a reading can be compared with it.
"""

import io
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

import cv2
import msgspec
import numpy as np
import typst
from numpy.typing import NDArray
from PIL import Image

from bansao.sample_card import Holder
from intake.certify.fonts import FontFiles
from intake.recognise.dates import date_in_words
from intake.recognise.reading import DocumentType

SCAN_DPI: Final = 300
_TEMPLATES: Final = Path(__file__).parent / "samples"


class SampleDocument(msgspec.Struct, frozen=True, kw_only=True):
    """`fields` under the recogniser's names and in its notation; `printed` is what else the
    template `<document_type>.typ` needs."""

    document_type: DocumentType
    fields: dict[str, str]
    printed: dict[str, str | list[str]]


def sample_diploma(holder: Holder | None = None) -> SampleDocument:
    """The degree of the sample card's holder."""
    graduate = holder or Holder()
    issued = date(graduate.born_on.year + 23, 7, 15)
    return SampleDocument(
        document_type="diploma",
        fields={
            "holder_name": graduate.full_name,
            "birth_date": graduate.born_on.isoformat(),
            "major": "Công nghệ thông tin",
            "graduation_year": str(issued.year),
            "rank": "Giỏi",
            "number": f"SH{issued.year % 100:02d}0731",
            "register_number": f"{issued.year}/CNTT-0386",
            "issue_place": "Hà Nội",
            "issue_date": issued.isoformat(),
            "signatory": "Đặng Hữu Phước",
        },
        printed={
            "institution": "Trường Đại học Kỹ nghệ Sông Hồng",
            "born": f"{graduate.born_on:%d/%m/%Y}",
            "dated": _dated("Hà Nội", issued),
        },
    )


def sample_birth_certificate() -> SampleDocument:
    """Of a child whose number, sex and dates agree with each other."""
    born, registered = date(2019, 9, 17), date(2019, 10, 2)
    return SampleDocument(
        document_type="birth_certificate",
        fields={
            "number": "127/2019",
            "holder_name": "NGUYỄN HOÀNG YẾN NHI",
            "birth_date": born.isoformat(),
            "birth_date_in_words": date_in_words(born),
            "sex": "Nữ",
            "ethnicity": "Kinh",
            "nationality": "Việt Nam",
            "birth_place": "Bệnh viện Phụ sản Sông Hồng, thành phố Hà Nội",
            "home_town": "xã Đường Lâm, thành phố Hà Nội",
            "personal_id": "001319004827",
            "mother_name": "TRẦN THỊ NGỌC DUYÊN",
            "father_name": "NGUYỄN VĂN KHƯƠNG",
            "registry": "UBND phường Hồng Giang, thành phố Hà Nội",
            "registration_date": registered.isoformat(),
            "signatory": "Lê Thị Thu Hường",
        },
        printed={
            "authority_above": "Ủy ban nhân dân",
            "authority": "Phường Hồng Giang",
            "born": f"{born:%d/%m/%Y}",
            "residence": "Số 24, tổ 5, phường Hồng Giang, thành phố Hà Nội",
            "registered": f"{registered:%d/%m/%Y}",
        },
    )


def sample_decision() -> SampleDocument:
    """In the layout of NĐ 30/2020, annex I."""
    issued = date(2026, 3, 9)
    return SampleDocument(
        document_type="decision",
        fields={
            "number": "214/QĐ-UBND",
            "issue_place": "Hồng Giang",
            "issue_date": issued.isoformat(),
            "agency": "ỦY BAN NHÂN DÂN PHƯỜNG HỒNG GIANG",
            "subject": "Về việc công nhận Ban Quản lý nhà văn hóa tổ dân phố số 5",
            "signatory": "Phạm Quốc Bảo",
        },
        printed={
            "agency_above": "Ủy ban nhân dân",
            "agency": "Phường Hồng Giang",
            "authority": "Chủ tịch Ủy ban nhân dân phường Hồng Giang",
            "dated": _dated("Hồng Giang", issued),
            "grounds": [
                "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025;",
                (
                    "Căn cứ Quy chế hoạt động của nhà văn hóa tổ dân phố ban hành kèm theo Quyết"
                    " định số 88/QĐ-UBND ngày 12 tháng 01 năm 2026;"
                ),
                (
                    "Theo đề nghị của Trưởng phòng Văn hóa – Xã hội tại Tờ trình số 31/TTr-VHXH"
                    " ngày 04 tháng 3 năm 2026."
                ),
            ],
            "articles": [
                (
                    "Công nhận Ban Quản lý nhà văn hóa tổ dân phố số 5, phường Hồng Giang, nhiệm kỳ"
                    " 2026 – 2028, gồm 05 thành viên do bà Vũ Thị Kim Oanh làm Trưởng ban."
                ),
                (
                    "Ban Quản lý có trách nhiệm tổ chức hoạt động của nhà văn hóa, giữ gìn cơ sở"
                    " vật chất, công khai thu chi và báo cáo Ủy ban nhân dân phường mỗi quý."
                ),
                (
                    "Quyết định này có hiệu lực kể từ ngày ký. Trưởng phòng Văn hóa – Xã hội, tổ"
                    " dân phố số 5 và các ông, bà có tên tại Điều 1 chịu trách nhiệm thi hành."
                ),
            ],
            "recipients": ["Như Điều 3", "Đảng ủy, HĐND phường", "Cổng thông tin điện tử phường"],
        },
    )


def sample_documents() -> list[SampleDocument]:
    return [sample_diploma(), sample_birth_certificate(), sample_decision()]


def draw(sample: SampleDocument, fonts: FontFiles, *, dpi: int = SCAN_DPI) -> bytes:
    """The clean sheet as PNG."""
    facts: Mapping[str, object] = {**sample.fields, **sample.printed}
    drawn = typst.compile(
        str(_TEMPLATES / f"{sample.document_type}.typ"),
        root=str(_TEMPLATES),
        font_paths=[str(fonts.directory)],
        ignore_system_fonts=True,
        format="png",
        ppi=float(dpi),
        sys_inputs={"facts": json.dumps(facts)},
    )
    if not isinstance(drawn, bytes):
        raise TypeError("a sample is one page")
    return drawn


def scan(
    sheet: bytes,
    *,
    lean: float = 0.8,
    noise: float = 4.0,
    blur: float = 0.7,
    turned: int = 0,
    seed: int = 1,
) -> bytes:
    """The sheet as a desk scanner delivers it, JPEG: a little askew, soft, grainy and shaded.

    `lean` in degrees counter-clockwise, `noise` in grey levels, `blur` in pixels, `turned` quarter
    turns counter-clockwise.
    """
    with Image.open(io.BytesIO(sheet)) as image:
        dpi = image.info.get("dpi", (SCAN_DPI, SCAN_DPI))[0]
        pixels = np.asarray(image.convert("RGB"))
    soft = cv2.GaussianBlur(_leaning(pixels, lean), (0, 0), max(blur, 0.01))
    worn = _shaded(np.asarray(soft, np.uint8))
    grain = np.random.default_rng(seed).normal(0, noise, worn.shape[:2])
    grainy = np.clip(worn + grain[:, :, np.newaxis], 0, 255).astype(np.uint8)
    out = io.BytesIO()
    resolution = round(float(dpi))
    Image.fromarray(np.rot90(grainy, turned)).save(
        out, "JPEG", quality=88, dpi=(resolution, resolution)
    )
    return out.getvalue()


def _leaning(pixels: NDArray[np.uint8], degrees: float) -> NDArray[np.uint8]:
    height, width = pixels.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    lid = (236, 236, 233)
    leant = cv2.warpAffine(pixels, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=lid)
    return np.asarray(leant, np.uint8)


def _shaded(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Paper is not pure white, and the lamp is brightest in the middle."""
    width = pixels.shape[1]
    lamp = 0.975 - 0.03 * np.abs(np.linspace(-1.0, 1.0, width)) ** 3
    return pixels * lamp[np.newaxis, :, np.newaxis]


def _dated(place: str, day: date) -> str:
    # Day, and month 1 and 2, with a leading zero: NĐ 30/2020, annex I, so that none can be added.
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"{place}, ngày {day.day:02d} tháng {month} năm {day.year}"
