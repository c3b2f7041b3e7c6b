"""An answer with everything that the registry holds about its copy, as JSON."""

import msgspec

from registry.certified_copy import Facts
from verify_portal.agency.asking import Shown
from verify_portal.telling import Told, told
from verify_portal.texts import Language


class BookLine(msgspec.Struct, frozen=True, kw_only=True):
    """Under which number the copy stands in its unit's certification book."""

    unit_code: str
    book: str
    number: int


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """Shows that the facts are those that the log commits to, to whoever holds the proof:

    `commitment` = SHA-256("bansao facts v1\\n" ‖ `salt` ‖ RFC 8785 of `facts`), in hexadecimal, is
    the field of that name in the entry that `proof` (C2SP tlog-proof) shows to be in the log.
    """

    commitment: str
    salt: str
    proof: str


class FullAnswer(Told, frozen=True, kw_only=True):
    """A public answer, and with it `facts`: null where there is no such copy, and where they were
    erased (`facts_erased`). They say nothing about whether the copy holds: read `verdict`.
    """

    facts: Facts | None = None
    book_line: BookLine | None = None
    opening: Opening | None = None


def full_answer(shown: Shown, language: Language, proof: str | None = None) -> FullAnswer:
    """`proof` makes it provable to others, for those who may have that."""
    public = msgspec.structs.asdict(told(shown.answer, language))
    disclosed = shown.disclosed
    if disclosed is None:
        return FullAnswer(**public)
    entry = disclosed.found.entry
    opening = None
    if proof is not None:
        opening = Opening(commitment=entry.commitment.hex(), salt=disclosed.salt.hex(), proof=proof)
    line = BookLine(unit_code=entry.unit_code, book=entry.book, number=entry.number)
    return FullAnswer(**public, facts=disclosed.facts, book_line=line, opening=opening)
