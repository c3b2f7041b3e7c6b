"""Which failures of a job are tried again."""

from datetime import UTC, datetime

from procrastinate.jobs import Job

from intake.certify.errors import MayNotCertify, TimeStampUnavailable
from intake.jobs import ATTEMPTS, Backoff


def job(attempts: int) -> Job:
    return Job(
        id=1,
        queue="intake",
        lock=None,
        queueing_lock=None,
        task_name="certify",
        scheduled_at=datetime(2026, 1, 1, tzinfo=UTC),
        attempts=attempts,
    )


def test_what_may_pass_is_tried_again_and_again_for_a_while() -> None:
    backoff = Backoff()
    passing = TimeStampUnavailable()
    assert backoff.get_retry_decision(exception=passing, job=job(0)) is not None
    assert backoff.get_retry_decision(exception=passing, job=job(ATTEMPTS - 1)) is None


def test_an_officer_without_the_right_to_is_not_tried_again() -> None:
    refused = MayNotCertify(why="not-delegated")
    assert Backoff().get_retry_decision(exception=refused, job=job(0)) is None
