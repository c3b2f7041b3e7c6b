"""The acts: from a code, a digest or any text to an `Answer`; `verify_file.py` has the files.

Web and command line share them. Nothing here raises for what a visitor brings; an outage of ours
is the verdict `unavailable`.
"""

import re
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Final
from urllib.parse import urlsplit

import structlog

from registry.clock import Clock
from registry.code import find_codes, parse_code
from registry.errors import (
    MalformedCode,
    NothingPublished,
    NotYetPublished,
    RegistryError,
    RegistryUnavailable,
)
from verify_portal import verdicts
from verify_portal.answer import Answer, Asked, Check
from verify_portal.errors import (
    ExaminersBusy,
    ExaminersDown,
    UnprovenEntry,
    UnsignedCheckpoint,
)
from verify_portal.ledger import Ledger

_log = structlog.get_logger()

#: A QR code holds fewer than 4,300 characters (ISO/IEC 18004, version 40-L, alphanumeric).
LONGEST_TEXT: Final = 4_300
_DIGEST: Final = re.compile(r"[0-9A-Fa-f]{64}")
# What people paste from a QR scanner that drops the scheme; a code alone holds neither dot nor /.
_BARE_ADDRESS: Final = re.compile(r"[^\s/@?#]+\.[^\s/@?#]+/\S*")


async def verify_code(
    text: str,
    *,
    ledger: Ledger,
    clock: Clock,
    asked: Asked = "code",
    before: tuple[Check, ...] = (),
    on: date | None = None,
) -> Answer:
    """The status of the copy with this code, typed in any way. `before`: reasons already known;
    `on`: a past day to be spoken of too.
    """
    try:
        code = parse_code(text[:LONGEST_TEXT])
    except MalformedCode as fault:
        return verdicts.malformed_code(fault, asked=asked, checked_at=clock())

    async def ask() -> Answer:
        # The checkpoint first: what is not found afterwards was certainly not in it.
        checkpoint = await ledger.moment()
        if found := await ledger.copies.by_code(code):
            return verdicts.registered_code(
                found, code=code, asked=asked, checked_at=clock(), before=before, on=on
            )
        return verdicts.unknown(
            checkpoint, code=code, asked=asked, checked_at=clock(), before=before
        )

    return await unless_out(ask, ledger=ledger, code=code, asked=asked, clock=clock)


async def verify_digest(text: str, *, ledger: Ledger, clock: Clock) -> Answer:
    """The status of the copy whose PDF has this SHA-256 (64 hexadecimal digits)."""
    if not _DIGEST.fullmatch(text.strip()):
        return verdicts.malformed_file("digest", asked="digest", checked_at=clock())
    digest = bytes.fromhex(text.strip())

    async def ask() -> Answer:
        checkpoint = await ledger.moment()
        if found := await ledger.copies.by_digest(digest):
            return verdicts.registered_file(
                found, code=None, asked="digest", signatures=None, checked_at=clock()
            )
        return verdicts.unknown(checkpoint, code=None, asked="digest", checked_at=clock())

    return await unless_out(ask, ledger=ledger, code=None, asked="digest", clock=clock)


async def verify_text(
    text: str, *, ledger: Ledger, clock: Clock, portal_url: str, asked: Asked = "code"
) -> Answer:
    """What a QR code holds, or what someone pasted: our address, a code, a digest.

    A link to another portal is still answered, by us, with a warning about where it leads.
    """
    text = text[:LONGEST_TEXT].strip()
    if _DIGEST.fullmatch(text):
        return await verify_digest(text, ledger=ledger, clock=clock)
    link = _link(text)
    before: tuple[Check, ...] = ()
    if link is not None and link != _link(portal_url):
        before = (Check(name="address", outcome="warned", values={"host": link}),)
    # The fragment is the seal; its base64url could look like a code by accident.
    stem = text.partition("#")[0] if link is not None else text
    last = stem.rstrip("/").rpartition("/")[2] if link is not None else text
    candidate = next(iter(find_codes(stem)), last)
    return await verify_code(candidate, ledger=ledger, clock=clock, asked=asked, before=before)


async def unless_out(
    ask: Callable[[], Awaitable[Answer]],
    *,
    ledger: Ledger,
    code: str | None,
    asked: Asked,
    clock: Clock,
) -> Answer:
    """The answer, or `unavailable` when it is we who cannot give one."""
    outage: verdicts.Outage
    try:
        return ledger.attesting.attested(await ask())
    except (NotYetPublished, NothingPublished):
        outage = "unpublished"
    except RegistryUnavailable:
        outage = "registry"
    except ExaminersBusy:
        outage = "examiners"
    except ExaminersDown:
        _log.exception("no examiner could be started")
        outage = "examiners-down"
    except (UnprovenEntry, UnsignedCheckpoint, RegistryError):
        # The registry contradicts its own log. Nobody may rely on what it says until it is audited.
        _log.critical("registry contradicts its log", exc_info=True)
        outage = "unproven"
    return verdicts.unavailable(outage, code=code, asked=asked, checked_at=clock())


def _link(text: str) -> str | None:
    """Host and port of an address, lower case, its scheme written or not; None for other text."""
    if _BARE_ADDRESS.fullmatch(text):
        text = f"//{text}"
    try:
        return urlsplit(text).netloc.lower() or None
    except ValueError:
        return None
