"""One batch, many outcomes: each act is decided as if it had come alone, in its turn."""

from datetime import UTC, date, datetime

import msgspec
import pytest

from registry.batch import Act, Book, BookLine, ChangeRow, Responsible, change_of, issue_of, plan
from registry.certified_copy import Receipt
from registry.chain import GENESIS, Head, extend
from registry.entry import ChangeKind, Closed, Entry, StatusChange, body, parse_entry
from registry.errors import (
    BookClosed,
    DuplicateCopy,
    IllegalSuccessor,
    IllegalTransition,
    MalformedEntry,
    NumberVoid,
    RegistryError,
    UnknownCopy,
    UnknownReservation,
)
from tests.unit.registry.test_entry import ISSUED

NOW = datetime(2026, 12, 1, tzinfo=UTC)
LINES = {BookLine("00004", "01/2026-SCTĐT/BS", number): number == 9 for number in range(1, 200)}

RESPONSIBLE = Responsible("chairman", "clerk")
EMPTY = Book(stored=[], lines=LINES)


def issue(tag: int, **changed: object) -> Act:
    entry = msgspec.structs.replace(
        ISSUED, code_hash=bytes([tag]) * 32, pdf_digest=bytes([tag, 1]) * 16, number=tag
    )
    entry = msgspec.structs.replace(entry, **changed)
    return issue_of(entry, b"{}", b"\x11" * 32)


def change(
    tag: int, kind: ChangeKind = "revoked", decision: str = "12/QĐ-UBND", successor: int = 0
) -> Act:
    entry = StatusChange(
        code_hash=bytes([tag]) * 32,
        occurred_at=NOW,
        kind=kind,
        decision=decision,
        decided_on=date(2026, 11, 30),
        successor=bytes([successor]) * 32 if successor else None,
    )
    return change_of(entry, RESPONSIBLE)


def closing(year: int, numbers: int = 3) -> Act:
    entry = Closed(
        occurred_at=NOW,
        unit_code="00004",
        year=year,
        numbers=numbers,
        void=1,
        pdf_digest=bytes([year % 256, numbers]) * 16,
    )
    return change_of(entry, RESPONSIBLE)


def outcome_of(*acts: Act, stored: tuple[Entry, ...] = ()) -> list[object]:
    """Receipts as indexes, refusals as their classes."""
    links = extend(GENESIS, [body(entry) for entry in stored])
    head = Head(links[-1].index + 1, links[-1].entry_hash) if links else GENESIS
    outcomes = plan(head, Book(stored=links, lines=LINES), acts, NOW).outcomes
    return [
        outcome.index if isinstance(outcome, Receipt) else type(outcome) for outcome in outcomes
    ]


def test_a_refused_act_leaves_its_neighbours_alone() -> None:
    acts = [issue(1), change(77), issue(9), issue(200), issue(2)]
    assert outcome_of(*acts) == [0, UnknownCopy, NumberVoid, UnknownReservation, 1]


def test_rows_link_up_and_carry_the_time_of_their_turn() -> None:
    planned = plan(GENESIS, EMPTY, [issue(1), change(77), issue(2)], NOW)
    links = [link for link, _ in planned.rows]
    assert links == extend(GENESIS, [link.body for link in links])
    assert [parse_entry(link.body).occurred_at for link in links] == [NOW, NOW]
    assert [(copy.entry_index, copy.code_hash) for copy in planned.copies] == [
        (0, b"\x01" * 32),
        (1, b"\x02" * 32),
    ]


def test_a_retry_gets_the_first_receipt_also_within_a_batch() -> None:
    assert outcome_of(issue(1), issue(1)) == [0, 0]
    [again] = plan(
        Head(1, b"\x00" * 32),
        Book(stored=extend(GENESIS, [body(issue(1).entry)]), lines=LINES),
        [issue(1)],
        NOW,
    ).outcomes
    assert isinstance(again, Receipt)
    assert again.registered_at == ISSUED.occurred_at


def test_code_and_pdf_are_registered_once() -> None:
    other_pdf = issue(1, pdf_digest=b"\x55" * 32)
    other_code = issue(1, code_hash=b"\x66" * 32)
    assert outcome_of(issue(1), other_pdf, other_code) == [0, DuplicateCopy, DuplicateCopy]
    stored = issue(1).entry
    assert outcome_of(other_pdf, other_code, stored=(stored,)) == [DuplicateCopy, DuplicateCopy]


def test_changes_see_what_the_batch_did_before() -> None:
    again = change(1, decision="13/QĐ-UBND")
    acts = [issue(1), change(1), again, change(2), issue(2)]
    assert outcome_of(*acts) == [0, 1, IllegalTransition, UnknownCopy, 2]


def test_a_change_repeated_while_it_is_the_latest_gets_the_first_receipt() -> None:
    stop, go_on = change(1, "suspended"), change(1, "reinstated")
    assert outcome_of(issue(1), stop, stop, go_on, go_on, stop) == [0, 1, 1, 2, 2, 3]
    stored = (issue(1).entry, change(1).entry)
    assert outcome_of(change(1), change(1, "erased"), change(1), stored=stored) == [
        *(1, 2),
        IllegalTransition,
    ]


def test_only_a_copy_in_force_takes_anothers_place() -> None:
    acts = [issue(1), issue(2), issue(3), change(3)]
    first, back = change(1, "superseded", successor=2), change(2, "superseded", successor=1)
    assert outcome_of(*acts, first, back) == [0, 1, 2, 3, 4, IllegalSuccessor]
    for other in (3, 77):
        assert outcome_of(*acts, change(1, "superseded", successor=other))[-1] is IllegalSuccessor
    assert outcome_of(*acts, first, first, change(1, "superseded", successor=3)) == [
        *(0, 1, 2, 3, 4, 4),
        IllegalTransition,
    ]


def test_a_year_is_closed_once() -> None:
    acts = [closing(2025), closing(2025), closing(2025, 4), closing(2026), issue(1)]
    assert outcome_of(*acts) == [0, 0, BookClosed, 1, 2]
    assert outcome_of(*acts, stored=(closing(2025).entry,)) == [0, 0, BookClosed, 1, 2]
    print_as_copy = issue(1, pdf_digest=bytes([2025 % 256, 3]) * 16)
    assert outcome_of(closing(2025), print_as_copy) == [0, DuplicateCopy]


def test_every_entry_but_an_issue_has_its_officers_beside_it() -> None:
    planned = plan(GENESIS, EMPTY, [issue(1), change(1), closing(2025)], NOW)
    assert planned.changes == [ChangeRow(1, *RESPONSIBLE), ChangeRow(2, *RESPONSIBLE)]
    for nobody in (
        Responsible("", "clerk"),
        Responsible("chairman", " "),
        Responsible("a", "\x00"),
    ):
        with pytest.raises(MalformedEntry):
            change_of(closing(2025).entry, nobody)


def test_refusals_name_no_code() -> None:
    refusals = plan(GENESIS, EMPTY, [change(77), issue(9)], NOW).outcomes
    for refusal in refusals:
        assert isinstance(refusal, RegistryError)
        assert "77" not in str(refusal)
