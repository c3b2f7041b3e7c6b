"""The publisher as an installation runs it: its own process, beside a second one, with a witness
and a time-stamp authority that are processes and services of their own.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psycopg
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from registry.errors import NothingPublished
from registry.log.cosignature import parse_cosigner
from registry.log.note import parse_verifier
from registry.log.policy import Policy, TrustedLog, Witness, policy_text
from registry.proving import latest_checkpoint
from tests.testkit.copies import LOG_KEY, ORIGIN, VKEY, registered, store_of
from tests.testkit.issued import SigningHouse, signing_house
from tests.testkit.postgres import Database
from tests.testkit.rooms import free_port
from tests.testkit.witness_process import WitnessProcess, witness_process

__all__ = ["signing_house"]

ROOT = Path(__file__).parents[2]


class Installation:
    """Settings of one log, and the processes that were started for it."""

    def __init__(self, home: Path, database: Database, house: SigningHouse) -> None:
        self.home = home
        self.database = database
        self.processes: list[subprocess.Popen[bytes]] = []
        secrets, trust = home / "secrets", home / "trust"
        for directory in (secrets, trust):
            directory.mkdir()
        pem = LOG_KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (secrets / "log_key.pem").write_bytes(pem)
        for path in database.secrets.glob("db_*"):
            (secrets / path.name).write_bytes(path.read_bytes())
        (trust / "log.vkey").write_text(VKEY)
        (trust / "root.pem").write_bytes((house.trust / "root.pem").read_bytes())
        own = {name: value for name, value in os.environ.items() if "BANSAO" not in name}
        self.environment = own | {
            "BANSAO_DATA": str(home),
            "BANSAO_DATABASE_URL": database.url,
            "BANSAO_ORIGIN": ORIGIN,
            "BANSAO_TSA_URL": house.tsa_url,
        }

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.home / f"log-{len(self.processes)}").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "bansao", *arguments],
                env=self.environment,
                cwd=ROOT,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )
        self.processes.append(process)
        return process

    def needs(self, witness: WitnessProcess) -> Policy:
        """From now on no publication without this witness's cosignature."""
        listed = Witness("W", parse_cosigner(witness.vkey), witness.url)
        policy = Policy((TrustedLog(parse_verifier(VKEY)),), (listed,), (), "W")
        (self.home / "trust" / "log.policy").write_text(policy_text(policy))
        return policy

    def told(self) -> str:
        return "".join(path.read_text() for path in sorted(self.home.glob("log-*")))


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[WitnessProcess]:
    with witness_process(tmp_path / "witness") as running:
        yield running
        assert "forked" not in running.log.read_text()


@pytest.fixture
def installation(
    tmp_path: Path, database: Database, signing_house: SigningHouse
) -> Iterator[Installation]:
    made = Installation(tmp_path, database, signing_house)
    yield made
    for process in made.processes:
        process.kill()
        process.wait()


async def published(database: Database, size: int) -> str:
    """The note of this size, once it answers."""
    async with store_of(database, "registry_reader") as reader:
        while True:
            with contextlib.suppress(NothingPublished):
                checkpoint = await latest_checkpoint(reader)
                if checkpoint.size == size:
                    return checkpoint.note
            await asyncio.sleep(0.05)


def rows(database: Database, question: str) -> list[tuple[object, ...]]:
    with psycopg.connect(database.role_url("registry_reader")) as connection:
        return connection.execute(question.encode()).fetchall()


async def test_two_publishers_race_and_the_witness_sees_one_log(
    installation: Installation, witness: WitnessProcess, database: Database
) -> None:
    policy = installation.needs(witness)
    publishers = [installation.start("serve", "publisher") for _ in range(2)]
    size = 0
    for step in (1, 7, 30, 2, 60, 1, 19):
        await registered(database, step)
        size += step
        await asyncio.sleep(0.3)
    note = await published(database, size)
    assert policy.open_checkpoint(note).size == size
    until(
        lambda: (
            rows(database, "SELECT count(*) FROM registry.checkpoint_time")
            == rows(database, "SELECT count(*) FROM registry.checkpoint")
        )
    )
    for process in publishers:
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    told = installation.told()
    assert "forked" not in told
    assert '"level": "error"' not in told
    checkpoints = rows(database, "SELECT size FROM registry.checkpoint")
    assert len(checkpoints) <= 8, "a step signs one checkpoint, however many appends there were"
    unanswered = rows(
        database,
        "SELECT p.size FROM registry.publication p LEFT JOIN registry.cosignature c USING (size) "
        "WHERE c.size IS NULL",
    )
    assert unanswered == [], "nothing was published without the witness"


async def test_a_publisher_that_is_killed_again_and_again_leaves_one_log(
    installation: Installation, witness: WitnessProcess, database: Database
) -> None:
    policy = installation.needs(witness)
    size = 0
    for step in range(1, 6):
        process = installation.start("serve", "publisher")
        await registered(database, step)
        size += step
        await asyncio.sleep(0.9 + 0.13 * step)
        process.kill()
        process.wait()
    installation.start("serve", "publisher")
    assert policy.open_checkpoint(await published(database, size)).size == size
    assert "forked" not in installation.told()


async def test_prometheus_reads_how_it_stands(
    installation: Installation, witness: WitnessProcess, database: Database
) -> None:
    installation.needs(witness)
    port = free_port()
    installation.start("serve", "publisher", "--port", str(port))
    await registered(database, 3)
    await published(database, 3)
    async with httpx.AsyncClient() as http:
        text = (await http.get(f"http://127.0.0.1:{port}/metrics")).text
    assert "bansao_log_size 3.0" in text
    assert 'bansao_log_witness{state="cosigned",witness="W"} 1.0' in text


async def test_a_publisher_whose_policy_is_broken_says_so_and_ends(
    installation: Installation,
) -> None:
    (installation.home / "trust" / "log.policy").write_text("quorum nobody\n")
    process = installation.start("serve", "publisher")
    assert process.wait(30) == 1
    assert "log.policy: line 1" in installation.told()
