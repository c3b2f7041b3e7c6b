"""The form fields of a PDF by their full names, signatures among them (ISO 32000-2, 12.7).

Runs inside a bounded process (`bounded.py`).
"""

from typing import Final

import msgspec
import pikepdf

from verify_portal.file.objects import written

_MOST_FIELDS: Final = 2_000
_DEEPEST: Final = 32


class Fields(msgspec.Struct, frozen=True, kw_only=True):
    """Full name to what stands in the field, as bytes; signature fields only when they are signed.

    A signature's bytes are those of its dictionary, so that another one in its place differs.
    """

    values: dict[str, bytes]
    signatures: dict[str, bytes]


def fields_of(document: pikepdf.Pdf) -> Fields:
    """Of a file whose form may be odd: what is no field is passed over, and so is what lies too
    deep or beyond a bound.
    """
    fields = Fields(values={}, signatures={})
    form = document.Root.get("/AcroForm")
    if isinstance(form, pikepdf.Dictionary):
        inside = [(one, "", "", 0) for one in reversed(_list(form.get("/Fields")))]
        while inside and len(fields.values) + len(fields.signatures) < _MOST_FIELDS:
            field, above, kind, depth = inside.pop()
            if not isinstance(field, pikepdf.Dictionary) or depth > _DEEPEST:
                continue
            name = ".".join(filter(None, (above, str(field.get("/T", "")))))
            kind = str(field.get("/FT", kind))
            _put(fields, name, kind, field.get("/V"))
            inside += [(kid, name, kind, depth + 1) for kid in reversed(_list(field.get("/Kids")))]
    return fields


def _put(fields: Fields, name: str, kind: str, value: pikepdf.Object | None) -> None:
    if kind != "/Sig":
        fields.values[name] = b"" if value is None else written(value)
    elif value is not None:
        fields.signatures[name] = written(value)


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, pikepdf.Array) else []
