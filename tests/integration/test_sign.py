"""The two signatures of a copy, judged by validators that are not ours."""

import asyncio
import hashlib
import io
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pikepdf
import pypdfium2
import pytest
from asn1crypto import pem, tsp, x509
from PIL import Image
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from bansao.pki import DemoOfficer, ensure_demo_pki
from bansao.time_stamp import load_authority
from bansao.tsa import running_tsa
from intake.certify.copy_pdf import CopyPage, CopySheet, lay_out
from intake.certify.errors import SigningKeyUnusable, TimeStampRefused, TimeStampUnavailable
from intake.certify.fonts import FontFiles, prepare_fonts
from intake.certify.keys import KeyRing
from intake.certify.sign import Signing, sign
from intake.certify.time_stamps import HttpTimeStamper
from registry.clock import utc_now
from registry.code import find_codes, new_code

ASSETS = Path(sys.prefix) / "npm" / "node_modules"
CODE = new_code()
UNIT = "Ủy ban nhân dân phường Ba Đình"
OFFICER = DemoOfficer(username="an", full_name="Nguyễn Văn An", title="KT. CHỦ TỊCH")
SIGNED_AT = datetime(2026, 11, 22, 2, 15, 30, tzinfo=UTC)


class Desk(msgspec.Struct, frozen=True):
    """Where copies are signed: keys and trust, time stamps, typeface."""

    home: Path
    tsa: str
    fonts: FontFiles

    def unsigned(self) -> bytes:
        content = io.BytesIO()
        Image.new("RGB", (620, 877), "#fdfbf2").save(content, "JPEG")
        sheet = CopySheet(
            pages=[CopyPage(image=content.getvalue(), media_type="image/jpeg")],
            code=CODE,
            book="01/2026-SCTĐT/BS",
            number=7,
            certified_at=SIGNED_AT,
            title="Bằng tốt nghiệp đại học",
            holder_name="Trần Thị Ngọc Ánh",
            unit_name=UNIT,
            signer_name=OFFICER.full_name,
            signer_title=OFFICER.title,
            watermark="TTPVHCC",
            portal_address="http://127.0.0.1:8003",
            check_url=f"http://127.0.0.1:8003/c/{CODE}",
            qr_seal="c2VhbA",
        )
        return lay_out(sheet, self.fonts)

    def sign(self, stamper: HttpTimeStamper | None = None) -> bytes:
        keys = KeyRing(self.home / "secrets")
        signing = Signing(
            code=CODE,
            officer=keys.signer("officer_an"),
            seal=keys.signer("seal"),
            signer_name=OFFICER.full_name,
            unit_name=UNIT,
            mark="TTPVHCC",
            at=SIGNED_AT,
        )
        return sign(self.unsigned(), signing, stamper or HttpTimeStamper(self.tsa), self.fonts)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    home = tmp_path_factory.mktemp("desk")
    ensure_demo_pki(home / "secrets", home / "trust", [OFFICER], UNIT, utc_now)
    fonts = prepare_fonts(ASSETS, home / "fonts")
    with running_tsa(home / "secrets") as url:
        yield Desk(home, url, fonts)


@pytest.fixture(scope="module")
def signed(desk: Desk) -> bytes:
    return desk.sign()


def root(home: Path) -> x509.Certificate:
    _, _, der = pem.unarmor((home / "trust" / "root.pem").read_bytes())
    return x509.Certificate.load(der)


def judge(pdf: bytes, home: Path) -> dict[str, Any]:
    """pyHanko's status of each signature by field, with our root as the only anchor."""
    context = ValidationContext(trust_roots=[root(home)], allow_fetching=False)

    async def all_of_them() -> dict[str, Any]:
        reader = PdfFileReader(io.BytesIO(pdf))
        return {
            signature.field_name: await async_validate_pdf_signature(signature, context)
            for signature in reader.embedded_regular_signatures
        }

    return asyncio.run(all_of_them())


def test_pyhanko_accepts_both_with_the_demo_root(signed: bytes, desk: Desk) -> None:
    found = judge(signed, desk.home)

    assert list(found) == ["Officer", "Seal"]
    for status in found.values():
        assert status.bottom_line
        assert status.trusted
        assert status.md_algorithm == "sha256"
    assert found["Officer"].signing_cert.subject.native["common_name"] == OFFICER.full_name
    assert found["Seal"].signing_cert.subject.native["common_name"] == UNIT
    assert found["Officer"].modification_level <= ModificationLevel.FORM_FILLING
    assert found["Seal"].coverage is SignatureCoverageLevel.ENTIRE_FILE


def test_both_carry_a_time_stamp_of_the_authority(signed: bytes, desk: Desk) -> None:
    for status in judge(signed, desk.home).values():
        stamp = status.timestamp_validity
        assert stamp.valid
        assert stamp.trusted
        assert abs(stamp.timestamp - datetime.now(UTC)) < timedelta(minutes=5)


def test_a_stranger_with_the_same_names_is_not_trusted(signed: bytes, tmp_path: Path) -> None:
    ensure_demo_pki(tmp_path / "secrets", tmp_path / "trust", [OFFICER], UNIT, utc_now)

    assert not any(status.trusted for status in judge(signed, tmp_path).values())


