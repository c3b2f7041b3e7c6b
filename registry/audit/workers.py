"""Stretches judged by several processes, each with what it needs of its own."""

import asyncio
import contextlib
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.connection import wait
from typing import Any, Final, Protocol

Judge = Callable[[Any], Awaitable[Any]]

#: Each process is one core's worth. What it frees it soon needs again: memory that went back to
#: the system would have to be fetched page by page. The last one is for polars, which brings an
#: allocator of its own.
_ENVIRONMENT: Final = {
    "POLARS_MAX_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MALLOC_MMAP_THRESHOLD_": str(1 << 30),
    "MALLOC_TRIM_THRESHOLD_": str(1 << 31),
    "MALLOC_TOP_PAD_": str(1 << 26),
    "MALLOC_ARENA_MAX": "1",
    "_RJEM_MALLOC_CONF": "dirty_decay_ms:-1,muzzy_decay_ms:-1",
}
#: Stretches under way or waiting for their turn, for each process: bounds the memory they take.
_AHEAD: Final = 2


class Orders(Protocol):
    """What a process is to do; it goes there by pickle."""

    async def begin(self, held: contextlib.AsyncExitStack) -> Judge:
        """What judges a task; `held` keeps open what it needs."""


async def judged(orders: Orders, tasks: Iterable[object], processes: int) -> AsyncGenerator[Any]:
    """What the orders tell of each task, in order. 0 processes: in this one."""
    if processes == 0:
        async with contextlib.AsyncExitStack() as held:
            judge = await orders.begin(held)
            for task in tasks:
                yield await judge(task)
        return
    with _pool(processes, orders) as pool:
        loop = asyncio.get_running_loop()
        underway = deque[asyncio.Future[Any]]()
        for task in tasks:
            underway.append(loop.run_in_executor(pool, _judge, task))
            if len(underway) == _AHEAD * processes:
                yield await underway.popleft()
        while underway:
            yield await underway.popleft()


@contextlib.contextmanager
def _pool(processes: int, orders: Orders) -> Iterator[ProcessPoolExecutor]:
    """Processes of their own, which end with this one in whatever way it ends."""
    before = {name: os.environ.get(name) for name in _ENVIRONMENT}
    os.environ.update(_ENVIRONMENT)
    pool = ProcessPoolExecutor(
        processes,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(orders,),
    )
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


class _Worker:
    """One process's own, begun at its first task and held until the process ends."""

    def __init__(self, orders: Orders) -> None:
        self._orders = orders
        self._loop = asyncio.new_event_loop()
        self._held = contextlib.AsyncExitStack()
        self._judge: Judge | None = None

    def judge(self, task: object) -> object:
        return self._loop.run_until_complete(self._begun(task))

    async def _begun(self, task: object) -> object:
        if self._judge is None:
            self._judge = await self._orders.begin(self._held)
        return await self._judge(task)


_worker: _Worker | None = None


def _begin(orders: Orders) -> None:
    global _worker  # noqa: PLW0603 - an initializer has no other way to hand something on
    _worker = _Worker(orders)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent's to answer
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    if (parent := multiprocessing.parent_process()) is not None:
        wait([parent.sentinel])
        os._exit(1)


def _judge(task: object) -> object:
    assert _worker is not None  # noqa: S101 - the pool has run _begin
    return _worker.judge(task)
