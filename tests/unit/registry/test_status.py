"""What a copy is worth after what was decided about it."""

from datetime import UTC, date, datetime

import pytest

from registry.entry import ChangeKind, CopyEntry, StatusChange
from registry.errors import IllegalTransition, UnknownCopy
from registry.status import status_of
from tests.unit.registry.test_entry import ISSUED

LATER = datetime(2026, 12, 1, tzinfo=UTC)


def decided(kind: ChangeKind) -> StatusChange:
    return StatusChange(
        code_hash=ISSUED.code_hash,
        occurred_at=LATER,
        kind=kind,
        decision=f"{kind}/QĐ-UBND",
        decided_on=date(2026, 11, 30),
        reason="cấp sai",
    )


def after(*kinds: ChangeKind) -> list[CopyEntry]:
    return [ISSUED, *(decided(kind) for kind in kinds)]


def test_an_untouched_copy_is_valid_since_its_registration() -> None:
    status = status_of(after())
    assert (status.verdict, status.since, status.decision) == ("valid", ISSUED.occurred_at, "")


@pytest.mark.parametrize(
    ("kinds", "verdict"),
    [
        (["suspended"], "suspended"),
        (["revoked"], "revoked"),
        (["superseded"], "superseded"),
        (["suspended", "reinstated"], "valid"),
        (["suspended", "revoked"], "revoked"),
        (["superseded", "revoked"], "revoked"),
        (["suspended", "reinstated", "suspended"], "suspended"),
    ],
)
def test_the_last_decision_makes_the_verdict(kinds: list[ChangeKind], verdict: str) -> None:
    status = status_of(after(*kinds))
    assert status.verdict == verdict
    assert (status.decision, status.since) == (f"{kinds[-1]}/QĐ-UBND", LATER)
    assert (status.decided_on, status.reason) == (date(2026, 11, 30), "cấp sai")


@pytest.mark.parametrize(
    "kinds",
    [
        ["reinstated"],
        ["revoked", "revoked"],
        ["revoked", "reinstated"],
        ["suspended", "suspended"],
        ["superseded", "suspended"],
        ["erased", "erased"],
    ],
)
def test_unlawful_steps_are_refused(kinds: list[ChangeKind]) -> None:
    with pytest.raises(IllegalTransition):
        status_of(after(*kinds))


KINDS: tuple[ChangeKind, ...] = ("suspended", "reinstated", "superseded", "revoked")
#: What may follow each status, written down once more: registry/README.md.
LAWFUL: dict[str, set[ChangeKind]] = {
    "valid": {"suspended", "superseded", "revoked"},
    "suspended": {"reinstated", "revoked"},
    "superseded": {"revoked"},
    "revoked": set(),
}
#: The shortest way to each status, and the longer one back to the first.
WAYS: dict[str, list[list[ChangeKind]]] = {
    "valid": [[], ["suspended", "reinstated"]],
    "suspended": [["suspended"]],
    "superseded": [["superseded"]],
    "revoked": [["revoked"], ["superseded", "revoked"], ["suspended", "revoked"]],
}


@pytest.mark.parametrize("erased", [False, True])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("verdict", "way"), [(one, way) for one in WAYS for way in WAYS[one]])
def test_the_whole_table(
    verdict: str, way: list[ChangeKind], kind: ChangeKind, erased: bool
) -> None:
    entries = after(*way, *(["erased"] if erased else []))
    assert status_of(entries).verdict == verdict
    if kind in LAWFUL[verdict]:
        assert status_of([*entries, decided(kind)]).erased == erased
        return
    with pytest.raises(IllegalTransition) as refused:
        status_of([*entries, decided(kind)])
    assert (refused.value.verdict, str(refused.value).split()[-1]) == (verdict, kind)
    if way:
        assert f"{verdict} by {way[-1]}/QĐ-UBND of 2026-11-30" in str(refused.value)
        assert refused.value.decision == f"{way[-1]}/QĐ-UBND"
        assert refused.value.decided_on == date(2026, 11, 30)


def test_erasure_takes_the_facts_and_leaves_the_verdict() -> None:
    assert status_of(after("erased")).verdict == "valid"
    status = status_of(after("erased", "revoked"))
    assert (status.verdict, status.erased) == ("revoked", True)


def test_nothing_can_be_said_of_a_copy_that_was_never_issued() -> None:
    with pytest.raises(UnknownCopy):
        status_of([])
    with pytest.raises(UnknownCopy):
        status_of([decided("revoked")])
    with pytest.raises(IllegalTransition):
        status_of([ISSUED, ISSUED])
