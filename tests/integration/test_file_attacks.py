"""Whatever is done to an issued copy, no answer calls it valid, and the answer names the change."""

import asyncio
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from registry.code import new_code
from tests.integration.test_portal_answers import details
from tests.testkit import updating
from tests.testkit.issued import make_signers, signing_house
from tests.testkit.open_portal import OpenPortal, open_portal
from tests.testkit.updating import Writer, rewritten, updated

__all__ = ["open_portal", "signing_house"]

UPDATES: dict[str, tuple[Callable[[Writer], None], Sequence[Any], dict[str, Any]]] = {
    "overlay": (updating.overlay, [(1, 1, ["content"])], {}),
    "page replaced": (updating.page_replaced, [(1, 1, ["replaced"])], {}),
    "page appended": (updating.page_appended, [(3, None, ["added"])], {"page_count": 3}),
    "page removed": (updating.page_removed, [(None, 1, ["removed"])], {"page_count": 1}),
    "annotation": (updating.annotation, [(1, 1, ["annotation"])], {}),
    "form field": (updating.form_field, [(1, 1, ["form-field"])], {"fields": ["Grade"]}),
    "seal removed": (
        updating.seal_removed,
        [(2, 2, ["signature"])],
        {"signatures_removed": ["Seal"]},
    ),
    "metadata only": (updating.metadata_only, [], {"metadata_only": True}),
    "script": (updating.script_at_opening, [], {"catalog": ["/OpenAction"]}),
    "shadow replace": (updating.content_replaced, [(1, 1, ["content"])], {}),
    "shadow hide": (updating.page_hidden, [(1, 1, ["content"])], {"catalog": ["/OCProperties"]}),
}


@pytest.mark.parametrize("name", UPDATES)
def test_an_update_after_the_seal_is_altered_and_named(open_portal: OpenPortal, name: str) -> None:
    update, pages, told = UPDATES[name]
    copy = open_portal.copy
    answer = open_portal.ask(updated(copy.pdf, update))
    assert (answer["verdict"], answer["verified"]) == ("altered", "content")
    assert details(answer)["content"] == "failed added-after-seal"
    changes = answer["changes"]
    assert changes["registered_bytes"] == len(copy.pdf)
    assert [(one["number"], one["registered"], one["kinds"]) for one in changes["pages"]] == pages
    assert changes | told == changes
    assert changes["object_count"] == len(changes["objects"]) > 0


def test_an_object_is_listed_with_the_page_that_it_is_drawn_on(open_portal: OpenPortal) -> None:
    second = updated(open_portal.copy.pdf, lambda writer: updating.overlay(writer, page=1))
    drawn = [
        (one["change"], one["type"], one["pages"])
        for one in open_portal.ask(second)["changes"]["objects"]
        if one["part"] == "content"
    ]
    assert ("changed", "/Page", [2]) in drawn
    assert ("added", "", [2]) in drawn


@pytest.mark.parametrize(
    ("tail", "told"),
    [
        (b"\n\n", {"object_count": 0, "problem": ""}),
        (b"<html>mail footer</html>", {"object_count": 0, "problem": ""}),
        (b"\n1 0 obj << /Type /Catalog >> endobj", {"object_count": 0, "problem": ""}),
    ],
)
def test_bytes_after_the_end_are_altered_and_change_nothing(
    open_portal: OpenPortal, tail: bytes, told: dict[str, Any]
) -> None:
    answer = open_portal.ask(open_portal.copy.pdf + tail)
    assert answer["verdict"] == "altered"
    assert answer["changes"]["appended_bytes"] == len(tail)
    assert answer["changes"] | told == answer["changes"]


def test_the_registered_page_is_shown_beside_the_submitted_one(open_portal: OpenPortal) -> None:
    response = open_portal.page(updated(open_portal.copy.pdf, updating.page_replaced))
    assert response.text.count('src="data:image/jpeg;base64,') == 2
    assert "img-src data: 'self'" in response.headers["content-security-policy"]
    assert response.headers["cache-control"] == "no-store"
    assert "Page 1 was replaced by another page." in response.text


