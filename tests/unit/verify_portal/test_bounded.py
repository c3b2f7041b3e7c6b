"""The processes that read strangers' files come back whatever happens to them."""

import asyncio
import os
import resource
import signal
from collections.abc import AsyncIterator
from concurrent.futures.process import BrokenProcessPool

import pytest
import pytest_asyncio

from verify_portal.bounded import Bounds, Examiner
from verify_portal.errors import ExaminationFailed, ExaminersDown


@pytest_asyncio.fixture
async def examiner() -> AsyncIterator[Examiner]:
    async with Examiner(Bounds(processes=1, processor_seconds=1)) as examiner:
        yield examiner


async def test_a_process_killed_between_files_is_replaced_and_no_file_blamed(
    examiner: Examiner,
) -> None:
    for _ in range(3):
        os.kill(await examiner.run(os.getpid), signal.SIGKILL)
        await asyncio.sleep(0.7)  # pebble notices within its polling interval
        assert await examiner.run(len, b"abc") == 3


async def test_a_pool_that_cannot_be_had_is_our_outage(
    examiner: Examiner, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise BrokenProcessPool

    monkeypatch.setattr(examiner, "_outcome", broken)
    with pytest.raises(ExaminersDown):
        await examiner.run(len, b"abc")


async def test_a_file_that_burns_its_time_is_stopped_and_the_next_one_read(
    examiner: Examiner,
) -> None:
    with pytest.raises(ExaminationFailed) as failure:
        await examiner.run(burn)
    assert failure.value.cause == "timeout"
    assert await examiner.run(len, b"abc") == 3


async def test_no_limit_of_one_file_stays_for_fetching_the_next(examiner: Examiner) -> None:
    process, during = await examiner.run(processor_limit)
    assert during != resource.RLIM_INFINITY
    afterwards, _ = resource.prlimit(process, resource.RLIMIT_CPU)
    assert afterwards == resource.RLIM_INFINITY


def burn() -> None:
    while True:
        pass


def processor_limit() -> tuple[int, int]:
    return os.getpid(), resource.getrlimit(resource.RLIMIT_CPU)[0]
