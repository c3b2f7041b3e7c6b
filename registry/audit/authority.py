"""Every copy was certified, and every change decided, by somebody who had the right to then.

Asked of entries since the first unit was entered; before, there was nobody to ask. The database is
asked once for each pair of certificates and unit, not for each copy.
"""

from functools import cache

from registry.audit.report import MAX_FINDINGS, Findings
from registry.authority.certifying import certifying_mandate, certifying_periods
from registry.authority.deciding import deciding_mandate
from registry.authority.records import Records
from registry.authority.refusals import NotAuthorised, SealOfAnotherUnit, UnknownSeal
from registry.store.judging import Allowed, Judging, Signing, StrayCopy


async def judge_authority(judging: Judging, findings: Findings) -> None:
    """Name each copy and each change without authority, as far as there is authority data."""
    if not await judging.is_entered():
        return
    records = await judging.everything()
    await _judge_copies(judging, records, findings)
    await _judge_changes(judging, records, findings)


async def _judge_copies(judging: Judging, records: Records, findings: Findings) -> None:
    doubted, allowed = [], []
    for signing in await judging.signings():
        periods = _periods(records, signing)
        if not any(_within(signing, period) for period in periods):
            doubted.append(signing)
            allowed += periods
    if not doubted:
        return
    for copy in await judging.strays(doubted, allowed, MAX_FINDINGS):
        refusal = _refusal(records, copy)
        of_seal = isinstance(refusal, UnknownSeal | SealOfAnotherUnit)
        field = "seal_fingerprint" if of_seal else "signer_fingerprint"
        expected = f"the right to certify for unit {copy.unit_code}"
        findings.add("authority", f"entry {copy.entry_index}", field, expected, refusal)


async def _judge_changes(judging: Judging, records: Records, findings: Findings) -> None:
    @cache
    def known(unit_code: str, officer: str) -> Records:
        return records.about(unit_code, officers=(officer,))

    for unit_code, officer, day, indexes in await judging.decisions():
        if unit_code is None:
            continue  # no copy of this code was issued: named where its history is judged
        try:
            deciding_mandate(known(unit_code, officer), unit_code, day, officer)
        except NotAuthorised as refusal:
            for index in indexes:
                expected = f"the right to decide for unit {unit_code} on {day}"
                findings.add("authority", f"change {index}", "decided_by", expected, refusal)


def _periods(records: Records, signing: Signing) -> list[Allowed]:
    unit_code, signer, seal = signing.unit_code, signing.signer, signing.seal
    known = records.about(unit_code, fingerprints=(signer, seal))
    periods = certifying_periods(known, unit_code=unit_code, signer=signer, seal=seal)
    return [Allowed(unit_code, signer, seal, *period) for period in periods]


def _within(signing: Signing, period: Allowed) -> bool:
    return period.begins <= signing.first and (period.ends is None or signing.last < period.ends)


def _refusal(records: Records, copy: StrayCopy) -> NotAuthorised:
    unit_code, signer, seal = copy.unit_code, copy.signer, copy.seal
    known = records.about(unit_code, fingerprints=(signer, seal))
    try:
        certifying_mandate(
            known, unit_code=unit_code, signer=signer, seal=seal, at=copy.certified_at
        )
    except NotAuthorised as refusal:
        return refusal
    raise ValueError("the copy was certified with authority")
