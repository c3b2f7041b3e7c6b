"""A stranger's audit of statuses: what it names, and that no history keeps it busy for long."""

import time
from datetime import UTC, date, datetime

import numpy as np

from registry.audit.file_codes import NONE, Issues, judge_changes, judge_unique
from registry.audit.report import FileFindings, Findings
from registry.entry import ChangeKind, StatusChange

ONE, OTHER, BUSY = (bytes([at]) * 32 for at in range(3))
#: Entries 0, 1 and 2.
CODES = Issues(np.arange(3), np.frombuffer(ONE + OTHER + BUSY, np.uint8).reshape(-1, 32))


def change(code: bytes, kind: ChangeKind, successor: bytes | None = None) -> StatusChange:
    return StatusChange(
        code_hash=code,
        occurred_at=datetime(2026, 11, 22, tzinfo=UTC),
        kind=kind,
        decision="1",
        decided_on=date(2026, 11, 22),
        successor=successor,
    )


def named(*changes: StatusChange) -> list[tuple[str, str]]:
    """The entries from 3 on."""
    findings = Findings()
    judge_changes(CODES, list(enumerate(changes, 3)), findings)
    return [(one.where.partition(" in ")[0], one.field) for one in findings.all]


def test_the_first_unlawful_change_of_a_code_is_named() -> None:
    changes = [change(ONE, "revoked"), change(OTHER, "suspended"), change(ONE, "reinstated")]
    assert named(*changes, change(ONE, "suspended"), change(OTHER, "suspended")) == [
        ("entry 5", "kind"),
        ("entry 7", "kind"),
    ]
    assert named(change(b"\x09" * 32, "revoked")) == [("entry 3", "kind")]


def test_who_takes_a_place_is_in_force_at_that_time() -> None:
    superseded = change(ONE, "superseded", OTHER)
    suspended, reinstated = change(OTHER, "suspended"), change(OTHER, "reinstated")
    assert named(superseded, suspended) == []
    assert named(suspended, superseded, reinstated) == [("entry 4", "successor")]
    assert named(suspended, reinstated, superseded) == []
    # Nobody knows what a copy is worth after an unlawful change.
    assert named(reinstated, superseded) == [("entry 3", "kind"), ("entry 4", "successor")]


def test_a_long_history_costs_no_more_a_change_than_a_short_one() -> None:
    """Neither its own changes, nor those of who is superseded by it."""
    history = [change(BUSY, kind) for kind in ("suspended", "reinstated") * 4000]
    others = np.arange(8000 + 3, 12_000 + 3)
    hashes = np.zeros((len(others), 32), np.uint8)
    hashes[:, :8] = others.astype(">u8").view(np.uint8).reshape(-1, 8)
    superseded = [change(row.tobytes(), "superseded", BUSY) for row in hashes]
    codes = Issues(np.concatenate([CODES.indexes, others]), np.concatenate([CODES.hashes, hashes]))
    findings = Findings()
    began = time.process_time()
    judge_changes(codes, list(enumerate([*history, *superseded], 20_000)), findings)
    assert findings.all == []
    assert time.process_time() - began < 2


def test_what_is_issued_again_and_again_is_counted_once_each() -> None:
    """And codes that only begin alike are not alike."""
    size = 20_000
    hashes = np.zeros((size, 32), np.uint8)
    hashes[size // 2 :, 8:16] = (
        np.arange(size - size // 2).astype(">u8").view(np.uint8).reshape(-1, 8)
    )
    findings = FileFindings()
    began = time.process_time()
    issues = Issues(np.arange(size)[::-1], hashes)
    judge_unique("code_hash", issues, findings)
    rows = issues.firsts([hashes[0].tobytes(), hashes[-1].tobytes(), b"\x09" * 32])
    assert issues.indexes[rows[:2]].tolist() == [size // 2 - 1, 0]
    assert rows[2] == NONE
    assert len(list(issues.repeated())) == size // 2
    assert findings.all
    assert time.process_time() - began < 2
