"""Files that pretend, files that did not arrive whole, and clients that bring too many."""

import asyncio
import hashlib
import io
import time

import pikepdf
import pytest
from msgspec.structs import replace

from tests.integration.test_portal_answers import by_file, details, qr_photo
from tests.testkit.copies import publish_now, registered
from tests.testkit.issued import PORTAL_URL, CopyOffice, copy_office, signing_house
from verify_portal.limiting.at_once import MOST_AT_ONCE

__all__ = ["copy_office", "signing_house"]


async def some_code(office: CopyOffice) -> str:
    (copy,) = await registered(office.database, 1)
    await publish_now(office.database)
    return copy.code


async def test_a_picture_with_a_pdf_behind_it_does_not_pass_for_a_picture(
    copy_office: CopyOffice,
) -> None:
    """Readers that look for a PDF beyond the first kilobyte show the forged page."""
    code = await some_code(copy_office)
    photo = qr_photo(f"{PORTAL_URL}/c/{code}")
    polyglot = photo + b"\n" * 1_100 + laughs(f"BANSAO {code}")
    async with copy_office.client() as http:
        for answer in (
            await by_file(http, polyglot),
            (await http.post("/v1/verify", files={"file": ("a.jpg", polyglot)})).json(),
        ):
            assert answer["verdict"] == "altered"
            assert (answer["asked"], answer["verified"]) == ("file", "content")


async def test_what_is_called_a_pdf_is_never_answered_as_a_photo(copy_office: CopyOffice) -> None:
    photo = qr_photo(f"{PORTAL_URL}/c/{await some_code(copy_office)}")
    pdf = {"Content-Type": "application/pdf"}
    async with copy_office.client() as http:
        answers = [
            (await http.post("/v1/verify", content=photo, headers=pdf)).json(),
            (await http.post("/v1/verify", files={"file": ("copy.PDF", photo)})).json(),
        ]
        honest = (await http.post("/v1/verify", files={"file": ("copy.jpg", photo)})).json()
    for answer in answers:
        assert (answer["verdict"], answer["verified"]) == ("malformed", "nothing")
        assert details(answer) == {"content": "failed misnamed"}
    assert (honest["verdict"], honest["asked"], honest["verified"]) == ("valid", "photo", "code")


