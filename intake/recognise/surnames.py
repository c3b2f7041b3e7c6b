"""The surnames of nearly all Vietnamese, to mend their diacritics. Pure.

The engine reads NGUYỄN in bold capitals as NGUYÊN, which nobody is called. A first word that is no
surname, but spells exactly one when diacritics are folded away, is that surname misread.
"""

from typing import Final

from intake.recognise.folding import fold

_SURNAMES: Final = tuple(
    name
    for row in (
        "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đào Đoàn",
        "Vương Trịnh Trương Đinh Lâm Phùng Mai Tô Tăng Thái Châu Hà Tạ Tống Lương Lưu",
        "Triệu Quách Cao Kiều Nghiêm Bạch La Lã Khuất Chu Từ Đàm Giáp Thạch Vi Nông Hứa",
        "Hàn Khổng Kim Lục Lò Mạc Mã Ninh Ông Quan Sầm Tôn Tiêu Thân Trang Tào Ứng Văn",
        "Viên Âu Đậu Đồng Đường Doãn Cù Cung Diệp Hán Hầu Hạ Khúc",
    )
    for name in row.split()
)
_BY_FOLDED: Final = {
    fold(name): [other for other in _SURNAMES if fold(other) == fold(name)] for name in _SURNAMES
}


def mended_surname(word: str) -> str:
    """The one surname that the word folds to, in the word's own case; else the word unchanged."""
    same = _BY_FOLDED.get(fold(word), [])
    if len(same) != 1 or word.lower() == same[0].lower():
        return word
    return same[0].upper() if word.isupper() else same[0]
