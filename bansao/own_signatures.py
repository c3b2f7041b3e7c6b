"""What a PDF's own signatures are worth, without asking anybody."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from verify_portal.answer import SignatureFinding


class OwnSignatures(msgspec.Struct, frozen=True, kw_only=True):
    """`holds`: there are signatures, all by certificates below the trusted root and intact, and one
    covers the entire file. None when they were not looked at, which `said` explains.
    """

    holds: bool | None
    said: str
    findings: tuple[dict[str, object], ...] = ()


def own_signatures(pdf: Path, trust: Path) -> OwnSignatures:
    """By `root.pem` in the directory `trust`; the file is parsed in a bounded process."""
    if not (trust / "root.pem").is_file():
        return _not_checked(f"{trust / 'root.pem'} is missing")
    try:
        # The portal's packages are an extra; checking a proof does without them.
        from verify_portal.errors import ExaminationFailed, ExaminersDown
        from verify_portal.file.signature import examine_signatures
        from verify_portal.file.verify_file import FileReader
    except ImportError:
        return _not_checked("this needs the packages of bansao[portal]")
    reader = FileReader.open(trust)
    try:
        examined = reader.examiner.run(
            examine_signatures, pdf.read_bytes(), reader.anchor_pem, reader.revocation_lists()
        )
        return _judged(asyncio.run(examined))
    except ExaminationFailed as failure:
        return OwnSignatures(holds=False, said=f"its signatures cannot be read ({failure.cause})")
    except ExaminersDown as trouble:
        return _not_checked(f"no process for reading it could be started ({trouble.__cause__})")
    finally:
        reader.examiner.close()


def _judged(found: "tuple[SignatureFinding, ...]") -> OwnSignatures:
    sound = sum(one.intact and one.trusted for one in found)
    entire = any(one.covers_entire_file for one in found)
    covering = "one covers" if entire else "none covers"
    return OwnSignatures(
        holds=bool(found) and sound == len(found) and entire,
        said=f"{sound} of its {len(found)} signatures hold; {covering} the entire file",
        findings=tuple(msgspec.to_builtins(one) for one in found),
    )


def _not_checked(why: str) -> OwnSignatures:
    return OwnSignatures(holds=None, said=f"the PDF's own signatures were not checked: {why}")
