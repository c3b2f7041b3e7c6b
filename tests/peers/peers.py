"""Our running log before software in Go that others wrote (`make peers`; for Python: aics.py).

Not part of `make test`: it needs Go, and builds what the module proxy serves.
"""

import asyncio
import base64
import hashlib
import itertools
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from registry.clock import utc_now
from registry.log.checkpoint import Checkpoint
from registry.log.policy import parse_policy
from registry.proving import inclusion_proof
from registry.publish import Publisher, publish
from registry.store import Store
from tests.testkit.certifying import ORIGIN, Office, older_office, tsa_secrets
from tests.testkit.copies import registered
from tests.testkit.rooms import await_port, free_port
from tests.testkit.trees import TiledTree, Tree, VastTree, size_pairs

__all__ = ["older_office", "tsa_secrets"]

HERE = Path(__file__).parent
# Go's tlog counts in int64 and doubles: more than 2^62 leaves are beyond it.
LARGE_SIZES = [65_535, 65_536, 65_537, 10_000_019, 2**32, 2**40 + 12_345, 2**61 + 1, 2**62]
MARKED = {0: b"first", 65_535: b"edge", 9_999_999: b"middle", 2**62 - 1: b"last"}


class Programs(msgspec.Struct, frozen=True, kw_only=True):
    """What was built from the module proxy: our driver of their packages, and their witness."""

    peers: Path
    litewitness: Path

    def __call__(self, *arguments: object, given: str = "", refused: bool = False) -> Any:
        done = subprocess.run(
            [self.peers, *map(str, arguments)],
            input=given,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        if refused:
            assert done.returncode == 1, done.stdout
            return done.stderr
        assert done.returncode == 0, done.stderr
        print(arguments[0], done.stdout.strip())  # noqa: T201 - `make peers` shows what they said
        return json.loads(done.stdout)


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Programs:
    if shutil.which("go") is None:
        pytest.skip("there is no Go on this machine")
    download = ["go", "mod", "download"]
    fetched = subprocess.run(download, cwd=HERE, capture_output=True, text=True, check=False)
    if fetched.returncode:
        pytest.skip(f"the Go module proxy does not serve the peers: {fetched.stderr[-500:]}")
    built = tmp_path_factory.mktemp("peers")
    for package in (".", "filippo.io/torchwood/cmd/litewitness"):
        subprocess.run(["go", "build", "-o", f"{built}/", package], cwd=HERE, check=True)
    return Programs(peers=built / "peers", litewitness=built / "litewitness")


class Log(msgspec.Struct, frozen=True, kw_only=True):
    """A running portal over a test's database, and who publishes there."""

    office: Office
    url: str

    @property
    def vkey(self) -> str:
        return (self.office.settings.registry.trust / "log.vkey").read_text("utf-8").strip()

    def policy(self, path: Path, *lines: str) -> Path:
        """A policy file that trusts this log."""
        path.write_text("\n".join([f"log {self.vkey}", *lines]) + "\n")
        return path

    async def grow(self, count: int, policy: Path | None = None) -> Checkpoint:
        """`count` more copies, published as a policy asks."""
        await registered(self.office.database, count)
        settings = self.office.settings.registry
        async with await Store.connect(settings.role_url("registry_publisher")) as store:
            if policy is None:
                return await publish(store, settings.log_key(), ORIGIN, utc_now)
            trust = parse_policy(policy.read_text())  # noqa: ASYNC240 - a test's file
            async with Publisher(store, settings.log_key(), ORIGIN, utc_now, trust) as publisher:
                return await publisher.advance()

    async def proof(self, index: int) -> str:
        settings = self.office.settings.registry
        async with await Store.connect(settings.role_url("registry_reader")) as store:
            return await inclusion_proof(store, index)

    def checkpoint(self) -> str:
        with urllib.request.urlopen(f"{self.url}/checkpoint") as response:  # noqa: S310
            return str(response.read().decode())


@pytest.fixture
def log(older_office: Office, tmp_path: Path) -> Iterator[Log]:
    port = free_port()
    lines = tmp_path / "portal.log"
    command = ["-m", "bansao", "serve", "portal", "--port", str(port)]
    with running(sys.executable, *command, lines=lines, environment=older_office.environment):
        await_port(port, lines)
        yield Log(office=older_office, url=f"http://127.0.0.1:{port}/log")


class Witness(msgspec.Struct, frozen=True, kw_only=True):
    url: str
    vkey: str


@pytest.fixture
def litewitness(programs: Programs, log: Log, tmp_path: Path) -> Iterator[Witness]:
    """torchwood's witness, which knows our log's key and nothing else of it."""
    socket, state, lines = tmp_path / "agent", tmp_path / "state", tmp_path / "witness.log"
    port = free_port()
    with running(programs.peers, "agent", socket, lines=tmp_path / "agent.log") as agent_lines:
        key = json.loads(first_line(agent_lines, '"Key"'))["Key"]
        address = f"127.0.0.1:{port}"
        started = ["-name", "witness.test/lite", "-db", state, "-ssh-agent", socket]
        with running(programs.litewitness, *started, "-key", key, "-listen", address, lines=lines):
            await_port(port, lines)
            vkey = first_line(lines, "vkey=").split("vkey=")[1].strip().strip('"')
            watch(state, log.vkey)
            yield Witness(url=f"http://{address}", vkey=vkey)


def watch(state: Path, vkey: str) -> None:
    """What torchwood's witnessctl does; it cannot be built from what the proxy serves."""
    empty = base64.b64encode(hashlib.sha256(b"").digest()).decode()
    with sqlite3.connect(state) as database:
        database.execute("INSERT INTO log VALUES (?, 0, ?)", (ORIGIN, empty))
        database.execute("INSERT INTO key VALUES (?, ?)", (ORIGIN, vkey))


def test_tlog_and_merkle_accept_our_proofs_and_refuse_spoilt_ones(programs: Programs) -> None:
    """Every inclusion and consistency proof up to 300 leaves, and some of up to 2^62."""
    small = TiledTree([b"%d" % at for at in range(300)])
    vast = VastTree(2**62, MARKED)
    told = programs("proofs", given="\n".join(itertools.chain(claims(small), vast_claims(vast))))
    assert told["Inclusion"] == 300 * 301 // 2 + sum(
        index < size for size in LARGE_SIZES for index in MARKED
    )
    assert told["Consistency"] == 300 * 301 // 2 + len(size_pairs(LARGE_SIZES))
    assert told["Refused"] > 1000


