"""Bodies: canonical, reversible, free of personal data, and refused in any other form."""

import json
from datetime import UTC, date, datetime, timedelta, timezone

import msgspec
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from registry.entry import (
    LAST_MOMENT,
    ChangeKind,
    Closed,
    Entry,
    Issued,
    StatusChange,
    body,
    draft,
    instant_text,
    parse_entry,
)
from registry.errors import MalformedEntry

hashes = st.binary(min_size=32, max_size=32)
texts = st.text(
    st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"), max_size=40
)
words = texts.filter(lambda text: bool(text.strip()))
instants = st.datetimes(datetime(2000, 1, 1), datetime(9000, 1, 1), timezones=st.just(UTC))
issues = st.builds(
    Issued,
    code_hash=hashes,
    occurred_at=instants,
    pdf_digest=hashes,
    commitment=hashes,
    signer_fingerprint=hashes,
    seal_fingerprint=hashes,
    unit_code=words,
    book=words,
    number=st.integers(1, 2**31 - 1),
    certified_at=instants,
)
changes = st.builds(
    StatusChange,
    code_hash=hashes,
    occurred_at=instants,
    kind=st.sampled_from(["suspended", "reinstated", "revoked", "superseded", "erased"]),
    decision=words,
    decided_on=st.dates(date(1945, 9, 2), date(2000, 1, 1)),
    reason=texts,
)
successions = st.builds(
    lambda change, successor: msgspec.structs.replace(
        change, kind="superseded", successor=successor
    ),
    changes,
    hashes,
).filter(lambda change: change.successor != change.code_hash)
closings = st.builds(
    lambda numbers, void, **fields: Closed(numbers=numbers, void=min(numbers, void), **fields),
    numbers=st.integers(0, 2**31 - 1),
    void=st.integers(0, 2**31 - 1),
    occurred_at=instants,
    unit_code=words,
    year=st.just(2000),
    pdf_digest=hashes,
)
entries = issues | changes | successions | closings
ISSUED = Issued(
    code_hash=b"\x01" * 32,
    occurred_at=datetime(2026, 11, 22, 2, 15, 30, 5, tzinfo=UTC),
    pdf_digest=b"\x02" * 32,
    commitment=b"\x03" * 32,
    signer_fingerprint=b"\x04" * 32,
    seal_fingerprint=b"\x05" * 32,
    unit_code="00004",
    book="01/2026-SCTĐT/BS",
    number=123,
    certified_at=datetime(2026, 11, 22, 9, 15, tzinfo=timezone(timedelta(hours=7))),
)


def test_a_decision_is_not_from_the_future() -> None:
    # 17:00 UTC is midnight in Hanoi: the next day has begun there.
    change = StatusChange(
        code_hash=b"\x01" * 32,
        occurred_at=datetime(2026, 11, 22, 17, 0, tzinfo=UTC),
        kind="revoked",
        decision="12/QĐ-UBND",
        decided_on=date(2026, 11, 23),
    )
    assert parse_entry(body(change)) == change
    with pytest.raises(MalformedEntry, match="not dated after"):
        body(msgspec.structs.replace(change, decided_on=date(2026, 11, 24)))


@given(entries)
def test_a_body_is_canonical_and_gives_its_entry_back(entry: Entry) -> None:
    encoded = body(entry)
    assert encoded == rfc8785.dumps(json.loads(encoded))
    assert parse_entry(encoded) == entry


@given(entries, instants)
def test_a_draft_becomes_the_body_of_its_moment(entry: Entry, moment: datetime) -> None:
    entered, encoded = draft(entry).entered_at(moment, instant_text(moment).encode())
    assert entered == msgspec.structs.replace(entry, occurred_at=moment)
    assert encoded == body(entered)


def test_the_bytes_of_version_1_never_change() -> None:
    """Hashes of old entries depend on them."""
    assert body(ISSUED).decode() == (
        '{"book":"01/2026-SCTĐT/BS","certified_at":"2026-11-22T02:15:00.000000Z",'
        f'"code_hash":"{"01" * 32}","commitment":"{"03" * 32}","kind":"issued","number":123,'
        f'"occurred_at":"2026-11-22T02:15:30.000005Z","pdf_digest":"{"02" * 32}",'
        f'"seal_fingerprint":"{"05" * 32}","signer_fingerprint":"{"04" * 32}",'
        '"unit_code":"00004","version":1}'
    )
    change = StatusChange(
        code_hash=b"\x01" * 32,
        occurred_at=ISSUED.occurred_at,
        kind="revoked",
        decision="12/QĐ-UBND",
        decided_on=date(2026, 11, 22),
    )
    assert body(change).decode() == (
        f'{{"code_hash":"{"01" * 32}","decided_on":"2026-11-22","decision":"12/QĐ-UBND",'
        '"kind":"revoked","occurred_at":"2026-11-22T02:15:30.000005Z","reason":"","version":1}'
    )


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.replace('":', '": ', 1),
        lambda text: text.replace("issued", "isſued"),
        lambda text: text.replace('"version":1', '"version":2'),
        lambda text: text.replace('"number":123', '"number":123.0'),
        lambda text: text.replace('"number":123', '"number":0'),
        lambda text: text.replace("02" * 32, "02" * 31),
        lambda text: text.replace("02" * 32, "AB" * 32),
        lambda text: text.replace(".000005Z", ".000005+00:00"),
        lambda text: text.replace(".000005Z", "Z"),
        lambda text: text[:-1] + ',"holder_name":"Nguyễn Văn An"}',
        lambda text: text.replace(',"version":1', ""),
        lambda text: "",
        lambda text: "[]",
        lambda text: text + "\n",
    ],
)
def test_any_other_form_is_refused(spoil: object) -> None:
    text = spoil(body(ISSUED).decode())
    with pytest.raises(MalformedEntry):
        parse_entry(text.encode())


