"""Who may sign in the demo: its chairman, the delegation to his deputy, their certificates."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import msgspec

from bansao.entered_certificates import enter_certificate, fingerprint_of
from bansao.hanoi import FOUNDED
from bansao.pki import signer_certificate
from registry.authority.records import Office, Prefix, hanoi_midnight
from registry.store import Store
from registry.store.entering import Entering

# NĐ 280/2025 is in force from then on: who is authorised or assigned may certify.
_DELEGATED = date(2025, 11, 1)
_PREFIXES: dict[Office, Prefix] = {"deputy": "KT.", "staff": "TUQ."}


class Seat(msgspec.Struct, frozen=True, kw_only=True):
    """An office and who holds it; the key pair is `officer_<officer>`."""

    officer: str
    full_name: str
    office: Office
    title: str


async def enrol_authority(
    store: Store, secrets: Path, unit_code: str, seats: Sequence[Seat], *, by: str
) -> None:
    """Seat them in a known unit, the chairman first, unless anybody was seated there before; then
    enter the certificates in `secrets`, which may be new. Needs `registry_admin`.
    """
    async with store.authority() as authority:
        seated = bool((await authority.about(unit_code)).positions)
    async with store.entering() as entering:
        if not seated:
            await _seat(entering, unit_code, seats, by)
        for seat in seats:
            own = signer_certificate(secrets, f"officer_{seat.officer}")
            await enter_certificate(entering, own, officer=seat.officer, by=by)
        seal = signer_certificate(secrets, "seal")
        await enter_certificate(entering, seal, officer=None, by=by)
        await entering.seal(fingerprint_of(seal), unit_code=unit_code, image_digest=None, by=by)


async def _seat(entering: Entering, unit_code: str, seats: Sequence[Seat], by: str) -> None:
    """Offices of all, and a delegation to certify and to decide from the first to the others."""
    offices = []
    for seat in seats:
        await entering.officer(seat.officer, full_name=seat.full_name, by=by)
        office = await entering.position(
            seat.officer,
            unit_code=unit_code,
            office=seat.office,
            title=seat.title,
            valid_from=FOUNDED,
            by=by,
        )
        offices.append(office.id)
    for seat in seats[1:]:
        await entering.delegation(
            seat.officer,
            position=offices[0],
            instrument="12/QĐ-UBND",
            dated=_DELEGATED,
            scope=("certify", "decide"),
            prefix=_PREFIXES[seat.office],
            valid_from=hanoi_midnight(_DELEGATED),
            by=by,
        )