def test_a_flipped_byte_breaks_a_signature(signed: bytes, desk: Desk) -> None:
    place = signed.index(b"/FontDescriptor")
    flipped = signed[:place] + b"/FontDescriptos" + signed[place + 15 :]

    assert not any(status.intact for status in judge(flipped, desk.home).values())


def test_an_incremental_update_is_seen(signed: bytes, desk: Desk) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Rotate"] = type(page["/Rotate"])(90) if "/Rotate" in page else _integer(90)
    writer.update_container(page)
    updated = io.BytesIO()
    writer.write(updated)

    found = judge(updated.getvalue(), desk.home)

    assert not any(status.bottom_line for status in found.values())
    assert found["Seal"].coverage is not SignatureCoverageLevel.ENTIRE_FILE


def _integer(number: int) -> Any:
    from pyhanko.pdf_utils.generic import NumberObject  # noqa: PLC0415 - only here

    return NumberObject(number)


def test_pdfsig_accepts_both_with_the_demo_root(signed: bytes, desk: Desk, tmp_path: Path) -> None:
    if missing := [tool for tool in ("pdfsig", "certutil") if shutil.which(tool) is None]:
        pytest.skip(f"{missing[0]} is not installed")
    (tmp_path / "copy.pdf").write_bytes(signed)
    store = f"sql:{tmp_path}"
    anchor = desk.home / "trust" / "root.pem"
    subprocess.run(["certutil", "-N", "-d", store, "--empty-password"], check=True)
    subprocess.run(
        ["certutil", "-A", "-d", store, "-n", "demo root", "-t", "C,C,C", "-i", anchor], check=True
    )

    told = subprocess.run(
        ["pdfsig", "-nssdir", store, tmp_path / "copy.pdf"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout

    assert told.count("Signature is Valid.") == 2
    assert told.count("Certificate is Trusted.") == 2
    assert told.count("ETSI.CAdES.detached") == 2


def test_a_damaged_file_still_tells_its_code(signed: bytes) -> None:
    head, tail = signed[: len(signed) // 2], signed[-len(signed) // 3 :]

    assert find_codes(head.decode("latin-1")) == [CODE]
    assert CODE in find_codes(tail.decode("latin-1"))


def test_the_marks_show_who_and_when(signed: bytes) -> None:
    with pypdfium2.PdfDocument(signed) as document:
        document.init_forms()
        page = document[len(document) - 1]
        picture = page.render(scale=2, may_draw_forms=True).to_pil().convert("RGB")
        page.close()
    colours = picture.crop((114, 380, 600, 720)).get_flattened_data()
    red = sum(1 for r, g, b in colours if r > 150 and g < 80 and b < 80)
    blue = sum(1 for r, g, b in colours if b > 120 and r < 80 and g < 110)
    assert red > 2000, "the round seal"
    assert blue > 1000, "the officer's hand"

    with pikepdf.open(io.BytesIO(signed)) as document:
        fields = {str(field.T): field for field in document.Root.AcroForm.Fields}
        for name in ("Officer", "Seal"):
            form = fields[name].AP.N.Resources.XObject
            drawn = next(iter(form.values()))
            assert drawn.Resources.Font, "text, not a picture of text"


def test_the_file_is_still_sound_pdf_a(signed: bytes, tmp_path: Path) -> None:
    path = tmp_path / "copy.pdf"
    path.write_bytes(signed)
    with pikepdf.open(path) as document, document.open_metadata() as metadata:
        assert metadata.pdfa_status == "2B"
        assert document.check_pdf_syntax() == []
    # ISO 19005-2, 6.1.9: an object starts on a line of its own, also the first of each update.
    assert b"%%EOF\n" in signed
    assert not re.search(rb"%%EOF[^\n]", signed)


def test_without_a_time_stamp_nothing_is_signed(desk: Desk) -> None:
    with pytest.raises(TimeStampUnavailable):
        desk.sign(HttpTimeStamper("http://127.0.0.1:9"))


def test_an_answer_to_something_else_is_no_time_stamp(desk: Desk) -> None:
    class Misleading(HttpTimeStamper):
        """Stamps another digest than it was asked for, with the right nonce: a fake."""

        def _post(self, request: bytes) -> bytes:
            asked = tsp.TimeStampReq.load(request)
            asked["message_imprint"]["hashed_message"] = hashlib.sha256(b"other").digest()
            return authority.answer(asked.dump(force=True), datetime.now(UTC))

    authority = load_authority(desk.home / "secrets")
    with pytest.raises(TimeStampUnavailable):
        desk.sign(Misleading(desk.tsa))


def test_a_refusal_is_told_from_silence(desk: Desk) -> None:
    class Unheard(HttpTimeStamper):
        """Asks for a digest that no service stamps: a fake for this test."""

        def _post(self, request: bytes) -> bytes:
            return super()._post(b"no request at all")

    with pytest.raises(TimeStampRefused):
        desk.sign(Unheard(desk.tsa))


def test_a_signer_cannot_be_named_by_a_path(desk: Desk) -> None:
    with pytest.raises(SigningKeyUnusable):
        KeyRing(desk.home / "secrets").signer("../secrets/seal")
