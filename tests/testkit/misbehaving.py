"""Functions that do to a worker process what crafted files do to decoders."""

import ctypes
import os
import time
from pathlib import Path


def add(one: int, other: int) -> int:
    return one + other


def worker_id() -> int:
    return os.getpid()


def loop() -> None:
    while True:
        pass


def sleep() -> None:
    time.sleep(600)


def eat_memory() -> None:
    eaten = []
    while True:
        eaten.append(bytearray(8 << 20))


def segfault() -> None:
    ctypes.string_at(0)


def vanish() -> None:
    os._exit(7)


def write(path: Path) -> None:
    with path.open("wb") as file:
        file.write(b"a page of somebody's document")


def fail() -> None:
    raise LookupError("of its own")
