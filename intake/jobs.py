"""The queue of work that nobody waits for at a screen: reading a dossier, certifying a copy, and
once an hour forgetting what has had its time.

All acts may be repeated, so a job runs at least once: it is tried again after a failure that may
pass, and when the worker that ran it was killed. Jobs of one dossier never run at the same time.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Protocol
from uuid import UUID

import procrastinate
import structlog
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy, RetryDecision

from intake.certify.errors import MayNotCertify
from intake.store import QUEUE

ATTEMPTS = 6
LONGEST_WAIT = 300
# A worker says every BEAT seconds that it lives; one that has been silent for SILENCE is dead.
# A live one on an overloaded machine may be called dead too early: that costs work, never a copy.
BEAT = 2.0
SILENCE = 20.0
# A worker that is told to stop gives its jobs this long; what is cut off is done by the next one.
FAREWELL = 5.0
AT_ONCE = 2
PURGE_AT = "7 * * * *"
"""Minutes past each hour."""


Act = Callable[[procrastinate.App], Coroutine[None, None, None]]

_log = structlog.get_logger("intake.jobs")


class Examine(Protocol):
    """Reads a dossier; raises to be called again, unless this is the last attempt."""

    def __call__(self, dossier_id: UUID, *, last_attempt: bool) -> Awaitable[None]: ...


Certify = Callable[[UUID], Awaitable[None]]
"""Certifies a dossier's copy; raises to be called again."""

Purge = Callable[[], Awaitable[None]]
"""Forgets what is due; raises to be called again."""


class Backoff(BaseRetryStrategy):
    """Waits 2, 4, 8 … seconds between attempts; what time does not heal is not tried again."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if job.attempts + 1 >= ATTEMPTS or isinstance(exception, MayNotCertify):
            return None
        return RetryDecision(retry_in={"seconds": min(LONGEST_WAIT, 2 ** (job.attempts + 1))})


def create_queue(
    database_url: str, examine: Examine, certify: Certify, purge: Purge
) -> procrastinate.App:
    """The queue with its jobs; `database_url` as the role intake_app."""
    connector = procrastinate.PsycopgConnector(
        conninfo=database_url,
        kwargs={"options": "-c search_path=jobs", "application_name": "bansao-jobs"},
        min_size=1,
        max_size=4,
    )
    queue = procrastinate.App(connector=connector)

    @queue.task(name="read", queue=QUEUE, retry=Backoff(), pass_context=True)
    async def _read(context: procrastinate.JobContext, dossier_id: str) -> None:
        last = context.job.attempts + 1 >= ATTEMPTS
        await examine(UUID(dossier_id), last_attempt=last)

    @queue.task(name="certify", queue=QUEUE, retry=Backoff())
    async def _certify(dossier_id: str) -> None:
        await certify(UUID(dossier_id))

    # Of several workers one defers it, and what a late one left waiting is not deferred twice.
    @queue.periodic(cron=PURGE_AT)
    @queue.task(name="purge", queue=QUEUE, retry=Backoff(), queueing_lock="purge", lock="purge")
    async def _purge(timestamp: int) -> None:
        await purge()

    return queue


@asynccontextmanager
async def working(queue: procrastinate.App) -> AsyncIterator[None]:
    """Run a worker while the block lasts; at its end the running jobs get a moment to finish."""
    async with queue.open_async():
        tasks = [asyncio.create_task(_persist(act, queue)) for act in (_run, _rescue)]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _run(queue: procrastinate.App) -> None:
    await queue.run_worker_async(
        queues=[QUEUE],
        concurrency=AT_ONCE,
        install_signal_handlers=False,
        update_heartbeat_interval=BEAT,
        stalled_worker_timeout=SILENCE,
        fetch_job_polling_interval=BEAT,
        shutdown_graceful_timeout=FAREWELL,
    )


async def _rescue(queue: procrastinate.App) -> None:
    # The lock of a dossier stays with a job that a killed worker left behind until it is released.
    while True:
        stalled = await queue.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENCE)
        for job in stalled:
            await queue.job_manager.retry_job(job)
        await asyncio.sleep(BEAT)


async def _persist(act: Act, queue: procrastinate.App) -> None:
    """Start the act again whenever it ends because the database went away."""
    while True:
        try:
            await act(queue)
        except procrastinate.exceptions.ConnectorException as lost:
            _log.warning(
                "queue interrupted", act=act.__name__, failure=type(lost.__cause__).__name__
            )
        await asyncio.sleep(BEAT)
