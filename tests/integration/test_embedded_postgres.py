"""The embedded PostgreSQL as its users meet it: started, shared, stopped, killed, refused."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from bansao import cluster
from bansao.errors import DatabaseDirectoryUnusable, DiskFull, SecretLost
from bansao.postgres import Postgres, running_server
from bansao.unprivileged import identity_for
from tests.testkit.postgres import copied, open_directory

# Joins, tells the process id of the server, waits for a line, leaves.
USER = """
import sys
from pathlib import Path
from bansao.postgres import Postgres, running_server
with Postgres.join_or_start(Path(sys.argv[1])) as server:
    print(running_server(server.directory).pid, flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def empty() -> Iterator[Path]:
    with open_directory() as directory:
        yield directory


@pytest.fixture(scope="module")
def stopped() -> Iterator[Path]:
    with open_directory() as directory:
        with Postgres.join_or_start(directory):
            pass
        yield directory


@pytest.fixture
def data(stopped: Path) -> Iterator[Path]:
    """A data directory in which a server has run before."""
    with copied(stopped) as directory:
        yield directory


def start_user(data: Path, *prefix: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*prefix, sys.executable, "-c", USER, str(data)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )


def pid_told_by(user: subprocess.Popen[str]) -> int:
    assert user.stdout is not None
    return int(user.stdout.readline())


def let_go(user: subprocess.Popen[str]) -> None:
    user.communicate("\n", timeout=60)
    assert user.returncode == 0


def connect(server: Postgres) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(server.admin_url.replace("/bansao", "/postgres"), autocommit=True)


def ask(server: Postgres, question: str) -> object:
    with connect(server) as connection:
        row = connection.execute(question.encode()).fetchone()
    assert row is not None
    return row[0]


def server_pid(server: Postgres) -> int:
    running = running_server(server.directory)
    assert running is not None
    return running.pid


def test_data_and_address_survive_a_stop(empty: Path) -> None:
    with Postgres.join_or_start(empty) as server:
        port = server.port
        with connect(server) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    assert running_server(server.directory) is None
    with Postgres.join_or_start(empty) as server:
        assert server.port == port
        assert ask(server, "SELECT number FROM kept") == 7


def test_it_is_durable_local_and_closed_to_strangers(data: Path) -> None:
    with Postgres.join_or_start(data) as server:
        settings = {
            name: ask(server, f"SHOW {name}")
            for name in ("fsync", "listen_addresses", "wal_level", "data_checksums")
        }
        assert settings == {
            "fsync": "on",
            "listen_addresses": "127.0.0.1",
            "wal_level": "replica",
            "data_checksums": "on",
        }
        assert "@" not in server.url
        assert (server.secrets / "db_postgres").stat().st_mode & 0o777 == 0o600
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(f"postgresql://postgres:guess@127.0.0.1:{server.port}/postgres")


def test_no_statement_reaches_the_log(data: Path) -> None:
    with Postgres.join_or_start(data) as server, connect(server) as connection:
        connection.execute("CREATE TABLE person (name text UNIQUE)")
        insert = "INSERT INTO person VALUES ('Phạm Thị Riêng')"
        connection.execute(insert)
        with pytest.raises(psycopg.errors.UniqueViolation, match="Riêng"):
            connection.execute(insert)  # the caller is told, the log is not
    assert "Riêng" not in server.log.read_text()
    assert "duplicate key" in server.log.read_text()


def test_after_kill_9_what_was_committed_is_there(data: Path) -> None:
    with Postgres.join_or_start(data) as server:
        with connect(server) as connection:
            connection.execute("CREATE TABLE kept (number int)")
            connection.execute("INSERT INTO kept SELECT generate_series(1, 1000)")
        os.kill(server_pid(server), signal.SIGKILL)
    with Postgres.join_or_start(data) as again:
        assert ask(again, "SELECT count(*) FROM kept") == 1000


def test_a_process_id_that_now_belongs_to_someone_else_is_not_believed(data: Path) -> None:
    with Postgres.join_or_start(data) as server:
        os.kill(server_pid(server), signal.SIGKILL)
        pid_file = server.directory / "postmaster.pid"
        lines = pid_file.read_text().splitlines()
        with subprocess.Popen(["sleep", "60"]) as stranger:
            pid_file.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
            with Postgres.join_or_start(data) as again:
                assert ask(again, "SELECT 1") == 1
                assert stranger.poll() is None
            stranger.kill()


def test_the_last_user_stops_it(data: Path) -> None:
    first, second = Postgres.join_or_start(data), Postgres.join_or_start(data)
    assert first.port == second.port
    first.leave()
    assert ask(second, "SELECT 1") == 1
    second.leave()
    assert not second.alive()


def test_users_that_start_at_once_share_one_server(empty: Path) -> None:
    users = [start_user(empty) for _ in range(3)]
    assert len({pid_told_by(user) for user in users}) == 1
    for user in users[:2]:
        let_go(user)
    assert running_server(empty / "postgres") is not None
    let_go(users[2])
    assert running_server(empty / "postgres") is None


def test_a_killed_user_leaves_a_server_that_the_next_one_joins(data: Path) -> None:
    user = start_user(data)
    pid = pid_told_by(user)
    user.kill()
    user.communicate()
    with Postgres.join_or_start(data) as server:
        assert server_pid(server) == pid
    assert not server.alive()


def test_a_start_that_was_killed_leaves_nothing_half_made(empty: Path) -> None:
    user = start_user(empty)
    deadline = time.monotonic() + 30
    while not (empty / "postgres.new").exists() and time.monotonic() < deadline:
        time.sleep(0.005)
    user.kill()
    user.communicate()
    with Postgres.join_or_start(empty) as server:
        assert ask(server, "SELECT 1") == 1
    assert not (empty / "postgres.new").exists()


def test_a_taken_port_is_left_to_its_owner(data: Path) -> None:
    with Postgres.join_or_start(data) as server:
        port = server.port
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen()
        with Postgres.join_or_start(data) as server:
            assert server.port != port
            assert ask(server, "SELECT 1") == 1


def test_another_version_is_named(empty: Path) -> None:
    (empty / "postgres").mkdir()
    (empty / "postgres" / "PG_VERSION").write_text("14\n")
    with pytest.raises(DatabaseDirectoryUnusable, match="made by PostgreSQL 14, this is 18"):
        Postgres.join_or_start(empty)


def test_somebody_elses_directory_is_left_alone(empty: Path) -> None:
    (empty / "postgres").mkdir()
    (empty / "postgres" / "letters.txt").write_text("mine")
    with pytest.raises(DatabaseDirectoryUnusable, match="BANSAO_DATA"):
        Postgres.join_or_start(empty)
    assert (empty / "postgres" / "letters.txt").read_text() == "mine"


def test_a_lost_password_is_asked_back(data: Path) -> None:
    with Postgres.join_or_start(data):
        pass
    (data / "secrets" / "db_postgres").unlink()
    with pytest.raises(SecretLost, match="backup"):
        Postgres.join_or_start(data)


def test_a_full_disk_is_named_and_leaves_nothing_half_made(empty: Path) -> None:
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=12m,mode=711", "tmpfs", str(empty)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode != 0:
        pytest.skip("no small disk can be mounted here (needs CAP_SYS_ADMIN)")
    try:
        with pytest.raises(DiskFull, match=str(empty)):
            Postgres.join_or_start(empty)
        assert not (empty / "postgres").exists()
        assert not (empty / "postgres.new").exists()
    finally:
        subprocess.run(["umount", str(empty)], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="the tests do not run as root: nothing to drop")
def test_root_drops_its_rights(data: Path) -> None:
    with Postgres.join_or_start(data) as server:
        assert Path(f"/proc/{server_pid(server)}").stat().st_uid != 0


@pytest.mark.skipif(os.geteuid() != 0, reason="the tests do not run as root: nothing to drop")
def test_root_serves_from_a_directory_closed_to_others(empty: Path) -> None:
    _require_user_namespaces()
    closed = empty / "closed"
    closed.mkdir(mode=0o700)
    with Postgres.join_or_start(closed / "data") as server:
        assert ask(server, "SELECT 1") == 1
    assert closed.stat().st_mode & 0o777 == 0o700
    with Postgres.join_or_start(closed / "data") as server:
        assert ask(server, "SELECT 1") == 1
    program = cluster.binaries() / "postgres"
    assert identity_for(program, closed / "data", closed / "data" / "postgres").namespace


@pytest.mark.skipif(os.geteuid() != 0, reason="the tests run as an ordinary user already")
def test_an_ordinary_user_needs_nothing(empty: Path) -> None:
    _require_user_namespaces()
    user = start_user(empty, "unshare", "--user", "--map-user=1000", "--map-group=1000")
    assert pid_told_by(user) > 0
    let_go(user)


def _require_user_namespaces() -> None:
    if shutil.which("unshare") is None:
        pytest.skip("no unshare here")
    done = subprocess.run(["unshare", "--user", "true"], capture_output=True, check=False)
    if done.returncode != 0:
        pytest.skip("user namespaces are not allowed here")
