"""What an update changed, on small documents of the test's own."""

import io
from collections.abc import Callable

import pikepdf
import pytest
from pyhanko.pdf_utils import generic as pdf

from tests.testkit import updating
from tests.testkit.updating import Writer, updated
from verify_portal.file.beside import Pair, chosen
from verify_portal.file.changes import Changes, PageChange
from verify_portal.file.compare import changes_since


@pytest.fixture(scope="module")
def document() -> bytes:
    """Four pages; a font that the tree gives to all of them; a number that is an object."""
    with pikepdf.new() as made:
        for _ in range(4):
            made.add_blank_page(page_size=(595, 842))
        font = made.make_indirect(
            pikepdf.Dictionary(Type=pikepdf.Name.Font, BaseFont=pikepdf.Name.Courier)
        )
        made.Root.Pages.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
        for page in made.pages:
            del page.Resources
        with pikepdf.explicit_conversion():
            made.pages[1].obj.Rotate = made.make_indirect(pikepdf.Integer(0))
        content = io.BytesIO()
        made.save(content)
        return content.getvalue()


def pages_of(before: bytes, change: Callable[[Writer], None]) -> list[tuple[object, ...]]:
    found = changes_since(updated(before, change), len(before))
    return [(one.number, one.registered, *one.kinds) for one in found.pages]


def test_pages_are_known_again_by_their_objects(document: bytes) -> None:
    def first_to_the_end(writer: Writer) -> None:
        kids = writer.root["/Pages"]["/Kids"]
        kids.append(kids.raw_get(0))
        del kids[0]
        writer.update_container(kids)

    assert pages_of(document, first_to_the_end) == [(None, 1, "moved"), (4, None, "moved")]
    assert pages_of(document, updating.page_removed) == [(None, 1, "removed")]
    assert pages_of(document, updating.page_appended) == [(5, None, "added")]


def test_what_all_pages_inherit_changes_all_of_them(document: bytes) -> None:
    def other_font(writer: Writer) -> None:
        font = writer.root["/Pages"]["/Resources"]["/Font"]["/F"]
        font["/BaseFont"] = pdf.pdf_name("/Symbol")
        writer.update_container(font)

    everyone = [(number, number, "content") for number in range(1, 5)]
    assert pages_of(document, other_font) == everyone


def test_a_number_that_is_an_object_of_its_own_counts(document: bytes) -> None:
    with pikepdf.open(io.BytesIO(document)) as opened:
        number = next(n for n in range(1, len(opened.objects)) if opened.get_object(n, 0) == 0)
    start = document.rpartition(b"startxref")[2].split()[0]
    section = len(document) + len(b"%d 0 obj 180 endobj\n" % number)
    turned = document + (
        b"%d 0 obj 180 endobj\nxref\n%d 1\n%010d 00000 n \n"
        b"trailer << /Root 1 0 R /Size 99 /Prev %s >>\nstartxref\n%d\n%%%%EOF\n"
        % (number, number, len(document), start, section)
    )
    found = changes_since(turned, len(document))
    assert [(one.number, one.kinds) for one in found.pages] == [(2, ("content",))]
    assert [(one.number, one.change) for one in found.objects] == [(number, "changed")]


def test_an_object_that_nothing_leads_to_is_called_unused(document: bytes) -> None:
    def hoarded(writer: Writer) -> None:
        writer.add_object(pdf.pdf_string("for a later update"))

    found = changes_since(updated(document, hoarded), len(document))
    assert ("added", "unused") in {(one.change, one.part) for one in found.objects}
    assert found.pages == ()


def test_changed_pages_are_looked_at_first() -> None:
    changed = PageChange(number=3, registered=3, kinds=("content",))
    sizes = {"registered_bytes": 1, "appended_bytes": 1}
    assert chosen(Changes(**sizes, pages=(changed,))) == (Pair(registered=3, number=3),)
    assert chosen(Changes(**sizes)) == (Pair(registered=1, number=1),)
