"""The 126 units of Hanoi since 1/7/2025, from the list that `vietnam-provinces` carries."""

from collections.abc import Iterable
from datetime import date
from functools import cache

import msgspec
from vietnam_provinces import VietNamDivisionType, Ward
from vietnam_provinces.codes import ProvinceCode

from registry.authority.records import Kind, hanoi_midnight
from registry.store import Store

#: Since then the city has these units and no districts.
FOUNDED = hanoi_midnight(date(2025, 7, 1))
_KINDS: dict[VietNamDivisionType, Kind] = {
    VietNamDivisionType.PHUONG: "ward",
    VietNamDivisionType.XA: "commune",
}


class CityUnit(msgspec.Struct, frozen=True, kw_only=True):
    """A unit under its official five-digit code, named as its committee."""

    code: str
    name: str
    kind: Kind


@cache
def hanoi_units() -> dict[str, CityUnit]:
    """All of them, by code."""
    units = [
        CityUnit(
            code=f"{int(ward.code):05d}",
            name=f"Ủy ban nhân dân {ward.name[0].lower()}{ward.name[1:]}",
            kind=_KINDS[ward.division_type],
        )
        for ward in Ward.iter_by_province(ProvinceCode.P_01)
    ]
    return {unit.code: unit for unit in sorted(units, key=lambda unit: unit.code)}


async def enter_units(store: Store, units: Iterable[CityUnit], *, by: str) -> int:
    """Enter those that are missing, all or none; returns how many were. Needs `registry_admin`."""
    async with store.authority() as authority:
        known = {unit.code for unit in (await authority.everything()).units}
    missing = [unit for unit in units if unit.code not in known]
    async with store.entering() as entering:
        entered = [
            await entering.unit(
                unit.code, name=unit.name, kind=unit.kind, valid_from=FOUNDED, by=by
            )
            for unit in missing
        ]
    return sum(one.new for one in entered)