CLOSED = Closed(
    occurred_at=datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC),
    unit_code="00004",
    year=2026,
    numbers=12,
    void=2,
    pdf_digest=b"\x06" * 32,
)


@pytest.mark.parametrize(
    "change",
    [
        {"year": 2027},  # New Year has not come to Hanoi yet
        {"year": 1999},
        {"void": 13},
        {"void": -1},
        {"numbers": 2**31},
        {"pdf_digest": b"\x06" * 31},
        {"unit_code": ""},
    ],
)
def test_what_no_closing_may_say(change: dict[str, object]) -> None:
    assert parse_entry(body(CLOSED)) == CLOSED
    with pytest.raises(MalformedEntry):
        body(msgspec.structs.replace(CLOSED, **change))


@pytest.mark.parametrize(
    "moment",
    [
        "9999-12-31T17:00:00.000000Z",  # Hanoi's year 10000 has begun
        "9999-12-31T23:59:59.999999-01:00",
        "0001-01-01T00:00:00.000000+07:00",  # UTC's year 1 has not
    ],
)
def test_a_time_that_no_calendar_has_is_refused(moment: str) -> None:
    change = StatusChange(
        code_hash=b"\x01" * 32,
        occurred_at=LAST_MOMENT,
        kind="revoked",
        decision="12/QĐ-UBND",
        decided_on=date(9999, 12, 31),
    )
    for entry in (change, msgspec.structs.replace(ISSUED, occurred_at=LAST_MOMENT)):
        last = body(entry)
        assert parse_entry(last) == entry
        with pytest.raises(MalformedEntry):
            parse_entry(last.replace(b"9999-12-31T16:59:59.999999Z", moment.encode()))
    closed = body(CLOSED).replace(b"2026-12-31T16:59:59.000000Z", moment.encode())
    with pytest.raises(MalformedEntry):
        parse_entry(closed)


@pytest.mark.parametrize("name", ["more", "book"])
def test_what_is_nested_without_end_is_refused(name: str) -> None:
    with pytest.raises(MalformedEntry):
        parse_entry(f'{{"kind":"issued","{name}":{"[" * 60_000}'.encode())


@pytest.mark.parametrize(
    ("kind", "successor"),
    [("revoked", b"\x02" * 32), ("superseded", b"\x02" * 31), ("superseded", b"\x01" * 32)],
)
def test_only_who_is_superseded_has_a_successor_and_another(
    kind: ChangeKind, successor: bytes
) -> None:
    change = StatusChange(
        code_hash=b"\x01" * 32,
        occurred_at=ISSUED.occurred_at,
        kind=kind,
        decision="12/QĐ-UBND",
        decided_on=date(2026, 11, 22),
        successor=successor,
    )
    with pytest.raises(MalformedEntry):
        body(change)


def test_a_succession_without_a_successor_from_before_can_still_be_read() -> None:
    old = (
        f'{{"code_hash":"{"01" * 32}","decided_on":"2026-11-22","decision":"1","kind":"superseded",'
        '"occurred_at":"2026-11-22T02:15:30.000005Z","reason":"","version":1}'
    )
    entry = parse_entry(old.encode())
    assert isinstance(entry, StatusChange)
    assert entry.successor is None
    with pytest.raises(MalformedEntry):
        parse_entry(old.replace('"version"', '"successor":null,"version"').encode())


@pytest.mark.parametrize(
    "change",
    [
        {"code_hash": b"\x01" * 31},
        {"occurred_at": datetime(2026, 1, 1)},
        {"number": 0},
        {"number": 2**31},
        {"book": " "},
        {"unit_code": "0\x000"},
        {"book": "\ud800"},
        {"book": "x" * 70_000},
    ],
)
def test_what_no_log_may_hold_is_refused_before_it_is_written(change: dict[str, object]) -> None:
    with pytest.raises(MalformedEntry):
        body(msgspec.structs.replace(ISSUED, **change))
