"""Reading strangers' files in processes that may die.

Each job runs under limits of address space, processor time and wall-clock time; whatever kills it
is an `ExaminationFailed` for that one file, and the pool goes on with a fresh process. A process
that dies between files takes the pool with it; a new pool is made, and no file is blamed.
"""

import asyncio
import importlib
import logging
import multiprocessing
import resource
import signal
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from typing import Final, TypeVar

from msgspec import Struct
from pebble import ProcessExpired, ProcessPool

from verify_portal.errors import ExaminationFailed, ExaminersBusy, ExaminersDown

T = TypeVar("T")

#: A process is replaced after so many files, so that no leak of a parser adds up.
_FILES_PER_PROCESS: Final = 200
#: Imported before a process takes its first file, whose time it would cost.
_PRELOADED: Final = (
    "verify_portal.batch.spreadsheet",
    "verify_portal.file.compare",
    "verify_portal.file.renderings",
    "verify_portal.file.signature",
    "verify_portal.file.traces",
)


class Bounds(Struct, frozen=True, kw_only=True):
    """What one examination may use: address space, processor and wall-clock time in seconds.

    `waiting` files may queue for the `processes`.
    """

    memory_bytes: int = 1 << 30
    processor_seconds: int = 4
    seconds: float = 20.0
    processes: int = 2
    waiting: int = 16


class Examiner:
    """A pool of bounded processes; an async context manager or `close()` ends it."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._taken = 0
        self._pool = _new_pool(bounds)

    async def run(self, act: Callable[..., T], *arguments: object) -> T:
        """The result of `act(*arguments)`.

        Raises ExaminationFailed, or ExaminersBusy and ExaminersDown, which are our own trouble.
        """
        if self._taken >= self._bounds.processes + self._bounds.waiting:
            raise ExaminersBusy
        self._taken += 1
        try:
            try:
                return await self._outcome(act, arguments)
            except BrokenProcessPool:
                return await self._outcome(act, arguments)
        except BrokenProcessPool as broken:
            raise ExaminersDown from broken
        finally:
            self._taken -= 1

    async def _outcome(self, act: Callable[..., T], arguments: tuple[object, ...]) -> T:
        """Raises BrokenProcessPool when a process died that was reading nothing or none starts."""
        try:
            # Asking a new pool for anything starts it; pipes, threads or memory may not be had.
            job = (await self._sound_pool()).schedule(
                _within,
                args=(self._bounds.processor_seconds, act, arguments),
                timeout=self._bounds.seconds,
            )
        except (OSError, RuntimeError) as trouble:
            raise BrokenProcessPool("the pool did not start") from trouble
        try:
            result: T = await asyncio.wrap_future(job)
        except TimeoutError:
            raise ExaminationFailed("timeout") from None
        except MemoryError:
            raise ExaminationFailed("memory") from None
        except ProcessExpired as death:
            spent = death.exitcode == -signal.SIGXCPU
            raise ExaminationFailed("timeout" if spent else "crash") from None
        except (BrokenProcessPool, ExaminationFailed):
            raise
        except Exception as failure:  # its result could not be sent
            raise ExaminationFailed(type(failure).__name__) from failure
        return result

    async def _sound_pool(self) -> ProcessPool:
        """Pebble gives a pool up when an idle process dies: the OOM killer's, or an operator's."""
        if not self._pool.active:
            broken, self._pool = self._pool, _new_pool(self._bounds)
            await asyncio.to_thread(_end, broken)
        return self._pool

    def close(self) -> None:
        """Stop the processes, whatever they are reading."""
        _end(self._pool)

    async def __aenter__(self) -> "Examiner":
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self.close)


def _new_pool(bounds: Bounds) -> ProcessPool:
    # Not fork: the web server's threads and sockets must not reach a process that parses hostile
    # bytes.
    return ProcessPool(
        max_workers=bounds.processes,
        max_tasks=_FILES_PER_PROCESS,
        initializer=_confine,
        initargs=(bounds.memory_bytes,),
        context=multiprocessing.get_context("spawn"),
    )


def _end(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call] # pebble annotates only part of itself
    pool.join()


def _confine(memory_bytes: int) -> None:
    # Pebble logs what goes wrong in here; the pool only learns that a process ended.
    for module in _PRELOADED:
        importlib.import_module(module)
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Parsers log what they read, and files name people. What matters comes back as findings.
    logging.disable(logging.CRITICAL)


def _within(seconds: int, act: Callable[..., T], arguments: tuple[object, ...]) -> T:
    """Pebble minds the wall clock; the kernel minds processor time, which load does not stretch."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime) + 1
    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (spent + seconds, hard))
    try:
        return act(*arguments)
    except MemoryError:
        raise
    except Exception as failure:
        # A parser fails on odd bytes in too many ways to list; each is a fact about the file. Only
        # its name is sent: an exception that cannot be rebuilt on the other side ends the pool.
        raise ExaminationFailed(type(failure).__name__) from failure
    finally:
        # Fetching the next file costs time too, and must not be what kills the process.
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))
