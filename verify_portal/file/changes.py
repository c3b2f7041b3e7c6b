"""What was done to a registered copy after its last signature, as an answer tells it. Pure."""

from typing import Literal

import msgspec

PageKind = Literal[
    "replaced", "added", "removed", "moved", "content", "annotation", "form-field", "signature"
]
#: What an object serves: pages as drawn, notes on them, fields, signatures, data about the file,
#: the document's catalog, anything else that the catalog leads to, or nothing at all.
Part = Literal[
    "content", "annotation", "form-field", "signature", "metadata", "catalog", "document", "unused"
]


class PageChange(msgspec.Struct, frozen=True, kw_only=True):
    """Pages are counted from 1: `number` in the submitted file, `registered` in the copy as it was
    registered; null where there is none.
    """

    number: int | None
    registered: int | None
    kinds: tuple[PageKind, ...]


class ObjectChange(msgspec.Struct, frozen=True, kw_only=True):
    """One indirect object. `type` is what the file calls it; `pages` of the submitted file (of the
    registered one for a removed object) are those that it is reached from.
    """

    number: int
    generation: int
    change: Literal["added", "changed", "removed"]
    type: str
    part: Part
    pages: tuple[int, ...] = ()


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """The file begins with the `registered_bytes` of the registered copy; the rest was appended.

    `objects` is cut at a bound, `object_count` is not. `catalog` names the catalog's keys that
    differ, `fields` the form fields whose value does. When the appended part cannot be read,
    `problem` says why and nothing else is known.
    """

    registered_bytes: int
    appended_bytes: int
    page_count: int = 0
    registered_page_count: int = 0
    pages: tuple[PageChange, ...] = ()
    object_count: int = 0
    objects: tuple[ObjectChange, ...] = ()
    fields: tuple[str, ...] = ()
    signatures_removed: tuple[str, ...] = ()
    signatures_added: tuple[str, ...] = ()
    catalog: tuple[str, ...] = ()
    metadata_only: bool = False
    problem: str = ""
