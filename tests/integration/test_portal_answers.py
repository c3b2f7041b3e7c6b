"""Every verdict by every way of asking, on copies that were really issued and registered."""

import hashlib
import io
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pikepdf
import pypdfium2
import qrcode
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image
from pyhanko.pdf_utils.generic import StreamObject, pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from registry.append import Appender
from registry.clock import utc_now
from registry.code import new_code
from registry.log.note import verifier_line
from registry.log.policy import policy_of_log
from registry.log.proof_file import check_proof
from tests.testkit.copies import ORIGIN, VKEY, decided, publish_now, store_of
from tests.testkit.issued import (
    PORTAL_URL,
    CopyOffice,
    copy_office,
    make_signers,
    signing_house,
)

__all__ = ["copy_office", "signing_house"]


async def by_code(http: httpx.AsyncClient, code: str) -> dict[str, Any]:
    response = await http.get(f"/v1/copies/{code}")
    return {"status": response.status_code, **response.json()}


async def by_file(
    http: httpx.AsyncClient, content: bytes, name: str = "copy.pdf"
) -> dict[str, Any]:
    response = await http.post("/v1/verify", files={"file": (name, content)})
    assert response.status_code == 200, response.text
    return dict(response.json())


async def by_json(http: httpx.AsyncClient, **question: str) -> dict[str, Any]:
    response = await http.post("/v1/verify", json=question)
    assert response.status_code == 200, response.text
    return dict(response.json())


def details(answer: dict[str, Any]) -> dict[str, str]:
    return {check["name"]: f"{check['outcome']} {check['detail']}" for check in answer["checks"]}


def qr_photo(text: str) -> bytes:
    photo = Image.new("RGB", (900, 1200), "#d8d2c8")
    photo.paste(qrcode.make(text, box_size=8).convert("RGB"), (200, 400))
    content = io.BytesIO()
    photo.rotate(4, fillcolor="#d8d2c8").save(content, "JPEG", quality=80)
    return content.getvalue()


async def test_a_copy_is_valid_by_each_way_of_asking(copy_office: CopyOffice) -> None:
    copy = await copy_office.issue()
    url = f"{PORTAL_URL}/c/{copy.code}#c2VhbA"
    async with copy_office.client() as http:
        answers = {
            "code": await by_code(http, copy.code.lower().replace("-", " ")),
            "json": await by_json(http, code=copy.code),
            "qr": await by_json(http, qr=url),
            "digest": await by_json(http, sha256=hashlib.sha256(copy.pdf).hexdigest()),
            "photo": await by_file(http, qr_photo(url), "photo.jpg"),
            "file": await by_file(http, copy.pdf),
        }
    for answer in answers.values():
        assert answer["verdict"] == "valid"
        assert answer["checkpoint"]["origin"] == ORIGIN
        assert answer["checkpoint"]["size"] == 1
        assert answer["copy"]["holder"] == "N*** V** A*"
    assert answers["photo"]["asked"] == "photo"
    assert details(answers["file"])["content"] == "passed "
    signatures = answers["file"]["signatures"]
    assert [(one["role"], one["trusted"], one["intact"]) for one in signatures] == [
        ("officer", True, True),
        ("seal", True, True),
    ]
    assert signatures[-1]["covers_entire_file"]
    assert all(one["timestamped"] for one in signatures)


