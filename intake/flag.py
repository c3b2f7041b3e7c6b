"""What the system noticed about a dossier and wants an officer to look at."""

from typing import Literal

import msgspec

Severity = Literal["info", "warn", "alarm"]


class Flag(msgspec.Struct, frozen=True, kw_only=True):
    """One remark. A flag informs the officer who decides; it never refuses anything by itself.

    `code` is a key of the intake's Fluent texts, `values` are that text's variables. `about` names
    the field or page (`page-2`) it points at; empty means the whole dossier. Values may hold
    personal data: they are shown to the officer and never logged.
    """

    code: str
    severity: Severity
    about: str = ""
    values: dict[str, str] = {}
