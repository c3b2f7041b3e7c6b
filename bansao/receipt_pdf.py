"""A PDF receipt's attachment and its own signature, read in a process that may die of the file."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from bansao.errors import WrongQuestion
from verify_portal.receipt.statement import Statement

if TYPE_CHECKING:
    from verify_portal.file.bounded import Examiner

_ATTACHMENT: Final = b"(bansao-receipt.json)"


class Unread(Exception):
    """The file cannot be read as a PDF receipt; says why."""


def looks_like_receipt(content: bytes) -> bool:
    """Whether a PDF's bytes name a receipt's attachment: certified copies have none."""
    return b"%PDF-" in content[:1024] and _ATTACHMENT in content


class OpenedPdf:
    """One file; `anchor` is the trusted root in PEM."""

    def __init__(self, content: bytes, anchor: bytes, examiner: "Examiner") -> None:
        self._content = content
        self._anchor = anchor
        self._examiner = examiner

    def receipt(self) -> bytes:
        """The attached JSON form; raises Unread."""
        from verify_portal.receipt.attached import attached_receipt

        found: bytes | None = self._run(attached_receipt, self._content)
        if found is None:
            raise Unread("no receipt is attached")
        return found

    def fault(self, statement: Statement) -> str | None:
        """What is wrong with the PDF around a receipt that holds; None: it is the portal's own.

        The chain is judged as of the receipt's moment, so that it outlives the certificate.
        """
        from verify_portal.receipt.pdf_signature import document_signature

        try:
            found = self._run(document_signature, self._content, self._anchor, statement.checked_at)
        except Unread as unread:
            return str(unread)
        if found is None:
            return "it does not carry exactly one signature"
        judged = (
            (found.intact, "it was changed after the portal signed it"),
            (found.covers_entire_file, "something was added after the portal signed it"),
            (
                found.certificates == statement.pdf_signers,
                f"it is signed by {found.signer}, not by the portal that made the receipt",
            ),
            (found.exact, "what holds its signature was changed"),
            (found.trusted, "its signer's certificate does not lead to root.pem"),
        )
        return next((fault for holds, fault in judged if not holds), None)

    def _run(self, act: Any, *arguments: object) -> Any:
        from verify_portal.errors import ExaminationFailed

        try:
            return asyncio.run(self._examiner.run(act, *arguments))
        except ExaminationFailed as failure:
            raise Unread(f"the PDF cannot be read ({failure.cause})") from None


@contextmanager
def opened_pdf(content: bytes, anchor: bytes) -> Iterator[OpenedPdf]:
    """Raises WrongQuestion without the packages that it takes."""
    try:
        from verify_portal.file.bounded import Bounds, Examiner
    except ImportError:
        raise WrongQuestion(
            "a PDF receipt needs the packages of bansao[portal]: give the JSON that is attached "
            "to it"
        ) from None
    examiner = Examiner(Bounds(processes=1))
    try:
        yield OpenedPdf(content, anchor, examiner)
    finally:
        examiner.close()
