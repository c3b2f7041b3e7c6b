"""A witness killed at any moment, or without a disk, never signs two histories."""

import contextlib
import os
import random
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx
import pytest

from registry.clock import utc_now
from registry.log.note import parse_verifier
from registry.log.witnessing import AddCheckpoint, InconsistentTree, SizeConflict, request_text
from registry.witness.evidence import origin_hash
from registry.witness.identity import open_identity
from registry.witness.witness import Witness
from tests.testkit.copies import ORIGIN, VKEY
from tests.testkit.log_files import LogFiles
from tests.testkit.rooms import free_port
from tests.testkit.witness_process import WitnessProcess, witness_process

CHILD = Path(__file__).with_name("witness_child.py")
ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("BANSAO_WITNESS_KILLS", "6"))


@pytest.fixture
def log(tmp_path: Path) -> LogFiles:
    log = LogFiles(tmp_path / "log")
    log.grow(400)
    return log


@pytest.fixture
def forked(tmp_path: Path) -> LogFiles:
    """The same history up to entry 10."""
    forked = LogFiles(tmp_path / "forked")
    forked.grow(10)
    forked.grow(390, mark="other")
    return forked


@contextlib.contextmanager
def opened(home: Path) -> Iterator[Witness]:
    identity = open_identity(home)
    with identity.memory:
        yield Witness(identity, home, [parse_verifier(VKEY)], utc_now)


@pytest.mark.parametrize(
    ("when", "step", "kept"),
    [
        ("before", "judge", 100),
        ("after", "judge", 100),
        ("after", "cosign", 100),
        ("after", "keep", 100),
        ("after", "_cosign", 150),  # on disk, and not answered
    ],
)
def test_killed_at_a_step(
    tmp_path: Path, log: LogFiles, forked: LogFiles, when: str, step: str, kept: int
) -> None:
    home = tmp_path / "w"
    with opened(home) as witness:
        witness.add_checkpoint(log.request(0, 100))
    ended = subprocess.run(
        [sys.executable, str(CHILD), str(home), when, step],
        input=request_text(log.request(100, 150)).encode(),
        capture_output=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (-9, b""), ended.stderr
    with opened(home) as witness:
        latest = witness.latest(ORIGIN)
        assert latest is not None
        assert latest.checkpoint.size == kept
        if kept > 100:
            with pytest.raises(SizeConflict):
                witness.add_checkpoint(AddCheckpoint(100, (), forked.checkpoint(160).note))
        assert witness.add_checkpoint(log.request(kept, 200))
        with pytest.raises(InconsistentTree):
            witness.add_checkpoint(forked.request(200, 250))


def test_killed_again_and_again_while_two_histories_compete(
    tmp_path: Path, log: LogFiles, forked: LogFiles
) -> None:
    """Every answer that left the house is of one history, and none is smaller than one before."""
    chance = random.Random(3)  # noqa: S311 - moments, no secrets
    answered: list[tuple[int, bool]] = []
    port = free_port()
    for _ in range(KILLS):
        with witness_process(tmp_path / "w", port=port) as witness:
            pause = chance.uniform(0, 0.3)
            killer = threading.Thread(target=kill_after_an_answer, args=(witness, answered, pause))
            killer.start()
            with contextlib.suppress(httpx.TransportError):
                compete(witness, log, forked, answered)
            killer.join()
    assert len(answered) >= KILLS
    sizes = [size for size, _ in answered]
    assert sizes == sorted(sizes)
    assert len({other for size, other in answered if size > 10}) == 1


def kill_after_an_answer(
    witness: WitnessProcess, answered: Sequence[tuple[int, bool]], pause: float
) -> None:
    known, deadline = len(answered), time.monotonic() + 60
    while len(answered) == known and time.monotonic() < deadline:
        time.sleep(0.001)
    time.sleep(pause)
    witness.kill()


def compete(
    witness: WitnessProcess, log: LogFiles, forked: LogFiles, answered: list[tuple[int, bool]]
) -> None:
    """Offer the next size of either history, by turns, until the witness is gone."""
    with httpx.Client(base_url=witness.url, timeout=30) as http:
        old = 0
        for turn in range(10_000):
            # The other history is offered as if it were the first thing ever seen, and at sizes
            # that the first one never has: two roots for one size would end it for both.
            source, size = (log, min(old + 1 + turn % 3, 380)) if turn % 2 == 0 else (forked, 390)
            asked = source.request(old if source is log else 0, size)
            answer = http.post("/add-checkpoint", content=request_text(asked))
            assert answer.status_code in {200, 409}
            if answer.status_code == 200:
                answered.append((size, source is forked))
                old = size
            elif answer.headers["content-type"] == "text/x.tlog.size":
                old = int(answer.text)


def test_a_full_disk_gets_no_cosignature_and_a_free_one_gets_it_again(
    tmp_path: Path, log: LogFiles
) -> None:
    with witness_process(tmp_path / "w") as witness, httpx.Client(base_url=witness.url) as http:

        def ask(old: int, new: int) -> httpx.Response:
            return http.post("/add-checkpoint", content=request_text(log.request(old, new)))

        assert ask(0, 100).status_code == 200
        process, kind = witness.process.pid, resource.RLIMIT_FSIZE
        limits = resource.prlimit(process, kind)
        resource.prlimit(process, kind, (1, limits[1]))
        for _ in range(3):
            refused = ask(100, 200)
            assert (refused.status_code, "\u2014" in refused.text) == (503, False)
        resource.prlimit(process, kind, limits)
        view = f"/{origin_hash(ORIGIN)}/checkpoint"
        assert f"{ORIGIN}\n100\n" in http.get(view).text
        assert ask(100, 200).status_code == 200
        assert f"{ORIGIN}\n200\n" in http.get(view).text
