"""`bansao export tiles` as a process, to a directory and to a bucket."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from benchmarks.bulk import ORIGIN, VKEY, Bulk
from tests.testkit.postgres import Database

ROOT = Path(__file__).parents[2]
OWN = {name: value for name, value in os.environ.items() if not name.startswith("BANSAO_")}


@pytest.fixture
def environment(database: Database, tmp_path: Path) -> dict[str, str]:
    """Of an installation whose database is somebody else's."""
    trust = tmp_path / "trust"
    trust.mkdir()
    (trust / "log.vkey").write_text(VKEY)
    return OWN | {
        "BANSAO_DATA": str(tmp_path),
        "BANSAO_DATABASE_URL": database.url,
        "BANSAO_SECRETS": str(database.secrets),
        "BANSAO_TRUST": str(trust),
    }


def fill(database: Database, size: int) -> None:
    async def grow() -> None:
        async with await Bulk.connect(database.superuser_url) as bulk:
            await bulk.grow(size)

    asyncio.run(grow())


def command(target: str | Path) -> list[str]:
    return [sys.executable, "-m", "bansao", "export", "tiles", str(target), "--json"]


def export(target: str | Path, environment: dict[str, str]) -> tuple[int, dict[str, Any], str]:
    done = subprocess.run(
        command(target), env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.returncode, json.loads(done.stdout or "{}"), done.stderr


def test_it_says_what_it_wrote(
    database: Database, environment: dict[str, str], tmp_path: Path
) -> None:
    fill(database, 300)
    target = tmp_path / "public" / "log"
    code, answer, told = export(target, environment)
    written = [path for path in target.rglob("*") if path.is_file()]
    assert (code, told) == (0, "")
    assert answer == {
        "target": str(target),
        "origin": ORIGIN,
        "size": 300,
        "files": len(written),
        "bytes": sum(path.stat().st_size for path in written),
    }
    assert export(target, environment)[1]["files"] == 0


def test_what_cannot_be_exported_is_told_in_one_line(
    database: Database, environment: dict[str, str], tmp_path: Path
) -> None:
    code, answer, told = export(tmp_path / "log", environment)
    assert (code, answer["error"]["code"]) == (1, "nothing_published")
    fill(database, 1)
    target = tmp_path / "other"
    target.mkdir()
    (target / "checkpoint").write_text("no note\n")
    code, answer, told = export(target, environment)
    assert (code, answer["error"]["code"]) == (1, "export_refused")
    assert told == f"bansao: {answer['error']['message']}\n"
    code, _, told = export("https://log.example/log", environment)
    assert code == 2
    assert "a web server is read, not written" in told


def test_killed_on_its_way_it_left_no_checkpoint_and_goes_on(
    database: Database, environment: dict[str, str], tmp_path: Path
) -> None:
    fill(database, 60_000)
    target = tmp_path / "log"
    exporting = subprocess.Popen(
        command(target), env=environment, cwd=ROOT, stdout=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 60
    while not (target / "tile" / "entries" / "000").exists() and time.monotonic() < deadline:
        time.sleep(0.002)
    exporting.kill()
    assert exporting.wait() < 0
    assert not (target / "checkpoint").exists()
    before = sum(path.is_file() for path in target.rglob("*"))
    assert before > 0
    code, answer, _ = export(target, environment)
    after = sum(path.is_file() for path in target.rglob("*") if "#" not in path.name)
    assert (code, answer["size"]) == (0, 60_000)
    assert answer["files"] < after


def test_a_bucket_gets_the_same_files_with_the_headers_to_serve_them(
    database: Database, environment: dict[str, str], tmp_path: Path
) -> None:
    fill(database, 300)
    assert export(tmp_path / "log", environment)[0] == 0
    with bucket() as (url, objects):
        there = environment | {
            "AWS_ENDPOINT_URL": url,
            "AWS_ACCESS_KEY_ID": "nobody",
            "AWS_SECRET_ACCESS_KEY": "nothing",
            "AWS_REGION": "nowhere-1",
        }
        code, answer, told = export("s3://public/log", there)
        assert (code, told) == (0, "")
        assert answer["files"] == len(objects)
        assert export("s3://public/log", there)[1]["files"] == 0
    for path, (content, headers) in objects.items():
        below = path.removeprefix("/public/log/")
        assert content == (tmp_path / "log" / below).read_bytes()
        immutable = "immutable" in headers["Cache-Control"]
        assert immutable == below.startswith("tile/")
    assert objects["/public/log/checkpoint"][1]["Content-Type"] == "text/plain; charset=utf-8"


@contextmanager
def bucket() -> Iterator[tuple[str, dict[str, tuple[bytes, Any]]]]:
    """TEST FAKE: the two requests of S3's protocol that an export makes; nothing is authorised."""
    objects: dict[str, tuple[bytes, Any]] = {}

    class Requests(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None: ...

        def do_PUT(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            objects[self.path] = (content, self.headers)
            self.answer(200, b"")

        def do_GET(self) -> None:
            content, _ = objects.get(self.path, (None, None))
            self.answer(404 if content is None else 200, content or b"")

        def answer(self, status: int, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("ETag", '"1"')
            self.send_header("Last-Modified", "Sun, 22 Nov 2026 02:15:30 GMT")
            self.end_headers()
            self.wfile.write(content)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Requests)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", objects
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
