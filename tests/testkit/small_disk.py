"""A disk that can be filled without harm to others."""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.testkit.postgres import open_directory


class SmallDisk:
    """A file system of a few hundred megabytes at `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._filler = path / "filler"

    def fill(self) -> None:
        """Until not one byte is left."""
        space = os.statvfs(self.path)
        with self._filler.open("wb") as filler:
            os.posix_fallocate(filler.fileno(), 0, space.f_bavail * space.f_frsize)

    def make_room(self) -> None:
        self._filler.unlink()


@contextlib.contextmanager
def small_disk(megabytes: int) -> Iterator[SmallDisk]:
    """Skips the test where mounting a tmpfs is not allowed."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk to fill")
    with open_directory() as directory:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=711", "bansao", directory]
        mounted = subprocess.run(mount, capture_output=True, text=True, check=False)
        if mounted.returncode:
            pytest.skip(f"no small disk can be mounted to be filled: {mounted.stderr.strip()}")
        try:
            yield SmallDisk(directory)
        finally:
            subprocess.run(["umount", directory], check=True)
