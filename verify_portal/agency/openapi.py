"""What the API's description shows of keys and papers: example questions and answers."""

from typing import Any, Final

from litestar.openapi.spec import Example

from verify_portal.openapi import EXAMPLES

_PUBLIC: Final[dict[str, Any]] = EXAMPLES[0].value or {}
_FULL: Final[dict[str, Any]] = {
    **_PUBLIC,
    "facts": {
        "document_type": "diploma",
        "title": "Bằng tốt nghiệp đại học",
        "holder_name": "Nguyễn Văn An",
        "page_count": 2,
        "unit_name": "UBND phường Ba Đình",
        "signer_name": "Trần Thị Bình",
        "signer_title": "CHỦ TỊCH",
        "certified_on": "2026-11-22",
        "fields": {"major": "Công nghệ thông tin", "rank": "Giỏi"},
    },
    "book_line": {"unit_code": "00004", "book": "01/2026-SCTĐT/BS", "number": 12},
}

SHOWN_BY_PAPER: Final = Example(summary="The paper fits", value={**_FULL, "opening": None})
OPENED_BY_KEY: Final = Example(
    summary="With what proves the facts",
    value={
        **_FULL,
        "opening": {
            "commitment": "54175f772560144c853413cec7601322ab01ee2e1765fbea6729025bf6ff3e30",
            "salt": "93941c79e0a973bea6d1abe340a2caf7844420b05d83373938f921bdb3f0bcee",
            "proof": "c2sp.org/tlog-proof@v1\n…",
        },
    },
)
PAPERS: Final = [
    Example(summary="By the QR code", value={"seal": "https://…/c/7QK2MD-93WXTR-0HBVS5#0oRDoQEn…"}),
    Example(
        summary="By what is printed", value={"number": "000012", "holder_name": "NGUYỄN VĂN AN"}
    ),
]
