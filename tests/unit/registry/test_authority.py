"""Who may certify and decide, over histories made by hand and at random."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.authority.certifying import (
    certifying_mandate,
    certifying_periods,
    must_be_valid,
)
from registry.authority.deciding import chairman_on, deciding_mandate
from registry.authority.mandates import mandate_of
from registry.authority.records import (
    Act,
    Certificate,
    Delegation,
    Office,
    Officer,
    Position,
    Records,
    Term,
    Unit,
    hanoi_midnight,
)
from registry.authority.refusals import (
    CertificateExpired,
    CertificateRevoked,
    DelegationExpired,
    NoChairman,
    NotAuthorised,
    NotDelegated,
    OtherUnit,
    OutOfOffice,
    SealOfAnotherUnit,
    UnknownCertificate,
    UnknownOfficer,
    UnknownSeal,
    UnknownUnit,
)


def day(month: int, number: int = 1) -> datetime:
    return hanoi_midnight(date(2026, month, number))


def unit(code: str, name: str = "UBND", begins: datetime | None = None, id_: int = 1) -> Unit:
    return Unit(id=id_, code=code, name=name, kind="ward", term=Term(begins or day(1)))


def position(id_: int, officer: str, office: Office, term: Term, unit_code: str = "A") -> Position:
    title = {"chairman": "CHỦ TỊCH", "deputy": "PHÓ CHỦ TỊCH", "staff": "CÔNG CHỨC"}[office]
    return Position(
        id=id_, officer=officer, unit_code=unit_code, office=office, title=title, term=term
    )


def delegation(
    id_: int, officer: str, term: Term, scope: set[Act] | None = None, position: int = 1
) -> Delegation:
    return Delegation(
        id=id_,
        position=position,
        officer=officer,
        instrument=f"{id_}/QĐ-UBND",
        dated=date(2026, 1, 1),
        scope=frozenset(scope or {"certify"}),
        prefix="KT.",
        term=term,
    )


# An chairs A until July, then Dung; Binh is An's deputy and certifies from February to May, by
# another instrument again in June; Chi is of unit B. An's certificate runs out in October, Binh's
# first one was revoked in April.
AN, BINH, BINH2, CHI, SEAL, SEAL_B = (bytes([number]) * 32 for number in range(1, 7))
YEAR = Term(day(1), day(12))
HISTORY = Records(
    units=(unit("A", "Cũ"), unit("B"), unit("A", "Mới", day(6), 3)),
    officers=tuple(
        Officer(id=number, officer=officer, full_name=name)
        for number, (officer, name) in enumerate(
            (
                ("an", "Lê Ân"),
                ("binh", "Vũ Bình"),
                ("chi", "Hồ Chi"),
                ("dung", "Đỗ Dũng"),
                ("an", "Lê An"),
            )
        )
    ),
    positions=(
        position(1, "an", "chairman", Term(day(1), None, day(7))),
        position(2, "binh", "deputy", Term(day(1))),
        position(3, "chi", "chairman", Term(day(1)), "B"),
        position(4, "dung", "chairman", Term(day(7))),
        position(5, "dung", "staff", Term(day(1), day(3))),
    ),
    delegations=(
        delegation(1, "binh", Term(day(2), day(5)), {"certify", "decide"}),
        delegation(2, "binh", Term(day(6))),
    ),
    certificates=(
        Certificate(fingerprint=AN, officer="an", unit_code=None, term=Term(day(1), day(10))),
        Certificate(
            fingerprint=BINH, officer="binh", unit_code=None, term=Term(day(1), day(12), day(4))
        ),
        Certificate(fingerprint=BINH2, officer="binh", unit_code=None, term=Term(day(4), day(12))),
        Certificate(fingerprint=CHI, officer="chi", unit_code=None, term=YEAR),
        Certificate(fingerprint=SEAL, officer=None, unit_code="A", term=YEAR),
        Certificate(fingerprint=SEAL_B, officer=None, unit_code="B", term=YEAR),
    ),
)


@pytest.mark.parametrize(
    ("signer", "at", "title", "instrument"),
    [
        (AN, day(1), "CHỦ TỊCH", None),
        (AN, day(7) - timedelta(microseconds=1), "CHỦ TỊCH", None),
        (BINH, day(2), "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH", "1/QĐ-UBND"),
        (BINH2, day(6), "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH", "2/QĐ-UBND"),
    ],
)
def test_who_may_certify_signs_in_the_words_of_the_mandate(
    signer: bytes, at: datetime, title: str, instrument: str | None
) -> None:
    mandate = certifying_mandate(HISTORY, unit_code="A", signer=signer, seal=SEAL, at=at)
    assert (mandate.title, mandate.instrument) == (title, instrument)
    assert mandate.unit_name == ("Cũ" if at < day(6) else "Mới")
    assert mandate.full_name in {"Lê An", "Vũ Bình"}


@pytest.mark.parametrize(
    ("refusal", "unit_code", "signer", "seal", "at"),
    [
        (UnknownUnit, "C", AN, SEAL, day(3)),
        (UnknownUnit, "A", AN, SEAL, day(1) - timedelta(microseconds=1)),
        (UnknownCertificate, "A", bytes(32), SEAL, day(3)),
        (UnknownCertificate, "A", SEAL, SEAL, day(3)),
        (UnknownSeal, "A", AN, bytes(32), day(3)),
        (UnknownSeal, "A", AN, BINH, day(3)),
        (SealOfAnotherUnit, "A", AN, SEAL_B, day(3)),
        (OtherUnit, "A", CHI, SEAL, day(3)),
        (OutOfOffice, "A", AN, SEAL, day(7)),
        (NotDelegated, "A", BINH, SEAL, day(1, 31)),
        (DelegationExpired, "A", BINH2, SEAL, day(5)),
        (DelegationExpired, "A", BINH2, SEAL, day(7)),
        (CertificateRevoked, "A", BINH, SEAL, day(4)),
        (CertificateExpired, "A", BINH2, SEAL, day(3)),
    ],
)
def test_who_may_not_certify_is_told_why(
    refusal: type[NotAuthorised], unit_code: str, signer: bytes, seal: bytes, at: datetime
) -> None:
    with pytest.raises(refusal) as refused:
        certifying_mandate(HISTORY, unit_code=unit_code, signer=signer, seal=seal, at=at)
    assert type(refused.value) is refusal


def test_an_expired_certificate_is_told_from_a_revoked_one() -> None:
    stays = (position(1, "an", "chairman", Term(day(1))),)
    records = msgspec.structs.replace(HISTORY, positions=stays)
    with pytest.raises(CertificateExpired, match="01/10/2026"):
        certifying_mandate(records, unit_code="A", signer=AN, seal=SEAL, at=day(10))
    with pytest.raises(CertificateExpired):
        must_be_valid(day(1), day(2), day(2) + timedelta(seconds=1))
    with pytest.raises(CertificateExpired):
        must_be_valid(day(1), day(2), day(1) - timedelta(seconds=1))
    must_be_valid(day(1), day(2), day(2))


def test_what_a_name_was_put_right_to_counts_for_the_past_too() -> None:
    mandate = mandate_of(HISTORY, officer="an", unit_code="A", act="certify", at=day(2))
    assert mandate.full_name == "Lê An"
    with pytest.raises(UnknownOfficer):
        mandate_of(HISTORY, officer="nobody", unit_code="A", act="certify", at=day(2))


@pytest.mark.parametrize(
    ("on", "by", "expected"),
    [
        (date(2026, 3, 1), None, "an"),
        (date(2026, 6, 30), None, "an"),
        (date(2026, 7, 1), None, "dung"),
        (date(2026, 3, 1), "binh", "binh"),
        (date(2026, 1, 31), "binh", NotDelegated),
        (date(2026, 4, 30), "binh", "binh"),
        (date(2026, 5, 1), "binh", DelegationExpired),
        (date(2026, 6, 15), "binh", DelegationExpired),
        (date(2026, 7, 1), "an", OutOfOffice),
        (date(2026, 3, 1), "chi", OtherUnit),
        (date(2025, 12, 31), None, NoChairman),
    ],
)
def test_who_decides_on_a_day(on: date, by: str | None, expected: str | type[Exception]) -> None:
    if isinstance(expected, str):
        assert deciding_mandate(HISTORY, "A", on, by).officer == expected
    else:
        with pytest.raises(expected):
            deciding_mandate(HISTORY, "A", on, by)


def test_an_office_held_for_part_of_a_day_serves_that_day() -> None:
    noon = datetime(2026, 3, 1, 5, tzinfo=UTC)
    records = Records(
        units=(unit("A"),),
        officers=HISTORY.officers,
        positions=(
            position(1, "an", "chairman", Term(day(1), None, noon)),
            position(2, "dung", "chairman", Term(noon)),
        ),
    )
    assert chairman_on(records, "A", date(2026, 3, 1)).officer == "dung"
    assert deciding_mandate(records, "A", date(2026, 3, 1), "an").officer == "an"
    with pytest.raises(OutOfOffice):
        deciding_mandate(records, "A", date(2026, 3, 2), "an")
    with pytest.raises(OutOfOffice):
        deciding_mandate(records, "A", date(2026, 2, 28), "dung")


# Histories at random: days of one year, two officers, two units, and the same times again and
# again, so that bounds meet.
INSTANTS = st.integers(0, 12).map(lambda number: day(1) + timedelta(days=number))
OFFICERS = st.sampled_from(["an", "binh"])
CODES = st.sampled_from(["A", "B"])


@st.composite
def terms(draw: st.DrawFn) -> Term:
    begins = draw(st.integers(0, 11))
    until = draw(st.none() | st.integers(begins + 1, 12))
    ended = draw(st.none() | st.integers(begins, 12))
    planned, came = (
        None if end is None else day(1) + timedelta(days=end) for end in (until, ended)
    )
    return Term(day(1) + timedelta(days=begins), planned, came)


@st.composite
def histories(draw: st.DrawFn) -> Records:
    offices = st.sampled_from(["chairman", "deputy", "staff"])
    positions = tuple(
        position(number, draw(OFFICERS), draw(offices), draw(terms()), draw(CODES))
        for number in range(draw(st.integers(0, 3)))
    )
    return Records(
        units=tuple(
            Unit(id=number, code=code, name=code, kind="ward", term=draw(terms()))
            for number, code in enumerate("ABA")
        ),
        officers=tuple(
            Officer(id=number, officer=name, full_name=name)
            for number, name in enumerate(("an", "binh"))
        ),
        positions=positions,
        delegations=tuple(
            delegation(
                number,
                draw(OFFICERS),
                draw(terms()),
                draw(st.sets(st.sampled_from(["certify", "decide"]), min_size=1)),
                draw(st.integers(0, 3)),
            )
            for number in range(draw(st.integers(0, 3)))
        ),
        certificates=(
            Certificate(fingerprint=AN, officer="an", unit_code=None, term=draw(terms())),
            Certificate(fingerprint=BINH, officer="binh", unit_code=None, term=draw(terms())),
            Certificate(fingerprint=SEAL, officer=None, unit_code="A", term=draw(terms())),
        ),
    )


def may(records: Records, officer: str, unit_code: str, act: Act, at: datetime) -> bool:
    """The rule once more, as one would tell it: a chairman may; others by a chairman's word."""
    offices = [
        one for one in records.positions if one.unit_code == unit_code and one.term.covers(at)
    ]
    own = [one.office for one in offices if one.officer == officer]
    chairs = {one.id for one in offices if one.office == "chairman"}
    given = any(
        one.officer == officer and act in one.scope and one.position in chairs
        for one in records.delegations
        if one.term.covers(at)
    )
    exists = any(one.code == unit_code and one.term.covers(at) for one in records.units)
    return exists and ("chairman" in own or (bool(own) and given))


