"""A PDF receipt is the portal's own, or refused: changed anywhere, or put together by another."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from bansao.pki import ensure_demo_pki
from registry.clock import utc_now
from tests.testkit.code_maps import POLICY
from tests.testkit.receipts import CODE, RECEIPT_KEY, LogInMemory
from verify_portal.receipt.attached import attached_receipt
from verify_portal.receipt.document import document
from verify_portal.receipt.pdf_signature import DocumentSignature, document_signature
from verify_portal.receipt.printing import Printer
from verify_portal.receipt.statement import Question, Statement, sign_receipt

MADE = random.Random(5)  # noqa: S311 - the same places every time


class House(NamedTuple):
    """One portal's certificate, the root above it, and how it prints a statement."""

    root: bytes
    certificates: tuple[str, ...]
    print: Callable[[Statement], bytes]


def house(home: Path) -> House:
    ensure_demo_pki(home / "secrets", home / "trust", [], "UBND phường Ba Đình", utc_now)
    printer = Printer.open(home / "secrets", POLICY)
    assert printer is not None
    identity = [(home / "secrets" / f"portal.{kind}").read_bytes() for kind in ("p12", "pass")]

    def printed(statement: Statement) -> bytes:
        receipt = sign_receipt(RECEIPT_KEY, statement)
        return document(statement, (), receipt, identity[0], identity[1].strip())

    root = (home / "trust" / "root.pem").read_bytes()
    return House(root=root, certificates=printer.certificates, print=printed)


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> House:
    return house(tmp_path_factory.mktemp("ours"))


@pytest.fixture(scope="module")
def statement(ours: House) -> Statement:
    log = LogInMemory()
    log.issue(CODE)
    said = log.statement(Question(code=CODE))
    return msgspec.structs.replace(said, checked_at=utc_now(), pdf_signers=ours.certificates)


def signature(pdf: bytes, ours: House, statement: Statement) -> DocumentSignature | None:
    return document_signature(pdf, ours.root, statement.checked_at)


def holds(found: DocumentSignature | None, statement: Statement) -> bool:
    return found is not None and (
        found.intact
        and found.covers_entire_file
        and found.exact
        and found.trusted
        and found.certificates == statement.pdf_signers
    )


def test_the_portals_own(ours: House, statement: Statement) -> None:
    pdf = ours.print(statement)
    assert holds(signature(pdf, ours, statement), statement)
    assert attached_receipt(pdf) == sign_receipt(RECEIPT_KEY, statement)


def test_another_byte_in_the_page_or_in_what_holds_the_signature(
    ours: House, statement: Statement
) -> None:
    """The container is where a signature does not reach: each place there counts."""
    pdf = ours.print(statement)
    begin = pdf.index(b"/Contents <") + len(b"/Contents ")
    end = pdf.index(b">", begin)
    places = [*MADE.sample(range(begin, end + 1), 60), *MADE.sample(range(len(pdf)), 40)]
    for at in places:
        other = b"1" if pdf[at : at + 1] == b"0" else b"0"
        changed = pdf[:at] + other + pdf[at + 1 :]
        try:
            found = signature(changed, ours, statement)
            same = attached_receipt(changed) == sign_receipt(RECEIPT_KEY, statement)
        except Exception:  # noqa: BLE001, S112 - unreadable, in one of many ways: refused as well
            continue
        assert not (same and holds(found, statement)), at


def test_the_same_container_in_small_letters(ours: House, statement: Statement) -> None:
    pdf = ours.print(statement)
    begin = pdf.index(b"/Contents <") + len(b"/Contents <")
    end = pdf.index(b">", begin)
    found = signature(pdf[:begin] + pdf[begin:end].lower() + pdf[end:], ours, statement)
    assert not holds(found, statement)


def test_a_genuine_statement_on_a_strangers_page(
    ours: House, statement: Statement, tmp_path: Path
) -> None:
    stranger = house(tmp_path)
    found = signature(stranger.print(statement), ours, statement)
    assert found is not None
    assert not found.trusted
    under_the_same_root = signature(stranger.print(statement), stranger, statement)
    assert under_the_same_root is not None
    assert under_the_same_root.trusted
    assert not holds(under_the_same_root, statement)
