"""What the card's sources say together, and where they contradict each other (pure)."""

from datetime import date

import msgspec

from intake.flag import Flag, Severity
from intake.identity.card_term import card_end
from intake.identity.id_card import IdCard, Source
from intake.identity.mrz import Mrz
from intake.identity.name import plain
from intake.identity.personal_id import parse_personal_id

# The zone's name line is cut after 30 characters, two of which part surname and given names.
CUT_NAME = 28


def join_sources(code: IdCard | None, zone: Mrz | None) -> IdCard | None:
    """One card out of what its QR code and its zone say; the code knows more and goes first.

    The zone alone makes a card only when its check digits vouch for number and birth date.
    """
    if code is None:
        return None if zone is None else _card_of_zone(zone)
    sources: tuple[Source, ...] = ("qr",) if zone is None else ("qr", "mrz")
    return msgspec.structs.replace(code, expires_on=_end(code, zone), sources=sources)


def card_flags(code: IdCard | None, zone: Mrz | None, today: date) -> list[Flag]:
    """Every remark on number, dates, check digits, and on code and zone against each other."""
    flags = []
    if zone is not None:
        flags += [
            _flag("flag-card-check-digit", "warn", part, {"part": part})
            for part in zone.wrong_checks
        ]
        if zone.document_number != zone.number[-9:]:
            flags.append(_flag("flag-card-document-number", "alarm", "document_number"))
    if code is not None and zone is not None:
        flags += [
            _flag("flag-card-sources-differ", "alarm", part, {"part": part})
            for part in _differing(code, zone)
        ]
    card = join_sources(code, zone)
    return flags if card is None else flags + _fact_flags(card, today)


def _differing(code: IdCard, zone: Mrz) -> list[str]:
    full_name = plain(code.full_name)
    cut = len(zone.name) >= CUT_NAME and full_name.startswith(zone.name)
    agreements = {
        "number": code.number == zone.number,
        "full_name": full_name == zone.name or cut,
        "born_on": code.born_on == zone.born_on,
        "sex": code.sex == zone.sex,
    }
    return [part for part, agree in agreements.items() if not agree]


def _fact_flags(card: IdCard, today: date) -> list[Flag]:
    flags = []
    number = parse_personal_id(card.number)
    if number is not None:
        if not number.agrees_with_birth(card.born_on):
            flags.append(_flag("flag-card-number-birth-year", "alarm", "number"))
        if number.sex != card.sex:
            flags.append(_flag("flag-card-number-sex", "alarm", "number"))
        if not number.place_is_known:
            flags.append(_flag("flag-card-number-place", "warn", "number"))
    if card.born_on > today:
        flags.append(_flag("flag-card-born-later", "alarm", "born_on"))
    if card.issued_on is not None and not card.born_on <= card.issued_on <= today:
        flags.append(_flag("flag-card-issue-date", "alarm", "issued_on"))
    if card.expires_on is not None and card.expires_on < today:
        values = {"date": f"{card.expires_on:%d/%m/%Y}"}
        flags.append(_flag("flag-card-expired", "alarm", "expires_on", values))
    return flags


def _card_of_zone(zone: Mrz) -> IdCard | None:
    if {"number", "born_on"} & set(zone.wrong_checks) or zone.born_on is None or zone.sex is None:
        return None
    return IdCard(
        number=zone.number,
        full_name=zone.name,
        born_on=zone.born_on,
        sex=zone.sex,
        expires_on=None if "expires_on" in zone.wrong_checks else zone.expires_on,
        sources=("mrz",),
    )


def _end(code: IdCard, zone: Mrz | None) -> date | None:
    """The zone's date when it was read well; else what the law says for the dates in the code."""
    if zone is not None and _end_is_read(zone):
        return zone.expires_on
    return None if code.issued_on is None else card_end(code.born_on, code.issued_on)


def _end_is_read(zone: Mrz) -> bool:
    told = zone.endless or zone.expires_on is not None
    return told and "expires_on" not in zone.wrong_checks


def _flag(code: str, severity: Severity, about: str, values: dict[str, str] | None = None) -> Flag:
    return Flag(code=code, severity=severity, about=about, values=values or {})
