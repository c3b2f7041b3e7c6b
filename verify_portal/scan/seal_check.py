"""The seal in a QR code's fragment, beside what the registry holds about the same code.

Pure. `verify.py` reads the seal, `verdicts.py` weighs it.
"""

import hmac
from typing import Final, Literal

import msgspec

from registry.code import code_hash
from registry.errors import ForgedSeal, MalformedSeal, SealKeyNotInUse
from registry.lookup import Found
from registry.seal import SealClaims
from registry.seal_keys import SealKeys
from verify_portal.answer import Check, SealedFacts

#: base64url of an Ed25519 signature alone: whatever is shorter is some other fragment.
_SHORTEST: Final = 86
#: Longer names are sealed in part, to keep the QR code coarse (intake/certify/contents.py).
_SEALED_LENGTH: Final = 80

Fault = Literal["malformed", "forged", "key-not-in-use"]


class SealRead(msgspec.Struct, frozen=True, kw_only=True):
    """Either `claims`, of a genuine seal, or its `fault`; neither where we have no key to judge."""

    claims: SealClaims | None = None
    fault: Fault | None = None

    @property
    def facts(self) -> SealedFacts | None:
        """What the paper should say; who asks has just shown it to us."""
        if self.claims is None:
            return None
        told = msgspec.structs.asdict(self.claims)
        return SealedFacts(**{name: told[name] for name in SealedFacts.__struct_fields__})


def read_seal(text: str, keys: SealKeys) -> SealRead | None:
    """The seal behind an address; None where there is none."""
    fragment = text.partition("#")[2]
    if len(fragment) < _SHORTEST:
        return None
    if not keys:
        return SealRead()
    try:
        return SealRead(claims=keys.open(fragment))
    except ForgedSeal:
        return SealRead(fault="forged")
    except SealKeyNotInUse:
        return SealRead(fault="key-not-in-use")
    except MalformedSeal:
        return SealRead(fault="malformed")


def check_of(seal: SealRead, code: str, found: Found | None) -> Check:
    """What it says for the copy with this code; `found` is None when the log does not hold it."""
    if seal.fault is not None:
        return Check(name="seal", outcome="failed", detail=seal.fault)
    if seal.claims is None:
        return Check(name="seal", outcome="skipped", detail="no-key")
    if not hmac.compare_digest(code_hash(seal.claims.code), code_hash(code)):
        return Check(name="seal", outcome="failed", detail="other-code")
    if found is None:
        return Check(name="seal", outcome="warned", detail="unregistered")
    if field := _first_difference(seal.claims, found):
        return Check(name="seal", outcome="failed", detail="differs", values={"field": field})
    return Check(name="seal", outcome="passed")


def _first_difference(sealed: SealClaims, found: Found) -> str | None:
    """The first of the seal's facts that the registry has otherwise; erased facts are not known."""
    held: dict[str, object] = {"book": found.entry.book, "number": found.entry.number}
    if sealed.place is not None and found.place is not None:
        held["place"] = found.place
    if found.facts is not None:
        held |= {
            "document_type": found.facts.document_type,
            "holder_name": found.facts.holder_name[:_SEALED_LENGTH],
            "unit_name": found.facts.unit_name[:_SEALED_LENGTH],
            "page_count": found.facts.page_count,
            "certified_on": found.facts.certified_on,
        }
    return next((name for name, value in held.items() if getattr(sealed, name) != value), None)
