"""The embedded PostgreSQL: a real server from a wheel, shared by the users of one data directory.

Whoever needs it joins: the first user starts the server, the last one stops it. Users are counted
by shared file locks, which the kernel drops when a process dies in any way, so no count can be
left wrong. The server outlives a killed user and the next one joins it.
"""

import contextlib
import fcntl
import os
import secrets
import signal
import socket
import struct
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import urlsplit, urlunsplit

import msgspec

from bansao import cluster
from bansao.errors import DatabaseDirectoryUnusable, DatabaseStartFailed, DiskFull, SecretLost
from bansao.unprivileged import Identity, identity_for

DATABASE = "bansao"
MAJOR = 18
_PATIENCE = 60.0  # seconds for a start (it may replay WAL), and for a stop


class Running(msgspec.Struct, frozen=True):
    """What postmaster.pid says of a live server."""

    pid: int
    port: int


class Postgres:
    """One running server. Use as a context manager: `with Postgres.join_or_start(data) as server`.

    `url` names the database without credentials, `admin_url` with the superuser's.
    """

    def __init__(self, directory: Path, secrets_dir: Path) -> None:
        self.directory = directory
        self.secrets = secrets_dir
        self.port = 0
        self._users: IO[str] | None = None

    @classmethod
    def join_or_start(cls, data_dir: Path, secrets_dir: Path | None = None) -> Self:
        """Start the server of `data_dir`/postgres, or join the one that runs there."""
        data_dir = data_dir.absolute()
        server = cls(data_dir / "postgres", secrets_dir or data_dir / "secrets")
        server.join()
        return server

    @classmethod
    def running(cls, data_dir: Path) -> str | None:
        """The address of the server that runs in `data_dir`/postgres, without joining it."""
        server = cls(data_dir.absolute() / "postgres", data_dir)
        found = running_server(server.directory)
        server.port = found.port if found else 0
        return server.url if found else None

    @property
    def url(self) -> str:
        return f"postgresql://127.0.0.1:{self.port}/{DATABASE}"

    @property
    def admin_url(self) -> str:
        password = (self.secrets / "db_postgres").read_text().strip()
        return f"postgresql://{cluster.SUPERUSER}:{password}@127.0.0.1:{self.port}/{DATABASE}"

    @property
    def log(self) -> Path:
        return self.directory / "server.log"

    def join(self) -> None:
        """Become a user of the server; start it when nobody has."""
        # Others may pass through (the server's user must reach its directory) but not list.
        self.directory.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
        try:
            self._join()
        except PermissionError as error:
            raise DatabaseDirectoryUnusable(
                f"{error.filename} belongs to another user (was it made by root?): "
                "run as that user or name another directory with BANSAO_DATA"
            ) from error

    def _join(self) -> None:
        with self._turn():
            users = self._lock_file("users").open("w")
            fcntl.flock(users, fcntl.LOCK_SH)
            try:
                running = running_server(self.directory)
                self.port = running.port if running else self._start()
            except BaseException:
                users.close()
                raise
            self._users = users

    def leave(self) -> None:
        """Stop being a user; the last one stops the server (fast: open transactions roll back)."""
        if self._users is None:
            return
        with self._turn():
            users, self._users = self._users, None
            with users:
                try:
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    return
                self._stop()

    def alive(self) -> bool:
        return running_server(self.directory) is not None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.leave()

    def _lock_file(self, what: str) -> Path:
        return self.directory.with_name(f"{self.directory.name}.{what}")

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        """One process at a time decides about starting and stopping."""
        with self._lock_file("turn").open("w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            yield

    def _start(self) -> int:
        program = cluster.binaries() / "postgres"
        made = cluster.check(self.directory, MAJOR)
        identity = identity_for(program, self.directory.parent, self.directory)
        if not made:
            if self.directory.exists():
                self.directory.rmdir()
            cluster.initialise(self.directory, identity, self._superuser_password())
        elif not (self.secrets / "db_postgres").exists():
            raise SecretLost(
                f"{self.secrets / 'db_postgres'} is missing, the password of the database in "
                f"{self.directory}: restore it from your backup"
            )
        _await_orphans(self.directory)
        port = cluster.free_port(cluster.configured_port(self.directory))
        cluster.configure(self.directory, identity, port)
        self._launch(identity)
        return port

    def _launch(self, identity: Identity) -> None:
        begin = self.log.stat().st_size if self.log.exists() else 0
        command: list[str | Path] = [
            cluster.binaries() / "pg_ctl",
            "-D",
            self.directory,
            "-l",
            self.log,
        ]
        # Not through pipes: the server would hold them open and we would wait for ever.
        with open(os.devnull, "w") as nowhere:
            done = identity.run(
                [*command, "-w", "-t", f"{_PATIENCE:.0f}", "start"],
                stdout=nowhere,
                stderr=nowhere,
                env=cluster.environment(),
            )
        if done.returncode == 0:
            return
        said = self.log.read_text(errors="replace")[begin:] if self.log.exists() else ""
        if "No space left" in said:
            raise DiskFull(f"the disk of {self.directory} is full: make room and start again")
        fatal = [line for line in said.splitlines() if "FATAL" in line or "PANIC" in line]
        reason = fatal[-1].split(":  ", 1)[-1] if fatal else "no reason given"
        raise DatabaseStartFailed(f"PostgreSQL did not start: {reason}; see {self.log}")

    def _stop(self) -> None:
        running = running_server(self.directory)
        if running is None:
            return
        # A fast shutdown; PostgreSQL 18 can hang in one that meets a crash's recovery. Then an
        # immediate one, which loses nothing either: the next start replays the log.
        for how in (signal.SIGINT, signal.SIGQUIT):
            with contextlib.suppress(ProcessLookupError):
                os.kill(running.pid, how)
            if _ends(running.pid, self.directory):
                return
        raise DatabaseStartFailed(
            f"PostgreSQL (process {running.pid}) did not stop; see {self.log}"
        )

    def _superuser_password(self) -> str:
        self.secrets.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.secrets / "db_postgres"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(32))
        return path.read_text().strip()


def running_server(directory: Path) -> Running | None:
    """The server that runs on `directory` and takes connections, or None.

    Trusts no process id alone: after kill -9 the file stays and the id may be someone else's.
    """
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        lines = _pid_file(directory)
        numbers = len(lines) > 3 and lines[0].isdigit() and lines[3].isdigit()
        if not numbers or not _serves(int(lines[0]), directory):
            return None
        if len(lines) > 7 and lines[7].strip() == "ready" and _answers(int(lines[3])):
            return Running(int(lines[0]), int(lines[3]))
        # Started by someone who died before it was ready; or killed, and not gone yet.
        time.sleep(0.05)
    return None


def _answers(port: int) -> bool:
    """Whether the server lives: each connection wants a new process of it, unlike a mere accept.

    It asks for encryption (PostgreSQL's manual, "SSL Session Encryption"), which is declined.
    """
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(struct.pack("!II", 8, 80877103))
            return connection.recv(1) in (b"N", b"S")
    except OSError:
        return False


def _pid_file(directory: Path) -> list[str]:
    """The lines of postmaster.pid: process id, …, port in the 4th, state in the 8th."""
    try:
        return (directory / "postmaster.pid").read_text().splitlines()
    except (FileNotFoundError, PermissionError):
        return []


def without_credentials(url: str) -> str:
    """A database's address as it may be shown."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _await_orphans(directory: Path) -> None:
    """After kill -9 of the postmaster its children end by themselves; then the pid file is void.

    The file must go when its process id now belongs to another process (or to a zombie that
    nobody reaps, as in containers without an init): PostgreSQL would believe it.
    """
    deadline = time.monotonic() + _PATIENCE
    while orphans := [pid for pid in _process_ids() if _serves(pid, directory)]:
        if time.monotonic() > deadline:
            raise DatabaseDirectoryUnusable(
                f"processes {orphans} of an earlier server still use {directory}: end them"
            )
        time.sleep(0.05)
    (directory / "postmaster.pid").unlink(missing_ok=True)


def _ends(pid: int, directory: Path) -> bool:
    """Wait until the server has gone, not for ever."""
    deadline = time.monotonic() + _PATIENCE
    while _serves(pid, directory):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _process_ids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _serves(pid: int, directory: Path) -> bool:
    """Whether `pid` is alive and a server process of `directory`: they all work inside it."""
    try:
        return os.path.samefile(f"/proc/{pid}/cwd", directory)
    except OSError:  # gone, a zombie, or somebody else's process
        return False
