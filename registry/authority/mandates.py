"""For which acts an officer stands for a unit at one instant, and how he signs (pure)."""

from datetime import datetime

import msgspec

from registry.authority.records import Act, Delegation, Position, Records, Unit
from registry.authority.refusals import (
    DelegationExpired,
    NotDelegated,
    OtherUnit,
    OutOfOffice,
    UnknownOfficer,
    UnknownUnit,
    local,
)


class Mandate(msgspec.Struct, frozen=True, kw_only=True):
    """Who acts for a unit. `title` has the printed lines, such as `KT. CHỦ TỊCH` above `PHÓ CHỦ
    TỊCH`; `instrument` is None for the chairman himself.
    """

    officer: str
    full_name: str
    unit_code: str
    unit_name: str
    title: str
    instrument: str | None = None


def mandate_of(
    records: Records, *, officer: str, unit_code: str, act: Act, at: datetime
) -> Mandate:
    """The officer's mandate for this act then; raises a NotAuthorised that says what is missing."""
    unit = unit_at(records, unit_code, at)
    full_name = _name_of(records, officer)
    position = _position_of(records, officer, unit_code, at)
    if position.office == "chairman":
        title, instrument = position.title, None
    else:
        delegation, chairman = _delegation_to(records, position, act, at)
        title = f"{delegation.prefix} {chairman.title}\n{position.title}"
        instrument = delegation.instrument
    return Mandate(
        officer=officer,
        full_name=full_name,
        unit_code=unit_code,
        unit_name=unit.name,
        title=title,
        instrument=instrument,
    )


def unit_at(records: Records, code: str, at: datetime) -> Unit:
    """The unit under the name it had then; raises UnknownUnit."""
    found = [unit for unit in records.units if unit.code == code and unit.term.covers(at)]
    if not found:
        raise UnknownUnit(f"there was no unit {code} then", unit=code)
    return found[-1]


def chairman_at(records: Records, unit_code: str, at: datetime) -> Position | None:
    """Who held the unit's first office then."""
    held = (
        position
        for position in records.positions
        if position.office == "chairman"
        and position.unit_code == unit_code
        and position.term.covers(at)
    )
    return next(held, None)


def _name_of(records: Records, officer: str) -> str:
    names = [one.full_name for one in records.officers if one.officer == officer]
    if not names:
        raise UnknownOfficer(f"no officer {officer} is entered")
    return names[-1]


def _position_of(records: Records, officer: str, unit_code: str, at: datetime) -> Position:
    """The office held in the unit, the first one where it is the chairman's."""
    held = [one for one in records.positions if one.officer == officer and one.term.covers(at)]
    here = [one for one in held if one.unit_code == unit_code]
    if here:
        return min(here, key=lambda one: one.office != "chairman")
    if held:
        raise OtherUnit(f"{officer} holds no office in unit {unit_code}", unit=unit_code)
    raise OutOfOffice(f"{officer} held no office then", unit=unit_code)


def _delegation_to(
    records: Records, position: Position, act: Act, at: datetime
) -> tuple[Delegation, Position]:
    """The latest delegation in force for the act, with the chairman's office it comes from."""
    given_by = {
        one.id: one
        for one in records.positions
        if one.office == "chairman" and one.unit_code == position.unit_code
    }
    given = [
        one
        for one in records.delegations
        if one.officer == position.officer and one.position in given_by and act in one.scope
    ]
    in_force = [
        one for one in given if one.term.covers(at) and given_by[one.position].term.covers(at)
    ]
    if in_force:
        return in_force[-1], given_by[in_force[-1].position]
    ends = [
        min(end for end in (one.term.ends, given_by[one.position].term.ends) if end is not None)
        for one in given
        if one.term.over(at) or given_by[one.position].term.over(at)
    ]
    if ends:
        last = local(max(ends))
        raise DelegationExpired(f"the delegation to {act} ended on {last}", since=last)
    raise NotDelegated(f"{position.officer} is not delegated to {act}", act=act)