@given(histories(), OFFICERS, CODES, st.sampled_from(["certify", "decide"]), INSTANTS)
def test_a_mandate_is_given_to_whom_it_belongs(
    records: Records, officer: str, unit_code: str, act: Act, at: datetime
) -> None:
    try:
        mandate = mandate_of(records, officer=officer, unit_code=unit_code, act=act, at=at)
    except NotAuthorised:
        assert not may(records, officer, unit_code, act, at)
    else:
        assert may(records, officer, unit_code, act, at)
        assert (mandate.officer, mandate.unit_code) == (officer, unit_code)
        assert (mandate.instrument is None) == (mandate.title == "CHỦ TỊCH")


@given(histories(), st.sampled_from([AN, BINH]), INSTANTS, st.sampled_from([-1, 0, 1]))
def test_periods_say_the_same_as_the_rule_at_each_instant(
    records: Records, signer: bytes, at: datetime, shift: int
) -> None:
    at += timedelta(microseconds=shift)
    asked = {"unit_code": "A", "signer": signer, "seal": SEAL}
    periods = list(certifying_periods(records, **asked))
    inside = any(begins <= at and (ends is None or at < ends) for begins, ends in periods)
    for known in (records, records.about("A", fingerprints=(signer, SEAL))):
        try:
            certifying_mandate(known, **asked, at=at)
        except NotAuthorised:
            assert not inside
        else:
            assert inside
    for (_, ends), (begins, _) in pairwise(periods):
        assert ends is not None
        assert ends < begins


@given(histories(), CODES, st.integers(0, 13))
def test_who_is_named_for_a_day_held_the_office_that_day(
    records: Records, unit_code: str, number: int
) -> None:
    on = date(2026, 1, 1) + timedelta(days=number)
    try:
        chairman = chairman_on(records, unit_code, on)
    except NoChairman:
        assert not any(
            one.office == "chairman"
            and one.unit_code == unit_code
            and one.term.covers(hanoi_midnight(on))
            for one in records.positions
        )
    else:
        assert chairman.term.covers(hanoi_midnight(on))
        assert chairman.unit_code == unit_code
