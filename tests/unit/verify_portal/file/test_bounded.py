"""The processes that read strangers' files come back whatever happens to them."""

import asyncio
import multiprocessing
import os
import resource
import signal
import time
import traceback
from collections.abc import AsyncIterator
from concurrent.futures.process import BrokenProcessPool

import pytest
import pytest_asyncio

from verify_portal.errors import ExaminationFailed, ExaminersDown
from verify_portal.file import bounded
from verify_portal.file.bounded import Bounds, Examiner, _confine


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


async def test_a_pool_that_does_not_start_is_our_outage_with_its_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_pipes(**_: object) -> None:
        raise OSError("AF_UNIX path too long")

    monkeypatch.setattr(multiprocessing.get_context("spawn"), "Pipe", no_pipes)
    async with Examiner(Bounds(processes=1)) as examiner:
        with pytest.raises(ExaminersDown) as trouble:
            await examiner.run(len, b"abc")
        assert "AF_UNIX path too long" in "".join(traceback.format_exception(trouble.value))
        monkeypatch.undo()
        assert await examiner.run(len, b"abc") == 3


async def test_what_keeps_the_processes_from_starting_is_in_the_log(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bounded, "_confine", confine_without_a_parser)
    async with Examiner(Bounds(processes=1)) as examiner:
        with pytest.raises(ExaminersDown):
            await examiner.run(len, b"abc")
    assert "No module named 'no_such_parser'" in capfd.readouterr().err


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


async def test_what_cannot_be_rebuilt_from_a_message_is_that_files_failure_alone() -> None:
    async with Examiner(Bounds(processes=2)) as examiner:
        others = asyncio.create_task(examiner.run(dawdle))
        with pytest.raises(ExaminationFailed) as failure:
            await examiner.run(fail_oddly)
        assert failure.value.cause == "OddFailure"
        assert "in fail_oddly" in "".join(traceback.format_exception(failure.value))
        assert await others == await examiner.run(dawdle)


class OddFailure(Exception):
    """As some parsers' are: what it is made of is not what it was called with."""

    def __init__(self, offset: int, expected: str) -> None:
        super().__init__(f"{expected} expected at {offset}")


def fail_oddly() -> None:
    raise OddFailure(7, "a name")


def dawdle() -> str:
    time.sleep(1.0)
    return "done"


def confine_without_a_parser(memory_bytes: int) -> None:
    """Runs in the new process."""
    bounded._PRELOADED = ("no_such_parser",)
    _confine(memory_bytes)


def burn() -> None:
    while True:
        pass


def processor_limit() -> tuple[int, int]:
    return os.getpid(), resource.getrlimit(resource.RLIMIT_CPU)[0]
