"""A killed worker's job is done by the next one; a failing job is tried again, later."""

import asyncio
import sys
import time
from contextlib import contextmanager
from uuid import UUID

import psycopg
import pytest

from intake import jobs
from intake.jobs import create_queue, working
from tests.testkit.counter import Counter, counter, received

__all__ = ["counter"]

# A worker that takes a job and never comes to its end.
STUCK = """
import asyncio, sys
from intake.jobs import create_queue, working

async def stuck(*_, **__):
    await asyncio.sleep(3600)

async def main():
    async with working(create_queue(sys.argv[1], stuck, stuck, stuck)):
        await asyncio.sleep(3600)

asyncio.run(main())
"""


@contextmanager
def patience(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    with monkeypatch.context() as patch:
        patch.setattr(jobs, "SILENCE", 4.0)
        patch.setattr(jobs, "BEAT", 0.5)
        yield


def status(url: str) -> list[tuple[str, int]]:
    with psycopg.connect(url) as connection:
        return connection.execute(
            "SELECT status::text, attempts FROM jobs.procrastinate_jobs ORDER BY id"
        ).fetchall()


async def queued(counter: Counter) -> UUID:
    async with counter.edges() as edges:
        dossier_id = await received(edges)
        async with edges.store.changing(dossier_id) as change:
            await change.defer("certify")
            await change.defer("certify")
    return dossier_id


async def test_a_killed_workers_job_is_done_by_the_next(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier_id = await queued(counter)
    url, root = counter.settings.database_url, counter.database.superuser_url
    assert status(root) == [("todo", 0)], "the same job was queued twice"
    killed = await asyncio.create_subprocess_exec(sys.executable, "-c", STUCK, url)
    await _until(lambda: status(root)[0][0] == "doing")
    killed.kill()
    await killed.wait()
    done: list[UUID] = []

    async def certify(dossier: UUID) -> None:
        done.append(dossier)

    async def read(dossier: UUID, *, last_attempt: bool) -> None:
        raise AssertionError("nothing is to be read")

    with patience(monkeypatch):
        async with working(create_queue(url, read, certify, purge)):
            await _until(lambda: status(root)[0][0] == "succeeded")
    assert done == [dossier_id]


async def test_a_failing_job_is_tried_again(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    await queued(counter)
    tries: list[float] = []

    async def certify(_: UUID) -> None:
        tries.append(time.monotonic())
        if len(tries) < 2:
            raise ConnectionError

    async def read(dossier: UUID, *, last_attempt: bool) -> None:
        raise AssertionError("nothing is to be read")

    with patience(monkeypatch):
        async with working(create_queue(counter.settings.database_url, read, certify, purge)):
            await _until(lambda: status(counter.database.superuser_url)[0][0] == "succeeded")
    assert tries[1] - tries[0] >= 1.5


async def test_work_goes_on_when_the_database_comes_back(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[UUID] = []

    async def certify(dossier: UUID) -> None:
        done.append(dossier)

    async def read(dossier: UUID, *, last_attempt: bool) -> None:
        raise AssertionError("nothing is to be read")

    with patience(monkeypatch):
        async with working(create_queue(counter.settings.database_url, read, certify, purge)):
            await asyncio.sleep(1)
            with psycopg.connect(counter.database.superuser_url, autocommit=True) as connection:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE application_name = 'bansao-jobs' AND datname = current_database()"
                )
            dossier_id = await queued(counter)
            await _until(lambda: done == [dossier_id])


async def purge() -> None:
    """Once an hour; not what these tests are about."""


async def _until(holds, seconds: float = 60) -> None:  # type: ignore[no-untyped-def]
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came to pass"
        await asyncio.sleep(0.1)
