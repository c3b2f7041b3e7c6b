"""What an update changed in a registered PDF, object by object and page by page.

qpdf's view of both. It explains a verdict that the digest has settled: a file made to show qpdf
something else than other readers can mislead about the change, never about the copy.
Runs inside a bounded process (`bounded.py`).
"""

import io
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from typing import Final, Literal, NamedTuple

import pikepdf

from verify_portal.file.changes import Changes, ObjectChange, PageChange, PageKind, Part
from verify_portal.file.claimed import claimed
from verify_portal.file.fields import fields_of
from verify_portal.file.objects import METADATA, Name, Objects, Place

_MOST_OBJECTS: Final = 60
_MOST_PAGES: Final = 60
_MOST_NAMES: Final = 20
#: What pages inherit from the nodes of the page tree (ISO 32000-2, 7.7.3.4).
_INHERITED: Final = frozenset(("/Resources", "/MediaBox", "/CropBox", "/Rotate"))
#: Keys of a page that draw nothing of its own.
_BESIDE: Final = frozenset(("/Annots", "/StructParents", "/LastModified", "/Metadata", "/Parent"))
_ON_PAGES: Final[Mapping[Part, PageKind]] = {
    "content": "content",
    "annotation": "annotation",
    "form-field": "form-field",
    "signature": "signature",
}
_ON_ANNOTATIONS: Final = frozenset(("annotation", "form-field", "signature"))


class _Touched(NamedTuple):
    name: Name
    change: Literal["added", "changed", "removed"]
    type: str
    place: Place


def changes_since(content: bytes, registered_bytes: int) -> Changes:
    """What follows the registered copy, which is that many first bytes of `content`."""
    with (
        pikepdf.explicit_conversion(),
        _opened(content[:registered_bytes]) as before,
        _opened(content) as after,
    ):
        return _compared(before, after, registered_bytes, len(content) - registered_bytes)


def _opened(content: bytes) -> pikepdf.Pdf:
    """As it is written: left to itself, qpdf would move what pages inherit into each of them."""
    return pikepdf.open(io.BytesIO(content), suppress_warnings=True, inherit_page_attributes=False)


def _compared(before: pikepdf.Pdf, after: pikepdf.Pdf, length: int, appended: int) -> Changes:
    old, new = Objects(before), Objects(after)
    touched = list(_touched(old, new))
    fields, filled = fields_of(before), fields_of(after)
    signed, signed_now = fields.signatures, filled.signatures
    catalog = _differing(old.entries[old.root], new.entries[new.root])
    parts = {one.place.part for one in touched}
    return Changes(
        registered_bytes=length,
        appended_bytes=appended,
        page_count=len(new.pages),
        registered_page_count=len(old.pages),
        pages=tuple(_pages(old, new, touched))[:_MOST_PAGES],
        object_count=len(touched),
        objects=tuple(_told(one, old, new) for one in touched[:_MOST_OBJECTS]),
        fields=_names(_differing(fields.values, filled.values)),
        signatures_removed=_names(signed.keys() - signed_now.keys()),
        signatures_added=_names(_differing(signed, signed_now) & signed_now.keys()),
        catalog=_names(catalog),
        metadata_only="metadata" in parts
        and parts <= {"metadata", "catalog"}
        and catalog <= METADATA,
    )


def _touched(old: Objects, new: Objects) -> Iterator[_Touched]:
    for name, digest in new.digests.items():
        if name not in old.digests:
            yield _Touched(name, "added", new.types[name], new.place(name))
        elif old.digests[name] != digest:
            yield _Touched(name, "changed", new.types[name], new.place(name))
    for name in sorted(old.digests.keys() - new.digests.keys()):
        yield _Touched(name, "removed", old.types[name], old.place(name))


def _pages(old: Objects, new: Objects, touched: Iterable[_Touched]) -> Iterator[PageChange]:
    """In the order of the submitted file; a page is known again by its object's number."""
    kinds = _kinds(old, new, touched)
    moves = SequenceMatcher(None, old.pages, new.pages, autojunk=False)
    for act, was, was_end, now, now_end in moves.get_opcodes():
        for step in range(max(was_end - was, now_end - now)):
            before = was + step if was + step < was_end else None
            after = now + step if now + step < now_end else None
            if act == "equal":
                found = kinds[new.pages[now + step]]
            else:
                found = {_turn_of_page(old, new, before, after)}
            if found:
                yield PageChange(
                    number=None if after is None else after + 1,
                    registered=None if before is None else before + 1,
                    kinds=tuple(sorted(found)),
                )


def _turn_of_page(old: Objects, new: Objects, before: int | None, after: int | None) -> PageKind:
    if before is None and after is not None:
        return "moved" if new.pages[after] in old.pages else "added"
    if after is None and before is not None:
        return "moved" if old.pages[before] in new.pages else "removed"
    return "replaced"


def _kinds(old: Objects, new: Objects, touched: Iterable[_Touched]) -> dict[Name, set[PageKind]]:
    """What changed on each page."""
    found: dict[Name, set[PageKind]] = {page: set() for page in new.pages}
    annotated: list[set[PageKind]] = []
    for name, change, kind, place in touched:
        differing = _differing(old.entries.get(name, {}), new.entries.get(name, {}))
        if change == "changed" and name in found:
            if differing - _BESIDE:
                found[name].add("content")
            if "/Annots" in differing:
                annotated.append(found[name])
        elif kind == "/Pages" and differing & _INHERITED:
            for kinds in found.values():
                kinds.add("content")
        elif place.part in _ON_PAGES:
            for page in place.pages & found.keys():
                found[page].add(_ON_PAGES[place.part])
    for kinds in annotated:
        # What came is known by its own object; what was taken away is not there to tell.
        if not kinds & _ON_ANNOTATIONS:
            kinds.add("annotation")
    return found


def _told(one: _Touched, old: Objects, new: Objects) -> ObjectChange:
    order = old.pages if one.change == "removed" else new.pages
    pages = (number for number, page in enumerate(order, 1) if page in one.place.pages)
    return ObjectChange(
        number=one.name[0],
        generation=one.name[1],
        change=one.change,
        type=claimed(one.type),
        part=one.place.part,
        pages=tuple(pages)[:_MOST_NAMES],
    )


def _differing(one: Mapping[str, bytes], other: Mapping[str, bytes]) -> set[str]:
    return {key for key in one.keys() | other.keys() if one.get(key) != other.get(key)}


def _names(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(claimed(name) for name in sorted(names)[:_MOST_NAMES])
