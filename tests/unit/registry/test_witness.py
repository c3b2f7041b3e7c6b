"""The witness's key and memory, and what it says to requests that come one by one or at once."""

import logging
import sqlite3
import stat
import threading
from base64 import b64decode
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from registry.errors import WitnessMemoryLost, WitnessUnable
from registry.log.checkpoint import Checkpoint, sign_checkpoint
from registry.log.cosignature import parse_cosigner, valid_cosignatures
from registry.log.note import Verifier, parse_verifier
from registry.log.proof import verify_consistency
from registry.log.witnessing import (
    AddCheckpoint,
    InconsistentTree,
    LogForked,
    OriginUnknown,
    SizeConflict,
    TwoRoots,
    judge,
)
from registry.witness import witness as acts
from registry.witness.identity import open_identity
from registry.witness.witness import Witness
from tests.testkit.copies import LOG_KEY, NOW, ORIGIN, VKEY, fixed_clock
from tests.testkit.log_files import LogFiles

TRUSTED = [parse_verifier(VKEY)]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "witness"


@pytest.fixture
def start(home: Path) -> Iterator[Callable[[], Witness]]:
    """The witness as a process would open it, once more with each call."""
    with ExitStack() as stack:

        def start() -> Witness:
            identity = open_identity(home, "w1.example")
            stack.enter_context(identity.memory)
            return Witness(identity, home, TRUSTED, fixed_clock)

        yield start


@pytest.fixture
def witness(start: Callable[[], Witness]) -> Witness:
    return start()


@pytest.fixture
def log(tmp_path: Path) -> LogFiles:
    log = LogFiles(tmp_path / "log")
    log.grow(40)
    return log


@pytest.fixture
def forked(tmp_path: Path) -> LogFiles:
    """The same log with another entry 3."""
    forked = LogFiles(tmp_path / "forked")
    forked.grow(40)
    forked.rewrite(3)
    return forked


# Key and memory ------------------------------------------------------------------------------


def test_a_new_witness_writes_its_public_key_and_keeps_the_other(home: Path) -> None:
    first = open_identity(home, "w1.example")
    first.memory.close()
    assert (home / "witness.vkey").read_text() == first.vkey + "\n"
    assert parse_cosigner(first.vkey).name == "w1.example"
    assert stat.S_IMODE((home / "witness_key.pem").stat().st_mode) == 0o600
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    again = open_identity(home)
    again.memory.close()
    assert again.vkey == first.vkey


@pytest.mark.parametrize(
    ("lose", "told"),
    [
        (lambda home: (home / "memory.sqlite").unlink(), "forgotten"),
        (lambda home: (home / "memory.sqlite").write_bytes(b""), "not of one witness"),
        (lambda home: (home / "witness_key.pem").write_bytes(b""), "holds no key"),
    ],
)
def test_a_key_without_its_memory_signs_nothing(
    home: Path, lose: Callable[[Path], object], told: str
) -> None:
    open_identity(home).memory.close()
    lose(home)
    with pytest.raises(WitnessMemoryLost, match=told):
        open_identity(home)


def test_a_memory_without_its_key_is_not_given_another(
    home: Path, witness: Witness, log: LogFiles
) -> None:
    witness.add_checkpoint(log.request(0, 5))
    (home / "witness_key.pem").unlink()
    with pytest.raises(WitnessMemoryLost, match="missing"):
        open_identity(home)


def test_a_start_that_ended_before_the_key_was_written_is_begun_again(home: Path) -> None:
    first = open_identity(home)
    first.memory.close()
    (home / "witness_key.pem").unlink()
    second = open_identity(home)
    second.memory.close()
    assert second.vkey != first.vkey
    open_identity(home).memory.close()


def test_the_memory_of_another_key_is_refused(home: Path, tmp_path: Path) -> None:
    open_identity(home).memory.close()
    open_identity(tmp_path / "other").memory.close()
    (tmp_path / "other" / "memory.sqlite").replace(home / "memory.sqlite")
    with pytest.raises(WitnessMemoryLost, match="another key"):
        open_identity(home)


def test_a_directory_has_one_name(home: Path) -> None:
    open_identity(home, "w1.example").memory.close()
    with pytest.raises(WitnessMemoryLost, match=r"w1\.example"):
        open_identity(home, "w2.example")


def test_a_memory_that_is_no_database_is_refused(home: Path) -> None:
    open_identity(home).memory.close()
    (home / "memory.sqlite").write_bytes(b"no database" * 1000)
    with pytest.raises(WitnessUnable):
        open_identity(home)


# Decisions -----------------------------------------------------------------------------------


