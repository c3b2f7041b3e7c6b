"""A PDF as a graph of indirect objects: what each holds, what it is for, which pages reach it.

Runs inside a bounded process (`bounded.py`).
"""

import hashlib
from collections.abc import Iterator
from typing import Final, NamedTuple

import pikepdf

from verify_portal.file.changes import Part

#: Number and generation, as in `12 0 obj`.
Name = tuple[int, int]
_Entries = list[tuple[str, pikepdf.Object]]
METADATA: Final = frozenset(("/Info", "/Metadata"))
#: Containers of other objects say nothing of their own.
_CONTAINERS: Final = ("/ObjStm", "/XRef")
_STRUCTURE: Final = ("/Page", "/Pages")
_SIGNATURES: Final = ("/Sig", "/DocTimeStamp")
#: They lead from a part to its whole.
_UPWARD: Final = frozenset(("/Parent", "/P", "/Pg"))
_LONGEST_TYPE: Final = 40


class Place(NamedTuple):
    """What an object is for, and from which pages a reader comes to it."""

    part: Part
    pages: frozenset[Name]


class Objects:
    """Read once, before the pages are asked for: qpdf repairs a page tree in place. Within
    `pikepdf.explicit_conversion()`: a number may be an indirect object, and must keep its name.
    """

    def __init__(self, document: pikepdf.Pdf) -> None:
        self.digests: dict[Name, bytes] = {}
        self.types: dict[Name, str] = {}
        #: Of catalog, pages and page tree: each entry as it is written there.
        self.entries: dict[Name, dict[str, bytes]] = {}
        self.root: Name = document.Root.objgen
        self._signatures: set[Name] = set()
        self._users: dict[Name, list[tuple[Name, str]]] = {}
        for one in document.objects:
            if one is not None:  # a null says the same as no object
                self._take(one)
        info = document.trailer.get("/Info")
        self._info = info.objgen if isinstance(info, pikepdf.Object) else None
        self.pages: tuple[Name, ...] = tuple(page.obj.objgen for page in document.pages)
        self._are_pages = frozenset(self.pages)

    def place(self, name: Name) -> Place:
        """Of an object in `digests`."""
        pages, keys = self._reached(name)
        drawn = any(key != "/Annots" for _, key in pages)
        numbers = frozenset(page for page, _ in pages)
        if name in self._are_pages:
            return Place("content", frozenset((name,)))
        if "/Pages" in keys and self.types[name] != "/Pages":
            drawn, numbers = True, self._are_pages  # inherited by all of them
        return Place(self._part(name, drawn=drawn, on_pages=bool(numbers), keys=keys), numbers)

    def _part(self, name: Name, *, drawn: bool, on_pages: bool, keys: set[str]) -> Part:
        # The first that holds.
        parts: tuple[tuple[bool, Part], ...] = (
            (name == self.root, "catalog"),
            (name in self._signatures, "signature"),
            (drawn, "content"),
            ("/AcroForm" in keys, "form-field"),
            (on_pages, "annotation"),
            (bool(keys) and keys <= METADATA, "metadata"),
            (bool(keys), "document"),
        )
        return next((part for holds, part in parts if holds), "unused")

    def _take(self, one: pikepdf.Object) -> None:
        kind = _type_of(one)
        if kind in _CONTAINERS:
            return
        name = one.objgen
        self.digests[name] = hashlib.sha256(written(one)).digest()
        self.types[name] = kind
        entries = _entries(one)
        if kind in _SIGNATURES or ("/FT", pikepdf.Name.Sig) in entries:
            self._signatures.add(name)
        if name == self.root or kind in _STRUCTURE:
            self.entries[name] = {key: value.unparse() for key, value in entries}
        for key, used in _uses(entries):
            self._users.setdefault(used, []).append((name, key))

    def _reached(self, name: Name) -> tuple[set[tuple[Name, str]], set[str]]:
        """The pages that lead to the object, with the key that does; keys of the catalog and of the
        trailer that do without a page between.
        """
        pages: set[tuple[Name, str]] = set()
        keys = {"/Info"} if name == self._info else set()
        seen, frontier = {name}, [name]
        while frontier:
            for user, key in self._users.get(frontier.pop(), ()):
                if user in self._are_pages:
                    pages.add((user, key))
                elif user == self.root:
                    keys.add(key)
                elif user not in seen:
                    seen.add(user)
                    frontier.append(user)
        return pages, keys


def written(one: pikepdf.Object) -> bytes:
    """The same bytes for equal objects; a stream's content as it is stored, references as such."""
    if isinstance(one, pikepdf.Stream):
        return one.stream_dict.unparse(resolved=True) + b"\0" + one.read_raw_bytes()
    return one.unparse(resolved=True)


def _uses(entries: _Entries) -> Iterator[tuple[str, Name]]:
    """Which objects they refer to, each under the outermost key."""
    for key, value in entries:
        inside = [] if key in _UPWARD else [value]
        while inside:
            each = inside.pop()
            if each.is_indirect:
                yield key, each.objgen
            else:
                inside += [value for inner, value in _entries(each) if inner not in _UPWARD]


def _entries(one: pikepdf.Object) -> _Entries:
    if isinstance(one, pikepdf.Stream):
        one = one.stream_dict
    if isinstance(one, pikepdf.Dictionary):
        return [(key, value) for key, value in one.items() if value is not None]
    if isinstance(one, pikepdf.Array):
        return [("", value) for value in one if value is not None]
    return []


def _type_of(one: pikepdf.Object) -> str:
    """`/Annot/Widget`, `/Page`, `/XObject/Image`; empty where it does not say."""
    if not isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
        return ""
    names = (one.get("/Type"), one.get("/Subtype"))
    return "".join(str(name)[:_LONGEST_TYPE] for name in names if isinstance(name, pikepdf.Name))
