"""The acts: an answer with everything about its copy, for a key or for the paper."""

import asyncio
import math
import time
from typing import Final

import msgspec

from registry.code import code_hash
from verify_portal.agency.disclosing import Disclosed
from verify_portal.agency.key import AgencyKey
from verify_portal.agency.paper import Paper, is_of
from verify_portal.agency.refusals import NotShown
from verify_portal.answer import Answer
from verify_portal.limiting.source import Source
from verify_portal.portal import Portal

#: Refusals are told at whole multiples of this after the question came, so that their time does not
#: tell whether the copy exists and how it was found. No lookup takes nearly as long.
REFUSING_SECONDS: Final = 0.25


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """`disclosed` is None where there is no such copy, or nothing is left of its facts."""

    answer: Answer
    disclosed: Disclosed | None = None


async def ask_by_key(portal: Portal, key: AgencyKey, code: str) -> Shown:
    """The public answer, and the facts. Raises KeyRefused, TooManyTries; RegistryUnavailable and
    kin where not even the key can be looked at.
    """
    portal.tries.use_key(key.presented.hex())
    answer = await portal.by_code(code)
    if answer.index is None or answer.code is None:
        await portal.disclosures.must_open(key, "facts")
        return Shown(answer=answer)
    disclosed = await portal.disclosures.facts_by_key(key, answer.code)
    return _shown(answer, disclosed)


async def ask_by_paper(portal: Portal, paper: Paper, code: str, client: Source) -> Shown:
    """The same for who holds the paper; `client` is whose tries are counted.

    Raises NotShown for whatever does not fit, always in the same way, and TooManyTries.
    """
    begun = time.monotonic()
    try:
        return await _by_paper(portal, paper, code, client)
    except NotShown:
        await asyncio.sleep(still_to_wait(time.monotonic() - begun))
        raise


def still_to_wait(passed: float) -> float:
    """The seconds until a refusal may be told, so many after the question came."""
    return math.ceil(passed / REFUSING_SECONDS) * REFUSING_SECONDS - passed


async def _by_paper(portal: Portal, paper: Paper, code: str, client: Source) -> Shown:
    answer = await portal.by_code(code)
    if answer.verdict == "unavailable":
        return Shown(answer=answer)
    means = paper.means
    if means is None or answer.code is None:
        raise NotShown
    if means == "name":
        portal.tries.try_name(code_hash(answer.code).hex(), client)
    found = await portal.ledger.copies.by_code(answer.code)
    if not is_of(paper, answer.code, found, portal.reader.seal_keys):
        raise NotShown
    return _shown(answer, await portal.disclosures.facts_by_paper(means, answer.code))


def _shown(answer: Answer, disclosed: Disclosed | None) -> Shown:
    if disclosed is None:  # erased, perhaps a moment ago
        answer = msgspec.structs.replace(answer, copy=None, facts_erased=True)
    return Shown(answer=answer, disclosed=disclosed)
