"""What is printed says the statement in both languages, whatever letters it holds."""

import io

import msgspec
import pikepdf
import pypdfium2
import pytest
import zxingcpp

from tests.testkit.receipts import ABSENT, CODE, OTHER, RECEIPT_KEY, LogInMemory
from verify_portal.answer import Answer, Verdict
from verify_portal.receipt.attached import NAME, attached_receipt
from verify_portal.receipt.document import typeset
from verify_portal.receipt.links import receipt_links
from verify_portal.receipt.sheet import is_drawn, printable, printed
from verify_portal.receipt.statement import Question, Statement, sign_receipt

DIGEST = "ab" * 32


def page_of(statement: Statement, *witnesses: str) -> bytes:
    receipt = sign_receipt(RECEIPT_KEY, statement)
    return typeset(printed(statement, witnesses), receipt, statement.checked_at)


def text_of(pdf: bytes) -> str:
    return " ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))


def revoked(reason: str = "Cấp nhầm người") -> Statement:
    log = LogInMemory()
    log.issue(OTHER)
    log.issue(CODE)
    log.change(CODE, "revoked", reason)
    return log.statement(Question(code=CODE))


def test_a_person_reads_the_verdict_the_decision_and_the_moment_in_both_languages() -> None:
    text = text_of(page_of(revoked(), "nhân chứng một"))
    for part in (
        "Đã bị hủy bỏ",
        "Cancelled by decision 2/QĐ",
        "Cấp nhầm người",
        CODE,
        "09:03:00 ngày 22/11/2026 (giờ Việt Nam)",
        "22 November 2026 (Vietnam time)",
        "N*** V** A*",
        "nhân chứng một",
        "bansao verify",
    ):
        assert part in text, part


def test_its_code_stands_in_a_qr_code_that_leads_to_the_portal() -> None:
    page = pypdfium2.PdfDocument(page_of(revoked()))[0].render(scale=2).to_pil()
    (found,) = zxingcpp.read_barcodes(page)
    assert found.text == f"http://127.0.0.1:8003/c/{CODE}"


def test_the_signed_json_is_in_it_byte_for_byte_and_it_calls_itself_pdf_a_3b() -> None:
    statement = revoked()
    pdf = page_of(statement)
    assert attached_receipt(pdf) == sign_receipt(RECEIPT_KEY, statement)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        metadata = opened.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "B")
        (attached,) = opened.Root.AF
        assert (str(attached.UF), attached.AFRelationship) == (NAME, pikepdf.Name.Data)


@pytest.mark.parametrize(
    "question",
    [Question(sha256=DIGEST), Question(code=ABSENT), Question(code=CODE, sha256=DIGEST)],
)
def test_every_kind_of_question_has_its_page(question: Question) -> None:
    log = LogInMemory()
    log.issue(CODE)
    statement = log.statement(question)
    if statement.status is None:
        statement = msgspec.structs.replace(statement, copy=None)
    text = "".join(text_of(page_of(statement)).split())
    for asked in (question.code, question.sha256):
        assert asked is None or asked in text


def test_letters_that_the_fonts_lack_cannot_keep_a_receipt_from_being_made() -> None:
    every = "".join(chr(point) for point in range(0x20, 0x2100) if is_drawn(point))
    assert "ữ" in every
    text = text_of(page_of(revoked("€ữ " + every)))
    assert "ữ" in text
    odd = "名\u0301\u200b\U0001f600\x07"
    assert printable(odd) == "?????"
    assert "?????" in text_of(page_of(revoked(odd)))
    assert printable("Nguye\u0302\u0303n") == "Nguyễn"


@pytest.mark.parametrize(
    ("verdict", "code", "sha256", "address"),
    [
        ("valid", CODE, None, f"/v1/copies/{CODE}/receipt"),
        ("unknown", CODE, DIGEST, f"/v1/digests/{DIGEST}/receipt"),
        ("altered", CODE, DIGEST, f"/v1/digests/{DIGEST}/receipt?code={CODE}"),
        ("altered", CODE, None, None),  # a false seal
        ("unavailable", CODE, DIGEST, None),
        ("malformed", None, None, None),
    ],
)
def test_where_an_answers_receipt_is(
    verdict: Verdict, code: str | None, sha256: str | None, address: str | None
) -> None:
    moment = revoked().checked_at
    answer = Answer(verdict=verdict, asked="file", code=code, sha256=sha256, checked_at=moment)
    links = receipt_links(answer, prints=True)
    assert (links and links.json) == address
    if links and address:
        stem, mark, query = address.partition("?")
        assert links.pdf == f"{stem}.pdf{mark}{query}"
