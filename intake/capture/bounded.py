"""Runs a function on untrusted bytes in a process that can neither grow nor hang nor harm us.

Workers come from a fork server, so that they inherit neither the caller's memory nor its threads,
and they serve many tasks each: a call costs milliseconds. This contains faults, not attackers: a
worker has the caller's user and file rights.
"""

import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

from pebble import ProcessExpired, ProcessPool

from intake.capture.limits import DEFAULT_LIMITS, Limits
from intake.errors import BoundedTaskFailed, NoProcess, TaskCrashed, TaskMemoryExceeded, TaskTimeout

P = ParamSpec("P")
T = TypeVar("T")

TASKS_A_WORKER: Final = 64  # then it is replaced: what a decoder leaked goes with it
QUEUE_SECONDS: Final = 300.0  # the longest wait for a free worker
PRELOADED: Final = ["intake.capture.straighten"]

_pool: ProcessPool | None = None
_pool_guard = threading.Lock()


def run_bounded(
    function: Callable[..., T], *args: Any, limits: Limits = DEFAULT_LIMITS, **named: Any
) -> T:
    """`function(*args, **named)` in a worker process; function, arguments and result must pickle.

    `limits.seconds` bounds wall and processor time, `limits.memory` the address space beyond what
    the worker already holds, `limits.written_bytes` any file it writes. Blocks: call it off the
    event loop. Raises TaskTimeout, TaskMemoryExceeded, TaskCrashed, NoProcess, or what the function
    raised.
    """
    for attempt in (1, 2):
        try:
            future = _running_pool().schedule(
                _within, args=(limits, function, args, named), timeout=limits.seconds
            )
            answer: T = future.result(timeout=limits.seconds + QUEUE_SECONDS)
        except TimeoutError:
            raise TaskTimeout(seconds=round(limits.seconds)) from None
        except MemoryError:
            raise TaskMemoryExceeded(mib=limits.memory >> 20) from None
        except ProcessExpired as death:
            raise _named_death(death.exitcode, limits) from None
        except (BrokenProcessPool, CancelledError) as broken:
            # An idle worker died (the kernel's OOM killer, an operator): pebble gives the pool up,
            # perhaps between our having it and our asking it. Or none could be started.
            _discard_pool()
            if attempt == 2:
                raise NoProcess(reason=str(broken.__cause__ or broken)) from broken
        else:
            return answer
    raise BoundedTaskFailed


def _named_death(exitcode: int, limits: Limits) -> BoundedTaskFailed:
    if exitcode == -signal.SIGXCPU:
        return TaskTimeout(seconds=round(limits.seconds))
    if exitcode == -signal.SIGKILL:
        # Nobody but the kernel's OOM killer sends it to a task that has time left.
        return TaskMemoryExceeded(mib=limits.memory >> 20)
    name = signal.Signals(-exitcode).name if exitcode < 0 else f"exit {exitcode}"
    return TaskCrashed(signal=name)


def _running_pool() -> ProcessPool:
    global _pool  # noqa: PLW0603 - one pool a process, made on first use
    with _pool_guard:
        if _pool is None or not _pool.active:
            context = multiprocessing.get_context("forkserver")
            context.set_forkserver_preload(PRELOADED)
            _pool = ProcessPool(
                max_workers=os.cpu_count() or 1,
                max_tasks=TASKS_A_WORKER,
                initializer=_prepare_worker,
                context=context,
            )
            # Not by atexit, which processes that multiprocessing has started, as granian's workers
            # are, end without: they would wait for ours until they are killed.
            Finalize(None, _discard_pool, exitpriority=1)
        return _pool


def _discard_pool() -> None:
    global _pool
    with _pool_guard:
        pool, _pool = _pool, None
    if pool is not None:
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


def _forget_pool() -> None:
    """In a forked child: the workers belong to the parent, and its threads are not here."""
    global _pool, _pool_guard
    _pool, _pool_guard = None, threading.Lock()


os.register_at_fork(after_in_child=_forget_pool)


def _prepare_worker() -> None:
    # A dump of a crashed decoder would hold somebody's document.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _within(
    limits: Limits, function: Callable[..., T], args: tuple[Any, ...], named: dict[str, Any]
) -> T:
    used = resource.getrusage(resource.RUSAGE_SELF)
    processor_seconds = int(used.ru_utime + used.ru_stime + limits.seconds) + 1
    with (
        _soft_limit(resource.RLIMIT_AS, _address_space() + limits.memory),
        _soft_limit(resource.RLIMIT_CPU, processor_seconds),
        _soft_limit(resource.RLIMIT_FSIZE, limits.written_bytes),
    ):
        return function(*args, **named)


def _address_space() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * resource.getpagesize()


@contextmanager
def _soft_limit(kind: int, wanted: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(kind)
    value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(kind, (value, hard))
    try:
        yield
    finally:
        resource.setrlimit(kind, (soft, hard))