async def test_a_decision_changes_the_answer_to_code_digest_and_file(
    copy_office: CopyOffice,
) -> None:
    revoked, suspended, replaced = [await copy_office.issue() for _ in range(3)]
    await copy_office.revoke(revoked.code)
    async with (
        store_of(copy_office.database, "registry_writer") as store,
        Appender(store, utc_now) as appender,
    ):
        decision = decided("07/QĐ-UBND", date(2026, 11, 20))
        await appender.supersede(replaced.code, successor=suspended.code, **decision)
        await appender.suspend(suspended.code, **decision)
    await publish_now(copy_office.database)
    async with copy_office.client() as http:
        for copy, verdict in (
            (revoked, "revoked"),
            (suspended, "suspended"),
            (replaced, "superseded"),
        ):
            assert (await by_code(http, copy.code))["verdict"] == verdict
            assert (await by_file(http, copy.pdf))["verdict"] == verdict
            digest = hashlib.sha256(copy.pdf).hexdigest()
            assert (await by_json(http, sha256=digest))["verdict"] == verdict
        answer = await by_code(http, revoked.code)
    told = {"number": "12/QĐ-UBND", "decided_on": "2026-11-22", "reason": ""}
    assert answer["decision"] == told


async def test_what_is_not_published_yet_is_unavailable_and_never_unknown(
    copy_office: CopyOffice,
) -> None:
    await copy_office.issue()
    late = await copy_office.issue(publish=False)
    async with copy_office.client() as http:
        answer = await by_code(http, late.code)
        assert (answer["status"], answer["verdict"]) == (503, "unavailable")
        response = await http.post("/v1/verify", files={"file": ("copy.pdf", late.pdf)})
        assert (response.status_code, response.json()["verdict"]) == (503, "unavailable")
        assert int(response.headers["Retry-After"]) > 0
        await publish_now(copy_office.database)
        assert (await by_code(http, late.code))["verdict"] == "valid"


async def test_an_empty_log_knows_nothing_and_says_so(copy_office: CopyOffice) -> None:
    async with copy_office.client() as http:
        answer = await by_code(http, new_code())
    assert (answer["status"], answer["verdict"]) == (503, "unavailable")


async def test_unknown_and_malformed_are_told_apart(copy_office: CopyOffice) -> None:
    copy = await copy_office.issue()
    slip = "A" if copy.code[7] != "A" else "B"
    async with copy_office.client() as http:
        stranger = await by_code(http, new_code())
        mistyped = await by_code(http, copy.code[:7] + slip + copy.code[8:])
        nonsense = await by_file(http, b"PK\x03\x04 not a PDF at all")
    assert (stranger["verdict"], stranger["copy"]) == ("unknown", None)
    assert (mistyped["verdict"], mistyped["mistake_at"]) == ("malformed", 6)
    assert nonsense["verdict"] == "malformed"


