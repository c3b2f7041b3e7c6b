"""The PDF form of a receipt: a page set by typst as PDF/A-3b, with the JSON form in it, signed.

Runs in a process of its own, see `printing.py`.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst

from verify_portal.receipt.pdf_signature import sign_document, signer_of
from verify_portal.receipt.sheet import printed
from verify_portal.receipt.statement import Statement

_TEMPLATE: Final = Path(__file__).parent / "receipt.typ"


def document(
    statement: Statement,
    witnesses: tuple[str, ...],
    receipt: bytes,
    pkcs12: bytes,
    passphrase: bytes,
) -> bytes:
    """Signed; `receipt` is the statement's JSON form, `witnesses` cosigned its checkpoint."""
    page = typeset(printed(statement, witnesses), receipt, statement.checked_at)
    return sign_document(page, signer_of(pkcs12, passphrase))


def typeset(page: Mapping[str, Any], receipt: bytes, at: datetime) -> bytes:
    """The unsigned PDF/A-3b; the same input gives the same bytes.

    `page` is what the template finds in `sys.inputs.it`; `receipt` becomes an attachment.
    """
    output = _compiler().compile(
        _TEMPLATE.read_bytes(),
        sys_inputs={
            "it": json.dumps(page, ensure_ascii=False),
            "receipt": receipt.decode("ascii"),
        },
        pdf_standards="a-3b",
        timestamp=int(at.timestamp()),
    )
    # typst answers with a list for several images; a PDF is always one file.
    if not isinstance(output, bytes):
        raise TypeError("typst gave no PDF")
    # It ends with a bare %%EOF, behind which a signature's update would not start on a new line.
    return output + b"\n"


@cache
def _compiler() -> typst.Compiler:
    """With the fonts that typst brings: the same page on every machine."""
    return typst.Compiler(font_paths=typst.Fonts(include_system_fonts=False))