def test_what_continues_is_cosigned_and_remembered(
    witness: Witness, log: LogFiles, start: Callable[[], Witness]
) -> None:
    for old, new in ((0, 5), (5, 8), (8, 40), (40, 40)):
        request = log.request(old, new)
        line = witness.add_checkpoint(request)
        cosigned = valid_cosignatures(request.note + line, [parse_cosigner(witness.vkey)])
        assert cosigned == {"w1.example": int(NOW.timestamp())}
        latest = start().latest(ORIGIN)
        assert latest is not None
        assert latest.checkpoint == log.checkpoint(new)
        assert valid_cosignatures(latest.note, [parse_cosigner(witness.vkey)])


def test_signatures_of_others_are_not_kept(witness: Witness, log: LogFiles) -> None:
    request = log.request(0, 5)
    alien = request.note.splitlines(keepends=True)[-1].replace(ORIGIN, "alien.example")
    witness.add_checkpoint(AddCheckpoint(0, (), request.note + alien))
    latest = witness.latest(ORIGIN)
    assert latest is not None
    assert "alien" not in latest.note


def test_other_logs_are_none_of_its_business(witness: Witness) -> None:
    note = sign_checkpoint("other.example/log", 1, b"\x01" * 32, LOG_KEY).note
    with pytest.raises(OriginUnknown):
        witness.add_checkpoint(AddCheckpoint(0, (), note))


def test_two_roots_of_one_size_end_the_trust_in_a_log_for_good(
    witness: Witness,
    log: LogFiles,
    forked: LogFiles,
    home: Path,
    start: Callable[[], Witness],
    caplog: pytest.LogCaptureFixture,
) -> None:
    witness.add_checkpoint(log.request(0, 30))
    with pytest.raises(TwoRoots), caplog.at_level(logging.ERROR):
        witness.add_checkpoint(AddCheckpoint(30, (), forked.checkpoint(30).note))
    assert f"FORK: {ORIGIN}" in caplog.text
    evidence = Path(witness.fork(ORIGIN) or "")
    assert evidence.parent == home / "evidence"
    assert (evidence / "first.note").read_text() == log.checkpoint(30).note
    assert (evidence / "second.note").read_text() == forked.checkpoint(30).note
    with pytest.raises(LogForked):
        witness.add_checkpoint(log.request(30, 40))
    with pytest.raises(LogForked):
        start().add_checkpoint(log.request(30, 40))
    assert start().fork(ORIGIN) == str(evidence)
    # An operator decides: the history that was cosigned goes on.
    assert witness.forgive_fork(ORIGIN)
    assert not witness.forgive_fork(ORIGIN)
    assert witness.add_checkpoint(log.request(30, 40))
    assert (evidence / "first.note").exists()


def test_a_request_that_proves_nothing_raises_no_alarm(
    witness: Witness, log: LogFiles, forked: LogFiles
) -> None:
    """Anybody can send a log's true checkpoint with a false proof."""
    witness.add_checkpoint(log.request(0, 30))
    whole, root = log.request(30, 40), log.checkpoint(30).root_hash
    foreign = forked.request(30, 40).proof
    for proof in ((), foreign, whole.proof[:-1], (*whole.proof, root), whole.proof[::-1]):
        with pytest.raises(InconsistentTree):
            witness.add_checkpoint(AddCheckpoint(30, proof, whole.note))
    with pytest.raises(InconsistentTree):
        witness.add_checkpoint(AddCheckpoint(30, (root,), log.checkpoint(30).note))
    assert witness.fork(ORIGIN) is None
    assert witness.add_checkpoint(whole)


@pytest.mark.parametrize(("old", "new"), [(30, 40), (5, 6), (33, 40)])
def test_a_log_that_proves_its_own_fork_is_caught_by_its_proof(
    witness: Witness, log: LogFiles, forked: LogFiles, old: int, new: int
) -> None:
    witness.add_checkpoint(log.request(0, old))
    with pytest.raises(InconsistentTree):
        witness.add_checkpoint(forked.request(old, new))
    place = Path(witness.fork(ORIGIN) or "")
    text, root, *hashes = (place / "proof.txt").read_text().splitlines()
    other_root = b64decode(root.removeprefix("root "))
    assert (text, other_root) == (f"old {old}", forked.checkpoint(old).root_hash)
    proof = [b64decode(one) for one in hashes]
    verify_consistency(old, new, proof, other_root, forked.checkpoint(new).root_hash)
    with pytest.raises(LogForked):
        witness.add_checkpoint(log.request(old, new))


def test_an_older_size_with_another_root_is_a_fork_as_well(
    witness: Witness, log: LogFiles, forked: LogFiles
) -> None:
    for old, new in ((0, 5), (5, 9), (9, 12)):
        witness.add_checkpoint(log.request(old, new))
    for old, new in ((0, 9), (5, 9)):
        with pytest.raises(SizeConflict):
            witness.add_checkpoint(log.request(old, new))  # merely late
    assert witness.fork(ORIGIN) is None
    with pytest.raises(SizeConflict):
        witness.add_checkpoint(forked.request(0, 9))
    place = Path(witness.fork(ORIGIN) or "")
    assert (place / "first.note").read_text() == log.checkpoint(9).note
    assert (place / "second.note").read_text() == forked.checkpoint(9).note


