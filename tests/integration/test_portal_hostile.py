"""Files that parsers fear: each gets a verdict within bounds, and the portal lives on."""

import asyncio
import io
import time
import zlib
from pathlib import Path

import pikepdf
import pytest

from tests.testkit.copies import publish_now, registered
from tests.testkit.issued import CopyOffice, copy_office, signing_house
from verify_portal.answer import Answer
from verify_portal.file.bounded import Bounds
from verify_portal.portal import Portal

__all__ = ["copy_office", "signing_house"]

SHARED = Path(__file__).parents[3] / "shared" / "data"
#: Wall clock, on a machine that does other things: traces and signatures, each within its bound.
PATIENCE_SECONDS = 70.0


async def answered(portal: Portal, content: bytes) -> Answer:
    started = time.monotonic()
    answer = await portal.by_file(content)
    assert time.monotonic() - started < PATIENCE_SECONDS
    return answer


async def with_something_published(office: CopyOffice) -> str:
    (copy,) = await registered(office.database, 1)
    await publish_now(office.database)
    return copy.code


@pytest.mark.parametrize("folder", ["pdf", "images", "qr"])
@pytest.mark.timeout(900)
async def test_every_file_of_others_gets_a_verdict(copy_office: CopyOffice, folder: str) -> None:
    files = sorted(path for path in (SHARED / folder).rglob("*") if path.is_file())
    if not files:
        pytest.skip(f"{SHARED / folder} is not here")
    code = await with_something_published(copy_office)
    async with copy_office.portal() as portal:
        verdicts = {
            path.name: (await answered(portal, path.read_bytes())).verdict for path in files
        }
        assert set(verdicts.values()) <= {"unknown", "malformed"}
        assert (await portal.by_code(code)).verdict == "valid"


@pytest.mark.timeout(900)
async def test_hostile_files_are_survived(copy_office: CopyOffice) -> None:
    code = await with_something_published(copy_office)
    files = hostile_files()
    bounds = Bounds(processor_seconds=3)  # so that the test is not as patient as the portal
    async with copy_office.portal(bounds) as portal:
        for name, content in files.items():
            answer = await answered(portal, content)
            assert answer.verdict in {"unknown", "malformed"}, name
        carrying = files["deflate bomb"] + b"\n% BANSAO " + code.encode()
        assert (await answered(portal, carrying)).verdict == "altered"
        assert (await portal.by_code(code)).verdict == "valid"


async def test_files_in_a_crowd_are_refused_rather_than_piled_up(copy_office: CopyOffice) -> None:
    await with_something_published(copy_office)
    content = many_pages()
    async with copy_office.portal() as portal:
        answers = await asyncio.gather(*(portal.by_file(content + bytes([n])) for n in range(60)))
        verdicts = [answer.verdict for answer in answers]
        assert set(verdicts) == {"unknown", "unavailable"}
        assert all(one.retry_after for one in answers if one.verdict == "unavailable")
        assert (await answered(portal, content)).verdict == "unknown"


def hostile_files() -> dict[str, bytes]:
    deep = b"[" * 60_000 + b"]" * 60_000
    return {
        "deflate bomb": bomb(),
        "object loop": one_object(b"<< /Type /Pages /Count 9 /Kids [2 0 R 2 0 R] /Parent 2 0 R >>"),
        "deep nesting": one_object(b"<< /Type /Pages /Count 0 /Kids [] /Deep " + deep + b" >>"),
        "deep dictionary": one_object(b"<< /A " * 30_000 + b"1" + b">>" * 30_000),
        "many pages": many_pages(),
        "script": scripted(),
        "encrypted": encrypted(),
        "huge page": huge_page(),
        "signature without content": forged_signature(),
        "only a header": b"%PDF-1.7",
        "header and noise": b"%PDF-1.7\n" + bytes(range(256)) * 400,
        "picture bomb": picture_bomb(),
        "false JPEG": b"\xff\xd8\xff\xe0" + bytes(5_000),
        "false TIFF": b"II*\x00" + b"\xff" * 5_000,
    }


def one_object(pages: bytes, extra: bytes = b"") -> bytes:
    return (
        b"%PDF-1.7\n1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n2 0 obj "
        + pages
        + b" endobj\n"
        + extra
        + b"trailer << /Root 1 0 R /Size 4 >>\nstartxref\n0\n%%EOF\n"
    )


def bomb() -> bytes:
    """A content stream that unpacks to two gigabytes of text operators, packed twice."""
    packer = zlib.compressobj(9)
    block = b"BT (A) Tj ET\n" * 80_000
    inner = b"".join(packer.compress(block) for _ in range(2_000)) + packer.flush()
    stream = zlib.compress(inner, 9)
    page = (
        b"3 0 obj << /Length %d /Filter [/FlateDecode /FlateDecode] >> stream\n" % len(stream)
        + stream
        + b"\nendstream endobj\n"
        b"4 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 3 0 R >> endobj\n"
    )
    return one_object(b"<< /Type /Pages /Count 1 /Kids [4 0 R] >>", page)


def saved(document: pikepdf.Pdf, **options: object) -> bytes:
    content = io.BytesIO()
    document.save(content, **options)  # type: ignore[arg-type]
    return content.getvalue()


def many_pages() -> bytes:
    with pikepdf.new() as document:
        for _ in range(10_000):
            document.add_blank_page()
        return saved(document)


def scripted() -> bytes:
    with pikepdf.new() as document:
        document.add_blank_page()
        document.Root.OpenAction = pikepdf.Dictionary(
            S=pikepdf.Name.JavaScript, JS="while (true) { app.alert('!'); }"
        )
        return saved(document)


def encrypted() -> bytes:
    with pikepdf.new() as document:
        document.add_blank_page()
        return saved(document, encryption=pikepdf.Encryption(owner="o", user="u"))


def huge_page() -> bytes:
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(14_400, 14_400))
        document.pages[0].MediaBox = [0, 0, 2_000_000_000, 3]
        return saved(document)


def forged_signature() -> bytes:
    with pikepdf.new() as document:
        document.add_blank_page()
        value = pikepdf.Dictionary(
            Type=pikepdf.Name.Sig,
            Filter=pikepdf.Name("/Adobe.PPKLite"),
            SubFilter=pikepdf.Name("/ETSI.CAdES.detached"),
            ByteRange=[0, -5, 10**12, 7],
            Contents=pikepdf.String(b"\x30\x80" + bytes(64)),
        )
        field = pikepdf.Dictionary(FT=pikepdf.Name.Sig, T="Seal", V=document.make_indirect(value))
        document.Root.AcroForm = pikepdf.Dictionary(
            Fields=[document.make_indirect(field)], SigFlags=3
        )
        return saved(document)


def picture_bomb() -> bytes:
    """A PNG of 60,000 × 60,000 pixels in a few kilobytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        checksum = zlib.crc32(kind + body).to_bytes(4, "big")
        return len(body).to_bytes(4, "big") + kind + body + checksum

    header = (60_000).to_bytes(4, "big") * 2 + bytes([1, 0, 0, 0, 0])
    rows = zlib.compress(bytes(7_501 * 1_000), 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )
