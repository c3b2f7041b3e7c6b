"""A real PostgreSQL of one benchmark alone: made, migrated and removed by it."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlsplit, urlunsplit

import msgspec

from bansao.postgres import Postgres, running_server
from schema.migrate import migrate


class OwnDatabase(msgspec.Struct, frozen=True, kw_only=True):
    """`directory` is on the database's disk and goes with it: room for a peer's files.

    `admin_url` is the superuser's: for bulk loading and peers' tables, never for what is measured.
    """

    directory: Path
    server: Postgres

    @property
    def admin_url(self) -> str:
        return self.server.admin_url

    def role_url(self, role: str) -> str:
        """The address with the credentials of one of our roles, such as `registry_writer`."""
        password = (self.server.secrets / f"db_{role}").read_text().strip()
        parts = urlsplit(self.server.url)
        return urlunsplit(
            parts._replace(netloc=f"{role}:{quote(password, safe='')}@{parts.netloc}")
        )

    def cpu_seconds(self) -> float:
        """Processor time of the server's processes so far, those that have ended included."""
        running = running_server(self.server.directory)
        if running is None:
            return 0.0
        own = _stat(running.pid)
        ticks = own.user + own.system + own.of_children
        for process in Path("/proc").iterdir():
            if not process.name.isdigit():
                continue
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                stat = _stat(int(process.name))
                if stat.parent == running.pid:
                    ticks += stat.user + stat.system
        return ticks / os.sysconf("SC_CLK_TCK")


class _Stat(NamedTuple):
    """Of /proc/PID/stat; times in clock ticks."""

    parent: int
    user: int
    system: int
    of_children: int


def _stat(pid: int) -> _Stat:
    # Behind the program's name, which may hold spaces; see proc_pid_stat(5).
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return _Stat(
        int(fields[1]), int(fields[11]), int(fields[12]), int(fields[13]) + int(fields[14])
    )


@contextlib.contextmanager
def own_database() -> Iterator[OwnDatabase]:
    """An empty, migrated embedded server with its usual settings; TMPDIR chooses the disk."""
    directory = Path(tempfile.mkdtemp(prefix="bansao-bench-"))
    directory.chmod(0o711)  # a server that dropped root must reach its files
    try:
        with Postgres.join_or_start(directory) as server:
            migrate(server.admin_url, server.secrets)
            yield OwnDatabase(directory=directory, server=server)
    finally:
        shutil.rmtree(directory, ignore_errors=True)
