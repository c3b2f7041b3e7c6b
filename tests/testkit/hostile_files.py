"""Files that parsers fear, made on the spot. None carries a code of ours unless it is put in."""

import io
import zlib
from collections.abc import Callable

import pikepdf

_STREAM = b"<< /Length %d %s >> stream\n%s\nendstream"


def hostile_files() -> dict[str, Callable[[], bytes]]:
    """By what is wrong with them; each is made when it is called for."""
    return {
        "deflate bomb": deflate_bomb,
        "filters upon filters": many_filters,
        "object loop": lambda: one_object(
            b"<< /Type /Pages /Count 9 /Kids [2 0 R 2 0 R] /Parent 2 0 R >>"
        ),
        "page tree of 20,000 levels": deep_page_tree,
        "deep array": lambda: one_object(
            b"<< /Type /Pages /Count 0 /Kids [] /Deep " + b"[" * 60_000 + b"]" * 60_000 + b" >>"
        ),
        "deep dictionary": lambda: one_object(b"<< /A " * 30_000 + b"1" + b">>" * 30_000),
        "deep graphics state": lambda: drawing(b"q " * 1_000_000),
        "ten thousand pages": ten_thousand_pages,
        "script": scripted,
        "encrypted": encrypted,
        "huge page": huge_page,
        "huge image": huge_image,
        "signature over nothing": forged_signature,
        "signature of nested nothing": lambda: forged_signature(b"\x30\x80" * 4_000),
        "cross-reference loop": cross_reference_loop,
        "cross-reference stream of billions": cross_reference_of_billions,
        "only a header": lambda: b"%PDF-1.7",
        "header and noise": lambda: b"%PDF-1.7\n" + bytes(range(256)) * 400,
        "ends without end": lambda: b"%PDF-1.7\n" + b"%%EOF\n" * 200_000,
        "a page in HTML in a PDF": lambda: b"<!doctype html><script>1</script>" + scripted(),
        "a PDF in an archive": lambda: b"PK\x03\x04" + bytes(200) + scripted() + b"PK\x05\x06",
        "picture bomb": picture_bomb,
        "false JPEG": lambda: b"\xff\xd8\xff\xe0" + bytes(5_000),
        "false TIFF": lambda: b"II*\x00" + b"\xff" * 5_000,
    }


def one_object(pages: bytes, extra: bytes = b"") -> bytes:
    """A document whose page tree is these bytes; `extra` objects are numbered from 3."""
    return (
        b"%PDF-1.7\n1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n2 0 obj "
        + pages
        + b" endobj\n"
        + extra
        + b"trailer << /Root 1 0 R /Size 4 >>\nstartxref\n0\n%%EOF\n"
    )


def one_page(content: bytes, filters: bytes = b"") -> bytes:
    """A document of one page that draws `content`, packed as `filters` say."""
    page = (
        b"3 0 obj "
        + _STREAM % (len(content), filters, content)
        + b" endobj\n4 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]"
        b" /Contents 3 0 R >> endobj\n"
    )
    return one_object(b"<< /Type /Pages /Count 1 /Kids [4 0 R] >>", page)


def drawing(operators: bytes) -> bytes:
    return one_page(zlib.compress(operators), b"/Filter /FlateDecode")


def deflate_bomb() -> bytes:
    """A content stream that unpacks to two gigabytes of text operators, packed twice."""
    packer = zlib.compressobj(9)
    start = packer.compress(b"\n") + packer.flush(zlib.Z_FULL_FLUSH)
    # Flushed in full, a block packs to the same bytes each time: packing two gigabytes takes long.
    block = packer.compress(b"BT (A) Tj ET\n" * 80_000) + packer.flush(zlib.Z_FULL_FLUSH)
    inner = start + block * 2_000 + packer.flush()
    return one_page(zlib.compress(inner, 9), b"/Filter [/FlateDecode /FlateDecode]")


def many_filters() -> bytes:
    return one_page(b"30" * 1_000 + b">", b"/Filter [" + b"/ASCIIHexDecode " * 5_000 + b"]")


def deep_page_tree(levels: int = 20_000) -> bytes:
    nodes = b"".join(
        b"%d 0 obj << /Type /Pages /Count 1 /Kids [%d 0 R] /Parent %d 0 R >> endobj\n"
        % (number, number + 1, number - 1)
        for number in range(3, levels)
    )
    return one_object(b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>", nodes)


def saved(document: pikepdf.Pdf, **options: object) -> bytes:
    content = io.BytesIO()
    document.save(content, **options)  # type: ignore[arg-type]
    return content.getvalue()


def ten_thousand_pages() -> bytes:
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


def huge_image() -> bytes:
    """A page that draws an image of ten billion pixels, of which a few bytes are there."""
    with pikepdf.new() as document:
        page = document.add_blank_page(page_size=(595, 842))
        image = document.make_stream(
            bytes(100),
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=100_000,
            Height=100_000,
            BitsPerComponent=8,
            ColorSpace=pikepdf.Name.DeviceRGB,
        )
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=image))
        page.Contents = document.make_stream(b"595 0 0 842 0 0 cm /I Do")
        return saved(document)


def forged_signature(contents: bytes = b"\x30\x80" + bytes(64)) -> bytes:
    with pikepdf.new() as document:
        document.add_blank_page()
        value = pikepdf.Dictionary(
            Type=pikepdf.Name.Sig,
            Filter=pikepdf.Name("/Adobe.PPKLite"),
            SubFilter=pikepdf.Name("/ETSI.CAdES.detached"),
            ByteRange=[0, -5, 10**12, 7],
            Contents=pikepdf.String(contents),
        )
        field = pikepdf.Dictionary(FT=pikepdf.Name.Sig, T="Seal", V=document.make_indirect(value))
        document.Root.AcroForm = pikepdf.Dictionary(
            Fields=[document.make_indirect(field)], SigFlags=3
        )
        return saved(document)


def cross_reference_loop() -> bytes:
    """Each section names itself as the one before."""
    body = b"%PDF-1.7\n1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n"
    section = b"xref\n0 1\n0000000000 65535 f \ntrailer << /Root 1 0 R /Size 1 /Prev %d >>\n"
    return body + section % len(body) + b"startxref\n%d\n%%%%EOF\n" % len(body)


def cross_reference_of_billions() -> bytes:
    body = b"%PDF-1.7\n"
    told = b"/Type /XRef /Size 2147483647 /Index [0 2147483647] /W [1 8 2] /Root 1 0 R"
    packed = zlib.compress(bytes(1_000_000), 9)
    stream = _STREAM % (len(packed), told + b" /Filter /FlateDecode", packed)
    return body + b"1 0 obj " + stream + b" endobj\nstartxref\n%d\n%%%%EOF\n" % len(body)


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
