"""What clients send, read to its end: forms, files and questions.

Small bodies are read here and not by the framework, which would take as much as a file may have,
and remembers the last thousand forms that are no files, names in them included.
"""

from typing import Any, Final
from urllib.parse import parse_qsl

from litestar import Request
from litestar.datastructures import UploadFile
from litestar.exceptions import HTTPException, ValidationException

#: A question in JSON or a form without files: a QR code's whole text is a tenth of it.
SMALL_BYTES: Final = 64 * 1024
_MOST_FIELDS: Final = 100
_FORM: Final = "application/x-www-form-urlencoded"

Form = dict[str, str | UploadFile]


async def form_of(request: Request[Any, Any, Any]) -> Form:
    """The request's form; raises ValidationException when a field of it is not UTF-8, such as a
    file without a name, and HTTPException (413) when one without files is large.
    """
    kind = request.content_type[0]
    if kind == _FORM:
        return _fields(await small_body(request))
    if kind != "multipart/form-data":
        return {}
    try:
        return dict(await request.form())
    except UnicodeDecodeError:
        raise ValidationException from None


async def small_body(request: Request[Any, Any, Any]) -> bytes:
    """The body; raises HTTPException (413) as soon as it is known to be large."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > SMALL_BYTES:
            raise HTTPException(status_code=413)
    return body


def _fields(body: bytes) -> Form:
    try:
        text = body.decode("latin-1")
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    except ValueError:
        raise ValidationException from None
