"""What was asked, before the registry is. Pure; the same for one question and for a thousand."""

import re
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct

from registry.code import find_codes, is_ambiguous, parse_code
from registry.errors import MalformedCode
from registry.seal_keys import SealKeys
from verify_portal.answer import Asked, Check
from verify_portal.file.claimed import claimed
from verify_portal.scan.seal_check import SealRead, read_seal
from verify_portal.verdicts import FileFault

#: A QR code holds fewer than 4,300 characters (ISO/IEC 18004, version 40-L, alphanumeric).
LONGEST_TEXT: Final = 4_300
NO_KEYS: Final = SealKeys()
#: Its end says whose it is; the words have no room for more than a few thousand characters.
_LONGEST_HOST: Final = 100
_DIGEST: Final = re.compile(r"[0-9A-Fa-f]{64}")
# Browsers take any slashes behind these, or none, for two (WHATWG URL Standard, 4.4).
_WEB: Final = re.compile(r"https?:[/\\]*", re.IGNORECASE)
#: Which browsers pass over, wherever they stand.
_UNSEEN: Final = dict.fromkeys(range(0x20))


class CodeQuestion(Struct, frozen=True, kw_only=True, gc=False):
    """About a well-formed code, in its printed form. `before` are reasons already known, `seal` is
    what came with the code in a QR.
    """

    code: str
    asked: Asked = "code"
    before: tuple[Check, ...] = ()
    seal: SealRead | None = None


class DigestQuestion(Struct, frozen=True, kw_only=True):
    """About the file with this SHA-256."""

    pdf_digest: bytes


class NoQuestion(Struct, frozen=True, kw_only=True):
    """Nothing that the registry could be asked."""

    fault: MalformedCode | FileFault
    asked: Asked


Question = CodeQuestion | DigestQuestion | NoQuestion


def code_question(
    text: str,
    *,
    asked: Asked = "code",
    before: tuple[Check, ...] = (),
    seal: SealRead | None = None,
) -> Question:
    """A code, typed in any way."""
    try:
        code = parse_code(text[:LONGEST_TEXT])
    except MalformedCode as fault:
        return NoQuestion(fault=fault, asked=asked)
    return CodeQuestion(code=code, asked=asked, before=before, seal=seal)


def digest_question(text: str) -> Question:
    """A SHA-256 in 64 hexadecimal digits."""
    if not _DIGEST.fullmatch(text.strip()):
        return NoQuestion(fault="digest", asked="digest")
    return DigestQuestion(pdf_digest=bytes.fromhex(text.strip()))


def text_question(
    text: str, *, portal_url: str, asked: Asked = "code", seal_keys: SealKeys = NO_KEYS
) -> Question:
    """What a QR code holds, or what someone pasted: our address with or without a seal, a code, a
    digest.

    A link to another portal is still answered, by us, with a warning about where it leads. Without
    `seal_keys` a seal is not checked, and the answer says so.
    """
    text = text[:LONGEST_TEXT].strip()
    if _DIGEST.fullmatch(text):
        return digest_question(text)
    link = _link(text)
    before: tuple[Check, ...] = ()
    if link is not None and link != _link(portal_url):
        host = claimed(link[-_LONGEST_HOST:])
        before = (Check(name="address", outcome="warned", values={"host": host}),)
    # The fragment is the seal; its base64url could look like a code by accident.
    stem = text.partition("#")[0] if link is not None else text
    last = stem.rstrip("/").rpartition("/")[2] if link is not None else text
    if is_ambiguous(stem):
        return NoQuestion(fault=MalformedCode("ambiguous"), asked=asked)
    candidate = next(iter(find_codes(stem)), last)
    seal = read_seal(text, seal_keys) if link is not None else None
    return code_question(candidate, asked=asked, before=before, seal=seal)


def _link(text: str) -> str | None:
    """Host and port of the address where a browser would go, lower case, its scheme written or not;
    with a scheme that is not the web's before them. None for other text.
    """
    address = text.translate(_UNSEEN)
    if web := _WEB.match(address):
        address = f"//{address[web.end() :]}"
    elif _is_bare_address(text):
        address = f"//{text}"
    try:
        parts = urlsplit(address)
    except ValueError:  # browsers may know a host in it nevertheless
        return address.strip("/").partition("/")[0].lower()
    other = f"{parts.scheme}://" if parts.scheme else ""
    return f"{other}{parts.netloc}".lower() if parts.netloc else None


def _is_bare_address(text: str) -> bool:
    """What people paste from a QR scanner that drops the scheme; a code alone holds neither dot nor
    slash.
    """
    host, slash, _ = text.partition("/")
    one_word = not any(map(str.isspace, text))
    return one_word and bool(slash) and "." in host.strip(".") and not {"?", "#"} & set(host)
