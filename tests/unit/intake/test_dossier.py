"""A dossier goes its way and no other."""

import pytest

from intake.dossier import State, after
from intake.errors import WrongState

WALK = [
    ("submitted", State.SUBMITTED),
    ("reading", State.READING),
    ("read", State.REVIEW),
    ("corrected", State.REVIEW),
    ("decided", State.CERTIFYING),
    ("issued", State.ISSUED),
]


def test_the_walk_to_an_issued_copy() -> None:
    state = State.OPENED
    for kind, expected in WALK:
        state = after(state, kind)
        assert state is expected


def test_a_failed_job_leaves_the_dossier_where_it_is() -> None:
    assert after(State.READING, "read_failed") is State.READING
    assert after(State.CERTIFYING, "certify_failed") is State.CERTIFYING


def test_refusing_ends_the_review() -> None:
    assert after(State.REVIEW, "refused") is State.REFUSED


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        (State.OPENED, "decided"),
        (State.SUBMITTED, "submitted"),
        (State.READING, "decided"),
        (State.CERTIFYING, "refused"),
        (State.CERTIFYING, "decided"),
        (State.ISSUED, "refused"),
        (State.REFUSED, "issued"),
        (State.ISSUED, "corrected"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(state: State, kind: str) -> None:
    with pytest.raises(WrongState) as refused:
        after(state, kind)
    assert refused.value.values == {"state": state.value, "act": kind}
