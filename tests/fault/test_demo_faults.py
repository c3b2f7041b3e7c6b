"""The demo when something goes wrong: nothing is left running, the next start works."""

import os
import signal
import socket
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from bansao.postgres import running_server
from tests.testkit.demo import BASE, Demo, children_of, listening, wait_until
from tests.testkit.postgres import open_directory

PORTS = range(BASE + 1, BASE + 7)


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """One data directory for all: its first copy is issued once."""
    with open_directory() as directory:
        yield directory


@pytest.fixture
def demos(data: Path) -> Iterator[list[Demo]]:
    started: list[Demo] = []
    yield started
    for demo in started:
        if demo.process.poll() is None:
            demo.process.kill()
            demo.process.communicate()
    wait_until(lambda: not children_of(data), 20)
    server = running_server(data / "postgres")
    if server is not None:  # left by a demo that was killed
        os.kill(server.pid, signal.SIGINT)
        wait_until(lambda: running_server(data / "postgres") is None, 20)


def start(demos: list[Demo], data: Path, port_base: int = BASE) -> Demo:
    demos.append(Demo(data, port_base))
    return demos[-1]


def assert_nothing_runs(data: Path) -> None:
    assert not any(listening(port) for port in PORTS)
    assert children_of(data) == {}
    assert running_server(data / "postgres") is None


@pytest.mark.timeout(600)
def test_it_gets_ready_refuses_a_second_one_and_stops_on_ctrl_c(
    demos: list[Demo], data: Path
) -> None:
    demo = start(demos, data)
    summary = demo.ready()
    for room in ("kiosk", "desk", "portal", "dashboard"):
        with urllib.request.urlopen(summary[room], timeout=10) as page:  # noqa: S310
            assert page.status == 200
    assert summary["first_copy"]
    assert {login["username"] for login in summary["officers"]} == {"lan", "minh"}

    second = start(demos, data, port_base=BASE + 100)
    assert second.process.wait(60) == 1
    assert second.process.stderr is not None
    assert f"process {demo.process.pid}" in second.process.stderr.read()

    code, _ = demo.end()
    assert code == 0
    assert_nothing_runs(data)

    again = start(demos, data)
    assert again.ready()["first_copy"] == summary["first_copy"]
    assert again.end(signal.SIGTERM)[0] == 0
    assert_nothing_runs(data)


@pytest.mark.timeout(300)
def test_a_taken_port_is_named_with_the_way_around_it(demos: list[Demo], data: Path) -> None:
    with socket.socket() as owner:
        owner.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        owner.bind(("127.0.0.1", BASE + 3))
        owner.listen()
        demo = start(demos, data)
        assert demo.process.wait(60) == 1
    assert demo.process.stderr is not None
    told = demo.process.stderr.read()
    assert f"port {BASE + 3}, the portal's, is taken" in told
    assert "--port-base" in told
    assert_nothing_runs(data)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("room", ["worker", "portal", "witness"])
def test_a_process_that_dies_is_named_and_all_is_stopped(
    room: str, demos: list[Demo], data: Path
) -> None:
    demo = start(demos, data)
    demo.ready()
    os.kill(children_of(data)[room], signal.SIGKILL)
    _, told = demo.process.communicate(timeout=60)
    assert demo.process.returncode == 1
    assert f"{room} ended (" in told
    assert f"{room}.log" in told
    assert_nothing_runs(data)


@pytest.mark.timeout(600)
def test_a_database_that_dies_is_named_and_the_next_start_recovers(
    demos: list[Demo], data: Path
) -> None:
    demo = start(demos, data)
    first = demo.ready()["first_copy"]
    server = running_server(data / "postgres")
    assert server is not None
    os.kill(server.pid, signal.SIGKILL)
    _, told = demo.process.communicate(timeout=60)
    assert demo.process.returncode == 1
    assert "PostgreSQL ended" in told
    assert_nothing_runs(data)
    assert start(demos, data).ready()["first_copy"] == first


@pytest.mark.timeout(600)
def test_killed_itself_it_takes_its_processes_along_and_starts_again(
    demos: list[Demo], data: Path
) -> None:
    demo = start(demos, data)
    demo.ready()
    demo.process.kill()
    demo.process.communicate()
    wait_until(lambda: not any(listening(port) for port in PORTS), 10)
    wait_until(lambda: children_of(data) == {}, 10)
    again = start(demos, data)
    again.ready()
    assert again.end()[0] == 0
    assert_nothing_runs(data)
