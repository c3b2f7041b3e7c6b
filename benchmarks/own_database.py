"""A real PostgreSQL of one benchmark alone: made, migrated and removed by it."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import msgspec

from bansao.postgres import Postgres, running_server
from benchmarks.processes import processor_seconds
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
        return 0.0 if running is None else processor_seconds(running.pid)


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