def test_a_fork_that_is_found_meanwhile_stops_a_request_on_its_way(
    witness: Witness, start: Callable[[], Witness], log: LogFiles, forked: LogFiles
) -> None:
    other = start()
    witness.add_checkpoint(log.request(0, 30))
    with pytest.raises(TwoRoots):
        other.add_checkpoint(forked.request(30, 30))
    with pytest.raises(LogForked):
        witness.add_checkpoint(log.request(30, 40))


def test_a_proof_from_a_power_of_two_leaves_out_what_would_convict(
    witness: Witness, log: LogFiles, forked: LogFiles
) -> None:
    """The tiles still do; see the follower."""
    witness.add_checkpoint(log.request(0, 32))
    with pytest.raises(InconsistentTree):
        witness.add_checkpoint(forked.request(32, 40))
    assert witness.fork(ORIGIN) is None


def test_an_old_copy_of_the_memory_betrays_itself(
    home: Path, log: LogFiles, start: Callable[[], Witness]
) -> None:
    witness = start()
    witness.add_checkpoint(log.request(0, 5))
    backup = (home / "memory.sqlite").read_bytes()
    request = log.request(5, 30)
    published = request.note + witness.add_checkpoint(request)
    (home / "memory.sqlite").write_bytes(backup)
    witness = start()
    with pytest.raises(WitnessMemoryLost, match="old copy"):
        witness.add_checkpoint(AddCheckpoint(5, request.proof, published))
    false = published[:-8] + "AAAAAA=\n"
    assert witness.add_checkpoint(AddCheckpoint(5, request.proof, false))


# At once -------------------------------------------------------------------------------------


@pytest.mark.parametrize("of_two_processes", [False, True])
def test_a_request_that_was_checked_first_cannot_roll_back_one_that_was_kept_first(
    witness: Witness,
    start: Callable[[], Witness],
    log: LogFiles,
    monkeypatch: pytest.MonkeyPatch,
    of_two_processes: bool,
) -> None:
    """The race in tlog-witness: the smaller tree is judged, and then held up before it is kept."""
    witness.add_checkpoint(log.request(0, 1))
    other = start() if of_two_processes else witness

    judged, larger_is_done = threading.Event(), threading.Event()

    def stalled(
        seen: Checkpoint | None, request: AddCheckpoint, verifiers: Sequence[Verifier]
    ) -> Checkpoint:
        checkpoint = judge(seen, request, verifiers)
        if checkpoint.size == 3:
            judged.set()
            larger_is_done.wait(0.5)
        return checkpoint

    monkeypatch.setattr(acts, "judge", stalled)
    with ThreadPoolExecutor(2) as pool:
        smaller = pool.submit(witness.add_checkpoint, log.request(1, 3))
        assert judged.wait(5)
        larger = pool.submit(other.add_checkpoint, log.request(1, 5))
        larger.add_done_callback(lambda _: larger_is_done.set())
        assert smaller.result()
        with pytest.raises(SizeConflict) as conflict:
            larger.result()
    assert conflict.value.cosigned == 3
    latest = witness.latest(ORIGIN)
    assert latest is not None
    assert latest.checkpoint.size == 3


def test_of_many_at_once_every_cosignature_is_of_one_history(
    witness: Witness, log: LogFiles, forked: LogFiles
) -> None:
    witness.add_checkpoint(log.request(0, 3))

    def submit(number: int) -> int | None:
        source = log if number % 2 else forked
        old = 3
        for _ in range(40):
            try:
                witness.add_checkpoint(source.request(old, old + 1 + number % 5))
            except SizeConflict as conflict:
                old = conflict.cosigned
            except (InconsistentTree, LogForked, TwoRoots):
                return None
            else:
                return number % 2
            if old > 30:
                break
        return None

    with ThreadPoolExecutor(8) as pool:
        signed = [source for source in pool.map(submit, range(24)) if source is not None]
    assert signed
    assert len(set(signed)) == 1


def test_a_turn_that_somebody_holds_too_long_is_given_up(
    home: Path,
    start: Callable[[], Witness],
    log: LogFiles,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("registry.witness.memory._PATIENCE_SECONDS", 0.05)
    impatient = start()
    holder = sqlite3.connect(home / "memory.sqlite", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(WitnessUnable):
            impatient.add_checkpoint(log.request(0, 1))
    finally:
        holder.close()
    assert impatient.add_checkpoint(log.request(0, 1))


def test_only_so_many_old_checkpoints_are_kept(
    witness: Witness, log: LogFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("registry.witness.memory._KEPT", 3)
    for size in range(6):
        witness.add_checkpoint(log.request(size, size + 1))
    kept = [size for size in range(8) if witness.cosigned_at(ORIGIN, size)]
    assert kept == [4, 5, 6]
