"""What somebody shows to prove that he holds the paper. Pure.

The seal in its QR code cannot be guessed, and is asked for by nothing but the paper. The number in
the book stands in the public log, so of number and name only the name is secret: that is why tries
are counted (tries.py) and every refusal is the same.
"""

import hmac
from typing import Final

import msgspec

from registry.certified_copy import Facts
from registry.errors import MalformedSeal
from registry.lookup import Found
from registry.seal_keys import SealKeys
from verify_portal.agency.names import same_name
from verify_portal.agency.store import Means
from verify_portal.question import LONGEST_TEXT

_LONGEST_NAME: Final = 300
_NOBODY: Final = "\u0000"  # no printed name holds it


class Paper(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Either `seal`, the text of the paper's QR code or what follows its `#`; or `number`, the
    certification number, together with `holder_name`, both as printed.
    """

    seal: str | None = None
    number: int | str | None = None
    holder_name: str | None = None

    @property
    def means(self) -> Means | None:
        """None where it is neither the one nor the other."""
        match self:
            case Paper(seal=str(), number=None, holder_name=None):
                return "seal"
            case Paper(seal=None, number=int() | str(), holder_name=str()):
                return "name"
        return None


def is_of(paper: Paper, code: str, found: Found | None, keys: SealKeys) -> bool:
    """Whether it is the paper of this copy. Works as hard when there is no such copy."""
    if paper.means == "seal":
        return found is not None and _sealed_code(paper.seal or "", keys) == code
    facts: Facts | None = None if found is None else found.facts
    name = same_name(
        (paper.holder_name or "")[:_LONGEST_NAME], facts.holder_name if facts else _NOBODY
    )
    number = _same_number(paper.number, found.entry.number if found else 0)
    return name & number & (facts is not None)


def _sealed_code(text: str, keys: SealKeys) -> str | None:
    seal = text[:LONGEST_TEXT].strip().rpartition("#")[2]
    try:
        return keys.open(seal).code
    except MalformedSeal:
        return None


def _same_number(shown: int | str | None, registered: int) -> bool:
    """Printed with leading zeros, which nobody needs to type."""
    digits = str(shown).strip().lstrip("0")
    return hmac.compare_digest(digits.encode("utf-8", "replace"), str(registered).encode())
