"""Forms as they arrive: what is no text where text belongs is a refused request."""

from typing import Any

from litestar import Request
from litestar.datastructures import FormMultiDict
from litestar.exceptions import ValidationException


async def form_of(request: Request[Any, Any, Any]) -> FormMultiDict:
    """The request's form; raises ValidationException when a field of it is not UTF-8, such as a
    file without a name.
    """
    try:
        return await request.form()
    except UnicodeDecodeError:
        raise ValidationException from None