async def test_no_altered_copy_passes(copy_office: CopyOffice, tmp_path: Path) -> None:
    copy = await copy_office.issue()
    make_signers(tmp_path / "secrets", tmp_path / "trust")
    attacks = {
        "byte flipped in the header": flipped(copy.pdf, 3),
        "byte flipped early": flipped(copy.pdf, len(copy.pdf) // 5),
        "byte flipped in the middle": flipped(copy.pdf, len(copy.pdf) // 2),
        "byte flipped at the end": flipped(copy.pdf, len(copy.pdf) - 3),
        "something appended": copy.pdf + b"\n",
        "incremental overlay": overlaid(copy.pdf),
        "saved again": saved_again(copy.pdf),
        "page appended": saved_again(copy.pdf, pages=1),
        "metadata only": saved_again(copy.pdf, title="Khác"),
        "cut in half": copy.pdf[: len(copy.pdf) * 2 // 3],
        "signatures removed": copy_office.house.unsigned(copy.code),
        "signed again by a stranger": await copy_office.house.signed(
            copy.code, secrets=tmp_path / "secrets"
        ),
        "QR on other content": picture_pdf(f"{PORTAL_URL}/c/{copy.code}"),
        "printed and scanned": scanned(copy.pdf),
    }
    async with copy_office.client() as http:
        answers = {attack: await by_file(http, content) for attack, content in attacks.items()}
    assert {attack: answer["verdict"] for attack, answer in answers.items()} == dict.fromkeys(
        attacks, "altered"
    )
    assert {answer["code"] for answer in answers.values()} == {copy.code}
    overlay = details(answers["incremental overlay"])
    assert overlay["content"] == "failed added-after-seal"
    assert overlay["signatures"] == "failed uncovered"
    assert details(answers["byte flipped in the middle"])["content"] == "failed bytes-changed"
    assert details(answers["signed again by a stranger"])["content"] == "failed not-ours"
    assert details(answers["signatures removed"])["signatures"] == "failed none"


async def test_a_well_signed_file_that_is_not_ours_is_unknown_and_says_whose_it_is(
    copy_office: CopyOffice,
) -> None:
    await copy_office.issue()
    async with copy_office.client() as http:
        answer = await by_file(http, await copy_office.house.signed(new_code()))
    assert answer["verdict"] == "unknown"
    assert answer["signatures"][0]["signer"] == "Trần Thị Hà"
    assert {one["role"] for one in answer["signatures"]} == {"other"}


async def test_the_downloaded_proof_convinces_somebody_who_has_only_the_key(
    copy_office: CopyOffice,
) -> None:
    first, second = [await copy_office.issue() for _ in range(2)]
    async with copy_office.client() as http:
        for index, copy in enumerate((first, second)):
            response = await http.get(f"/v1/copies/{copy.code}/proof")
            assert "attachment" in response.headers["Content-Disposition"]
            proof = check_proof(response.text, policy_of_log(VKEY))
            assert proof.index == index
            assert hashlib.sha256(copy.pdf).hexdigest().encode() in proof.body
            assert (await http.get(f"/log/proof/{index}")).text == response.text
        assert (await http.get(f"/v1/copies/{new_code()}/proof")).status_code == 404
        assert (await http.get("/v1/copies/nonsense/proof")).status_code == 404
        assert (await http.get("/log/proof/2")).status_code == 404


async def test_a_log_signed_by_another_key_is_not_believed(
    copy_office: CopyOffice, tmp_path: Path
) -> None:
    """Whoever owns the database still lacks the log's key, which the portal has from elsewhere."""
    copy = await copy_office.issue()
    other = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))).public_key()
    (tmp_path / "root.pem").write_bytes((copy_office.house.trust / "root.pem").read_bytes())
    (tmp_path / "log.vkey").write_text(verifier_line(ORIGIN, other))
    registry = msgspec.structs.replace(copy_office.settings.registry, trust=tmp_path)
    settings = msgspec.structs.replace(copy_office.settings, registry=registry)
    wary = msgspec.structs.replace(copy_office, settings=settings)
    async with wary.client() as http:
        for answer in (
            await by_code(http, copy.code),
            (await http.post("/v1/verify", files={"file": ("copy.pdf", copy.pdf)})).json(),
        ):
            assert answer["verdict"] == "unavailable"
            assert details(answer) == {"log": "skipped unproven"}


def flipped(pdf: bytes, at: int) -> bytes:
    return pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]


def overlaid(pdf: bytes) -> bytes:
    """White out a line by an incremental update, as editors do."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    cover = writer.add_object(StreamObject(stream_data=b"1 g 60 700 400 40 re f"))
    page[pdf_name("/Contents")] = cover
    writer.update_container(page)
    changed = io.BytesIO()
    writer.write(changed)
    return changed.getvalue()


def saved_again(pdf: bytes, pages: int = 0, title: str = "") -> bytes:
    content = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for _ in range(pages):
            document.add_blank_page()
        if title:
            document.docinfo["/Title"] = title
        document.save(content)
    return content.getvalue()


def picture_pdf(text: str) -> bytes:
    content = io.BytesIO()
    Image.open(io.BytesIO(qr_photo(text))).save(content, "PDF")
    return content.getvalue()


def scanned(pdf: bytes) -> bytes:
    """The last page as a scanner gives it: pixels only."""
    content = io.BytesIO()
    with pypdfium2.PdfDocument(pdf) as document:
        document[len(document) - 1].render(scale=2.5).to_pil().save(content, "PDF")
    return content.getvalue()