async def test_an_interrupted_download_is_told_to_be_one(copy_office: CopyOffice) -> None:
    copy = await copy_office.issue()
    early = copy.pdf[: copy.pdf.index(copy.code.encode()) // 4]
    async with copy_office.client() as http:
        answer = await by_file(http, early)
        assert (answer["verdict"], details(answer)) == (
            "malformed",
            {"content": "failed incomplete"},
        )
        page = await http.post("/check", files={"file": ("copy.pdf", early)})
        assert "Hãy tải lại tệp" in page.text
        assert (await by_file(http, copy.pdf[:-20]))["verdict"] == "altered"
        whole = await http.post("/v1/verify", json={"sha256": hashlib.sha256(copy.pdf).hexdigest()})
        assert (whole.json()["verdict"], whole.json()["verified"]) == ("valid", "content")


async def test_an_empty_file_is_called_empty(copy_office: CopyOffice) -> None:
    async with copy_office.client() as http:
        page = await http.post("/check", files={"file": ("copy.pdf", b"")})
    assert "Tệp rỗng" in page.text


@pytest.mark.parametrize(
    ("path", "kind", "body"),
    [
        (path, "multipart/form-data; boundary=b", b"--b\r\n" + head + b"\r\n\r\n\xff\r\n--b--\r\n")
        for path in ("/v1/verify", "/check", "/v1/verify/batch")
        for head in (
            b'Content-Disposition: form-data; name="file"',
            b'Content-Disposition: form-data; name="file"; filename=""',
            b"Content-Disposition: form-data",
        )
    ]
    + [
        (path, "application/json", b'{"code": "\xff", "questions": ["\xff"]}')
        for path in ("/v1/verify", "/v1/verify/batch")
    ],
)
async def test_text_that_is_no_text_is_refused(
    copy_office: CopyOffice, path: str, kind: str, body: bytes
) -> None:
    async with copy_office.client() as http:
        response = await http.post(path, content=body, headers={"Content-Type": kind})
    assert response.status_code == 400


@pytest.mark.timeout(120)
async def test_near_misses_by_the_megabyte_do_not_stop_other_answers(
    copy_office: CopyOffice,
) -> None:
    code = await some_code(copy_office)
    hostile = b"AAAAAA-AAAAAA-AAAAAA " * 250_000 + b"%PDF-1.7"
    misses = b" ".join(b"AAAAAA-AAAAAA-%06d" % number for number in range(250_000))
    async with copy_office.portal() as portal:
        await portal.by_file(b"warm up: the examiners start")
        for content in (hostile, misses):
            slow = asyncio.create_task(portal.by_file(content))
            longest = 0.0
            while not slow.done():
                started = time.perf_counter()
                assert (await portal.by_code(code)).verdict == "valid"
                longest = max(longest, time.perf_counter() - started)
            assert (await slow).verdict in {"malformed", "unknown"}
            assert longest < 2


async def test_a_registered_code_in_the_bytes_spares_the_drawing_of_pages(
    copy_office: CopyOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = await some_code(copy_office)
    async with copy_office.portal() as portal:
        acts: list[str] = []
        run = portal.reader.examiner.run

        async def noted(act: object, *arguments: object) -> object:
            acts.append(getattr(act, "__name__", ""))
            return await run(act, *arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(portal.reader.examiner, "run", noted)
        assert (await portal.by_file(laughs(f"BANSAO {code}"))).verdict == "altered"
    assert "traces_in_pdf" not in acts


@pytest.mark.timeout(200)
async def test_costly_files_of_one_client_hold_up_nobody_else(copy_office: CopyOffice) -> None:
    await some_code(copy_office)
    settings = replace(copy_office.settings, trusted_proxies=("127.0.0.1/32",))
    costly = {"file": ("laughs.pdf", laughs())}
    async with replace(copy_office, settings=settings).client() as http:

        async def upload(client: str) -> int:
            headers = {"X-Forwarded-For": client}
            response = await http.post("/v1/verify", files=costly, headers=headers, timeout=100)
            if response.status_code == 429:
                assert int(response.headers["Retry-After"]) >= 1
            return response.status_code

        tasks = [asyncio.create_task(upload("203.0.113.7")) for _ in range(6)]
        await asyncio.sleep(1)
        neighbour = await upload("203.0.113.8")
        statuses = sorted([await task for task in tasks])
    assert statuses == [200] * MOST_AT_ONCE + [429] * (6 - MOST_AT_ONCE)
    assert neighbour == 200


@pytest.mark.parametrize(("proxies", "shared"), [((), True), (("127.0.0.1/32",), False)])
async def test_clients_behind_a_named_proxy_are_told_apart_and_nobody_elses_are(
    copy_office: CopyOffice, proxies: tuple[str, ...], shared: bool
) -> None:
    settings = replace(copy_office.settings, trusted_proxies=proxies)
    async with replace(copy_office, settings=settings).client() as http:

        async def status(client: str) -> int:
            headers = {"X-Forwarded-For": client}
            return (await http.get("/v1/copies/x", headers=headers)).status_code

        for _ in range(500):
            if await status("203.0.113.7") == 429:
                break
        # A client may write what it likes; the proxy adds whom it saw, and that counts.
        assert await status("198.51.100.1, 203.0.113.7") == 429
        assert (await status("203.0.113.8") == 429) == shared


def laughs(note: str = "", depth: int = 8, width: int = 10) -> bytes:
    """Forms that draw forms: a few kilobytes, a hundred million rectangles."""
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(595, 842))
        inner = form(document, b"0 0 500 800 re f")
        for _ in range(depth):
            inner, drawn = form(document, b"/F Do " * width), inner
            inner.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=drawn))
        page = document.pages[0]
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=inner))
        page.Contents = document.make_stream(b"/F Do")
        content = io.BytesIO()
        document.save(content)
    end = b"\n%" + note.encode() + b"\n%%EOF\n" if note else b""
    return content.getvalue() + end


def form(document: pikepdf.Pdf, operators: bytes) -> pikepdf.Object:
    stream = document.make_stream(operators)
    stream.Type = pikepdf.Name.XObject
    stream.Subtype = pikepdf.Name.Form
    stream.BBox = [0, 0, 595, 842]
    return stream