async def test_a_portal_is_read_proved_and_rederived(
    programs: Programs, log: Log, tmp_path: Path
) -> None:
    """Partial tiles only, then full ones; torchwood's client, tessera's, and tessera's fsck."""
    policy = log.policy(tmp_path / "policy", "quorum none")
    await log.grow(3)
    older = tmp_path / "older"
    older.write_text(log.checkpoint())
    assert (await read(programs, log, policy))["Entries"] == 3
    newer = await log.grow(600)
    told = await read(programs, log, policy, older)
    assert told | {"Root": base64.b64decode(told["Root"])} == {
        "Origin": ORIGIN,
        "Size": 603,
        "Root": newer.root_hash,
        "Entries": 603,
        "Proved": 603,
        "ContinuesAt": 3,
        "Fsck": True,
    }


async def test_torchwood_verifies_the_proofs_that_holders_keep(
    programs: Programs, log: Log, tmp_path: Path
) -> None:
    policy = log.policy(tmp_path / "policy", "quorum none")
    await log.grow(5)
    for index in range(5):
        proof = tmp_path / f"{index}.tlog-proof"
        proof.write_text(await log.proof(index))
        assert '"kind":"issued"' in programs("file", policy, proof)["Entry"]
    proof.write_text(proof.read_text().replace("index 4", "index 3"))
    assert "verification failed" in programs("file", policy, proof, refused=True)


