"""Ways to change a finished PDF: as updates appended to it, or by writing it anew."""

import io
from collections.abc import Callable

import pikepdf
from pyhanko.pdf_utils import generic as pdf
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

Writer = IncrementalPdfFileWriter
_OVER = b"q 1 1 1 rg 60 500 470 250 re f 0.8 0 0 rg 80 600 200 40 re f Q"


def updated(content: bytes, change: Callable[[Writer], None]) -> bytes:
    """The file with one more revision."""
    writer = Writer(io.BytesIO(content), strict=False)
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def rewritten(content: bytes, change: Callable[[pikepdf.Pdf], None], **options: object) -> bytes:
    """The file saved anew by another program."""
    with pikepdf.open(io.BytesIO(content)) as document:
        change(document)
        out = io.BytesIO()
        document.save(out, **options)  # type: ignore[arg-type]
        return out.getvalue()


def overlay(writer: Writer, page: int = 0) -> None:
    writer.add_stream_to_page(page, writer.add_object(pdf.StreamObject(stream_data=_OVER)))


def page_replaced(writer: Writer) -> None:
    tree = writer.root["/Pages"]
    tree["/Kids"][0] = _page(writer)
    writer.update_container(tree["/Kids"])


def page_appended(writer: Writer) -> None:
    tree = writer.root["/Pages"]
    tree["/Kids"].append(_page(writer))
    tree["/Count"] = pdf.NumberObject(len(tree["/Kids"]))
    writer.update_container(tree)


def page_removed(writer: Writer) -> None:
    tree = writer.root["/Pages"]
    del tree["/Kids"][0]
    tree["/Count"] = pdf.NumberObject(len(tree["/Kids"]))
    writer.update_container(tree)


def annotation(writer: Writer) -> None:
    _annotate(writer, {"/Subtype": pdf.pdf_name("/Square"), "/IC": _numbers(1, 0, 0)})


def form_field(writer: Writer) -> None:
    field = _annotate(
        writer,
        {
            "/Subtype": pdf.pdf_name("/Widget"),
            "/FT": pdf.pdf_name("/Tx"),
            "/T": pdf.pdf_string("Grade"),
            "/V": pdf.pdf_string("10"),
            "/DA": pdf.pdf_string("/Helv 18 Tf 0 g"),
        },
    )
    form = writer.root["/AcroForm"]
    form["/Fields"].append(field)
    writer.update_container(form)


def seal_removed(writer: Writer) -> None:
    for reference in writer.root["/AcroForm"]["/Fields"]:
        field = reference.get_object()
        if field["/T"] == "Seal":
            del field["/V"]
            writer.update_container(field)


def metadata_only(writer: Writer) -> None:
    about = pdf.DictionaryObject({pdf.pdf_name("/Title"): pdf.pdf_string("Another title")})
    writer.set_info(writer.add_object(about))


def script_at_opening(writer: Writer) -> None:
    writer.root["/OpenAction"] = pdf.DictionaryObject(
        {
            pdf.pdf_name("/S"): pdf.pdf_name("/JavaScript"),
            pdf.pdf_name("/JS"): pdf.pdf_string("app.alert('!')"),
        }
    )
    writer.update_root()


def content_replaced(writer: Writer) -> None:
    """Shadow replace: the page keeps its object, the object that it draws becomes another."""
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    drawn = page.raw_get("/Contents")
    stream = drawn.get_object()
    stream._data = _OVER
    stream._encoded_data = None
    writer.mark_update(drawn)


def page_hidden(writer: Writer) -> None:
    """Shadow hide: everything on the page is in a layer that is switched off."""
    layer = writer.add_object(
        pdf.DictionaryObject(
            {
                pdf.pdf_name("/Type"): pdf.pdf_name("/OCG"),
                pdf.pdf_name("/Name"): pdf.pdf_string("x"),
            }
        )
    )
    off = pdf.DictionaryObject({pdf.pdf_name("/OFF"): pdf.ArrayObject([layer])})
    writer.root["/OCProperties"] = pdf.DictionaryObject(
        {pdf.pdf_name("/OCGs"): pdf.ArrayObject([layer]), pdf.pdf_name("/D"): off}
    )
    writer.update_root()
    resources = pdf.DictionaryObject(
        {
            pdf.pdf_name("/Properties"): pdf.DictionaryObject({pdf.pdf_name("/Layer0"): layer}),
        }
    )
    begin = pdf.StreamObject(stream_data=b"/OC /Layer0 BDC")
    writer.add_stream_to_page(0, writer.add_object(begin), resources=resources, prepend=True)
    end = pdf.StreamObject(stream_data=b"EMC")
    writer.add_stream_to_page(0, writer.add_object(end))


def _page(writer: Writer) -> pdf.IndirectObject:
    drawn = writer.add_object(pdf.StreamObject(stream_data=_OVER))
    return writer.add_object(
        pdf.DictionaryObject(
            {
                pdf.pdf_name("/Type"): pdf.pdf_name("/Page"),
                pdf.pdf_name("/Parent"): writer.root.raw_get("/Pages"),
                pdf.pdf_name("/MediaBox"): _numbers(0, 0, 595, 842),
                pdf.pdf_name("/Contents"): drawn,
            }
        )
    )


def _annotate(writer: Writer, entries: dict[str, pdf.PdfObject]) -> pdf.IndirectObject:
    """On the first page, which has none."""
    mark = pdf.DictionaryObject(
        {
            pdf.pdf_name("/Type"): pdf.pdf_name("/Annot"),
            pdf.pdf_name("/Rect"): _numbers(80, 600, 300, 640),
            pdf.pdf_name("/F"): pdf.NumberObject(4),
            **{pdf.pdf_name(key): value for key, value in entries.items()},
        }
    )
    reference = writer.add_object(mark)
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    page["/Annots"] = pdf.ArrayObject([reference])
    writer.update_container(page)
    return reference


def _numbers(*numbers: float) -> pdf.ArrayObject:
    return pdf.ArrayObject([pdf.FloatObject(number) for number in numbers])
