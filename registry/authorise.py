"""Asks the authority data of a database: may they certify, may they decide.

As long as no unit was ever entered there is nothing to ask, as in a registry that is older than its
authority data; from the first unit on, everything is asked. Units are never taken away again.
"""

from datetime import date, datetime

from registry.authority.certifying import certifying_mandate
from registry.authority.deciding import deciding_mandate
from registry.authority.mandates import Mandate, mandate_of
from registry.authority.records import Act
from registry.authority.refusals import CertificateOfAnother, NoChairman
from registry.store import Store


async def deciding_officer(
    store: Store, unit_code: str, day: date, by: str | None = None
) -> Mandate:
    """Officer `by` if he may decide for the unit on that day of Hanoi; when nobody is named, the
    chairman in office then. `officer` of the mandate is whom `registry.change` names.

    Any role of the registry serves. Raises a NotAuthorised that says why.
    """
    async with store.authority() as authority:
        if by is not None and not await authority.is_entered():
            return _unasked(by, unit_code)
        records = await authority.about(unit_code, officers=[by] if by else [])
    if by is None and not records.units:
        raise NoChairman(f"name who decided: unit {unit_code} is not entered", unit=unit_code)
    return deciding_mandate(records, unit_code, day, by)


async def acting_officer(
    store: Store, officer: str, *, unit_code: str, act: Act, at: datetime
) -> Mandate | None:
    """The officer's mandate at one instant, whatever he signs with; None where nothing is asked.

    Raises a NotAuthorised.
    """
    async with store.authority() as authority:
        if not await authority.is_entered():
            return None
        records = await authority.about(unit_code, officers=[officer])
    return mandate_of(records, officer=officer, unit_code=unit_code, act=act, at=at)


async def certifying_officer(
    store: Store, officer: str, *, unit_code: str, signer: bytes, seal: bytes, at: datetime
) -> Mandate | None:
    """The officer's mandate to certify with these two certificates; None where nothing is asked.

    Raises a NotAuthorised.
    """
    async with store.authority() as authority:
        if not await authority.is_entered():
            return None
        records = await authority.about(unit_code, officers=[officer], fingerprints=[signer, seal])
    mandate = certifying_mandate(records, unit_code=unit_code, signer=signer, seal=seal, at=at)
    if mandate.officer != officer:
        raise CertificateOfAnother(f"the certificate is not {officer}'s")
    return mandate


def _unasked(officer: str, unit_code: str) -> Mandate:
    return Mandate(officer=officer, full_name="", unit_code=unit_code, unit_name="", title="")
