"""The form on an answer's page by which the paper is shown. Pure."""

from collections.abc import Mapping
from typing import Any, Final, Literal

import msgspec

from verify_portal.agency.paper import Paper
from verify_portal.question import LONGEST_TEXT

Fault = Literal["refused", "refused-seal", "wait", "elsewhere"]
_LONGEST: Final = 300


class PaperForm(msgspec.Struct, frozen=True, kw_only=True):
    """What was typed comes back to be corrected, with what was wrong. `minutes` until one may try
    again, where that is it.
    """

    number: str = ""
    holder_name: str = ""
    fault: Fault | None = None
    minutes: int = 0

    @classmethod
    def typed(cls, fields: Mapping[str, Any]) -> "PaperForm":
        return cls(number=_text(fields, "number"), holder_name=_text(fields, "holder_name"))


NOTHING_TYPED: Final = PaperForm()


def paper_in(fields: Mapping[str, Any]) -> Paper:
    """The seal, if there is one, else number and name, empty ones too."""
    if seal := _text(fields, "seal", LONGEST_TEXT):
        return Paper(seal=seal)
    typed = PaperForm.typed(fields)
    return Paper(number=typed.number, holder_name=typed.holder_name)


def _text(fields: Mapping[str, Any], name: str, longest: int = _LONGEST) -> str:
    value = fields.get(name, "")
    return value[:longest].strip() if isinstance(value, str) else ""
