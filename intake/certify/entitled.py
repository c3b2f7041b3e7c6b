"""Asks the registry's authority data whether an officer may certify, in the desk's words."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from intake.certify.errors import MayNotCertify
from registry.authorise import acting_officer, certifying_officer
from registry.authority.certifying import must_be_valid
from registry.authority.mandates import Mandate
from registry.authority.refusals import NotAuthorised
from registry.store import Store as Registry

if TYPE_CHECKING:
    from intake.certify.keys import CachedKeySigner  # the desk asks without opening keys


class Pair(NamedTuple):
    """The key pairs that make a copy: the officer's and the agency's."""

    officer: "CachedKeySigner"
    seal: "CachedKeySigner"


async def mandate_of(
    registry: Registry, officer_id: str, unit_code: str, at: datetime
) -> Mandate | None:
    """The officer's mandate to certify at that time, whatever he signs with; None as long as the
    registry has no authority data. Raises MayNotCertify.
    """
    with _told():
        return await acting_officer(registry, officer_id, unit_code=unit_code, act="certify", at=at)


async def must_sign_with(
    registry: Registry, officer_id: str, unit_code: str, pair: Pair, at: datetime
) -> None:
    """Raises MayNotCertify unless both certificates are valid and may make a copy of this unit."""
    with _told():
        for one in pair:
            must_be_valid(one.not_before, one.not_after, at)
    signer, seal = pair.officer.fingerprint, pair.seal.fingerprint
    await must_hold(registry, officer_id, unit_code, signer, seal, at)


async def must_hold(
    registry: Registry, officer_id: str, unit_code: str, signer: bytes, seal: bytes, at: datetime
) -> None:
    """As `must_sign_with`, of a copy that bears the signatures of these certificates already."""
    with _told():
        await certifying_officer(
            registry, officer_id, unit_code=unit_code, signer=signer, seal=seal, at=at
        )


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except NotAuthorised as refusal:
        blank = {"since": "", "unit": ""}
        raise MayNotCertify(why=refusal.code, **(blank | refusal.values)) from refusal