def test_no_registered_page_is_shown_for_a_file_that_does_not_hold_it(
    open_portal: OpenPortal,
) -> None:
    """Whoever has a code alone would else see the whole copy."""
    response = open_portal.page(rewritten(open_portal.copy.pdf, lambda _: None))
    assert response.status_code == 200
    assert "data:" not in response.text
    assert "data:" not in response.headers["content-security-policy"]


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"object_stream_mode": pikepdf.ObjectStreamMode.generate},
        {"object_stream_mode": pikepdf.ObjectStreamMode.disable, "linearize": True},
        {"encryption": pikepdf.Encryption(owner="o", user="")},
    ],
    ids=["saved again", "object streams", "linearized", "encrypted"],
)
def test_a_copy_written_anew_is_altered(open_portal: OpenPortal, options: dict[str, Any]) -> None:
    answer = open_portal.ask(rewritten(open_portal.copy.pdf, lambda _: None, **options))
    assert (answer["verdict"], answer["changes"]) == ("altered", None)


def test_a_change_inside_is_altered(open_portal: OpenPortal) -> None:
    content = bytearray(open_portal.copy.pdf)
    content[len(content) // 2] ^= 1
    answer = open_portal.ask(bytes(content))
    assert (answer["verdict"], answer["changes"]) == ("altered", None)


def test_pages_of_a_copy_in_another_pdf_are_altered_by_their_qr(open_portal: OpenPortal) -> None:
    def without_traces(document: pikepdf.Pdf) -> None:
        del document.Root.AcroForm, document.Root.Metadata
        del document.docinfo
        document.add_blank_page()

    packed = pikepdf.ObjectStreamMode.generate
    answer = open_portal.ask(
        rewritten(open_portal.copy.pdf, without_traces, object_stream_mode=packed)
    )
    assert (answer["verdict"], answer["code"]) == ("altered", open_portal.copy.code)


def test_a_seal_copied_to_another_pdf_is_altered(open_portal: OpenPortal) -> None:
    def with_our_form(forged: pikepdf.Pdf) -> None:
        with pikepdf.open(io.BytesIO(open_portal.copy.pdf)) as ours:
            forged.Root.AcroForm = forged.copy_foreign(ours.Root.AcroForm)

    answer = open_portal.ask(rewritten(_blank(), with_our_form))
    assert answer["verdict"] == "altered"
    assert not any(one["intact"] for one in answer["signatures"])


def test_a_copy_re_signed_by_a_stranger_is_altered(open_portal: OpenPortal, tmp_path: Path) -> None:
    """He signs our page with his own officer and seal, named like ours."""
    answer = open_portal.ask(_by_stranger(open_portal, open_portal.copy.code, tmp_path))
    assert answer["verdict"] == "altered"
    assert details(answer)["content"] == "failed not-ours"
    for one in answer["signatures"]:
        assert (one["intact"], one["trusted"], one["role"]) == (True, False, "other")


def test_a_strangers_own_signed_pdf_is_unknown_and_says_whose_it_is(
    open_portal: OpenPortal, tmp_path: Path
) -> None:
    content = _by_stranger(open_portal, new_code(), tmp_path)
    answer = open_portal.ask(content)
    assert answer["verdict"] == "unknown"
    assert [one["signer"] for one in answer["signatures"]] == ["Trần Thị Hà", "UBND phường Ba Đình"]
    assert not any(one["trusted"] for one in answer["signatures"])
    assert "we did not check" in open_portal.page(content).text


def _by_stranger(portal: OpenPortal, code: str, home: Path) -> bytes:
    make_signers(home / "secrets", home / "trust")
    return asyncio.run(portal.office.house.signed(code, secrets=home / "secrets"))


def _blank() -> bytes:
    with pikepdf.new() as document:
        document.add_blank_page()
        content = io.BytesIO()
        document.save(content)
        return content.getvalue()