async def test_our_publisher_collects_the_cosignature_of_torchwoods_witness(
    programs: Programs, log: Log, litewitness: Witness, tmp_path: Path
) -> None:
    """With a quorum of that witness nothing is published without it; holders' proofs carry it."""
    policy = log.policy(
        tmp_path / "policy", f"witness lite {litewitness.vkey} {litewitness.url}", "quorum lite"
    )
    for count, size in ((3, 3), (2, 5), (300, 305)):
        assert (await log.grow(count, policy)).size == size
        assert log.checkpoint().count("\n\u2014 ") == 2
        assert (await read(programs, log, policy))["Size"] == size
    proof = tmp_path / "kept.tlog-proof"
    proof.write_text(await log.proof(4))
    assert '"kind":"issued"' in programs("file", policy, proof)["Entry"]
    proof.write_text("".join(proof.read_text().splitlines(keepends=True)[:-1]))
    assert "policy components satisfied" in programs("file", policy, proof, refused=True)


async def test_torchwoods_witness_follows_a_log_that_does_not_know_it(
    programs: Programs, log: Log, litewitness: Witness
) -> None:
    """Checkpoint and consistency proofs come from the portal's public files alone."""
    for count, size in ((2, 2), (5, 7), (600, 607)):
        await log.grow(count)
        told = await asyncio.to_thread(programs, "feed", log.url, litewitness.url)
        assert told["Size"] == size
        assert told["Line"].startswith("\u2014 witness.test/lite ")


async def read(programs: Programs, log: Log, policy: Path, *older: Path) -> Any:
    return await asyncio.to_thread(programs, "read", log.url, log.vkey, policy, *older)


def claims(tree: Tree) -> Iterator[str]:
    """Every true proof of a tree, and, of each, one that is spoilt in a way of its turn."""
    for size in range(1, tree.size + 1):
        for at in range(size):
            proof = tree.inclusion(at, size)
            yield from claim("inclusion", at, size, tree.leaf(at), proof, tree.root(size))
            proof = tree.consistency(at + 1, size)
            yield from claim("consistency", at + 1, size, tree.root(at + 1), proof, tree.root(size))


def vast_claims(tree: Tree) -> Iterator[str]:
    for size, index in itertools.product(LARGE_SIZES, MARKED):
        if index < size:
            proof = tree.inclusion(index, size)
            yield from claim("inclusion", index, size, tree.leaf(index), proof, tree.root(size))
    for old, new in size_pairs(LARGE_SIZES):
        proof = tree.consistency(old, new)
        yield from claim("consistency", old, new, tree.root(old), proof, tree.root(new))


def claim(
    kind: str, first: int, second: int, known: bytes, proof: list[bytes], root: bytes
) -> Iterable[str]:
    def line(proof: list[bytes], *, true: bool) -> str:
        values = {"Hash": b64(known), "Root": b64(root), "Proof": [b64(one) for one in proof]}
        return json.dumps({"Kind": kind, "First": first, "Second": second, "True": true} | values)

    yield line(proof, true=True)
    spoilt = [[*proof, root], proof[1:], [*proof[:-1], root], proof[::-1]][(first + second) % 4]
    if (first * second) % 37 == 0 and spoilt != proof:
        yield line(spoilt, true=False)


def b64(value: bytes) -> str:
    return base64.b64encode(value).decode()


@contextmanager
def running(
    program: Path | str, *arguments: object, lines: Path, environment: dict[str, str] | None = None
) -> Iterator[Path]:
    """A process that ends with the block; its words go to `lines`."""
    with lines.open("wb") as file:
        process = subprocess.Popen(
            [str(program), *map(str, arguments)],
            env=os.environ | (environment or {}),
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    try:
        yield lines
    finally:
        process.terminate()
        process.wait(30)


def first_line(lines: Path, holding: str, tries: int = 600) -> str:
    """Wait for a process to say something."""
    for _ in range(tries):
        for line in lines.read_text().splitlines():
            if holding in line:
                return line
        time.sleep(0.05)
    pytest.fail(f"nothing with {holding}: {lines.read_text()}")
