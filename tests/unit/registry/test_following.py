"""A witness that follows logs by their files: what it cosigns, what alarms it, what it forgives."""

import base64
import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.log.checkpoint import open_checkpoint, sign_checkpoint
from registry.log.note import parse_verifier
from registry.log.proof import verify_consistency
from registry.witness.evidence import origin_hash
from registry.witness.following import Follower, Sight
from registry.witness.identity import open_identity
from registry.witness.standing import standings
from registry.witness.witness import Witness
from tests.testkit.copies import LOG_KEY, ORIGIN, VKEY, fixed_clock
from tests.testkit.log_files import LogFiles

TRUSTED = [parse_verifier(VKEY)]
Open = Callable[[str], Witness]


@pytest.fixture
def open_witness(tmp_path: Path) -> Iterator[Open]:
    with ExitStack() as stack:

        def open_witness(name: str) -> Witness:
            identity = open_identity(tmp_path / name, f"{name}.example")
            stack.enter_context(identity.memory)
            return Witness(identity, tmp_path / name, TRUSTED, fixed_clock)

        yield open_witness


@pytest.fixture
def witness(open_witness: Open) -> Witness:
    return open_witness("w1")


@pytest.fixture
def log(tmp_path: Path) -> LogFiles:
    return LogFiles(tmp_path / "log")


@pytest.fixture
def follower(witness: Witness, log: LogFiles) -> Follower:
    log.grow(300)
    return following(witness, log)


def following(witness: Witness, log: LogFiles, *peers: Path) -> Follower:
    return Follower(witness, TRUSTED, str(log.directory), peers=[str(peer) for peer in peers])


def size_of(witness: Witness) -> int:
    latest = witness.latest(ORIGIN)
    return latest.checkpoint.size if latest else -1


def convinces(evidence: str | None) -> bool:
    """What somebody does who has the evidence, the log's key, and no trust in the witness."""
    place = Path(evidence or "")
    first, second = (
        open_checkpoint((place / name).read_text(), ORIGIN, TRUSTED)
        for name in ("first.note", "second.note")
    )
    old, root, *proof = (place / "proof.txt").read_text().splitlines()
    other_root = base64.b64decode(root.removeprefix("root "))
    hashes = [base64.b64decode(line) for line in proof]
    verify_consistency(first.size, second.size, hashes, other_root, second.root_hash)
    return old == f"old {first.size}" and other_root != first.root_hash


async def looks(follower: Follower, count: int = 1) -> Sight:
    for _ in range(count):
        sight = await follower.look()
    return sight


# An honest log -------------------------------------------------------------------------------


async def test_a_growing_log_is_cosigned_at_every_look(
    follower: Follower, witness: Witness, log: LogFiles
) -> None:
    for count in (0, 0, 1, 211, 1, 700, 2):
        log.grow(count)
        assert (await follower.look()).state == "cosigned"
        assert size_of(witness) == len(log.bodies)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(old=st.integers(0, 600), more=st.integers(0, 600))
async def test_any_two_sizes(open_witness: Open, log: LogFiles, old: int, more: int) -> None:
    log.bodies.clear()
    witness = open_witness(f"w{old}-{more}")
    follower = following(witness, log)
    log.grow(old)
    assert (await follower.look()).state == "cosigned"
    log.grow(more)
    assert (await follower.look()).state == "cosigned"
    assert size_of(witness) == old + more


async def test_a_log_that_cannot_be_reached_is_no_alarm(witness: Witness, log: LogFiles) -> None:
    follower = following(witness, log)
    assert (await looks(follower, 5)).state == "unreachable"
    assert not standings(witness, [follower])[0].alarming
    log.grow(300)
    assert (await follower.look()).state == "cosigned"


async def test_a_log_that_submits_while_it_is_followed_is_not_disturbed(
    follower: Follower, witness: Witness, log: LogFiles
) -> None:
    await follower.look()
    log.grow(10)
    witness.add_checkpoint(log.request(300, 310))
    assert (await follower.look()).state == "cosigned"
    log.grow(10)
    log.serve_older(310)
    witness.add_checkpoint(log.request(310, 320))
    assert (await follower.look()).state == "stale"
    log.publish()
    assert (await follower.look()).state == "cosigned"


async def test_a_log_may_have_nothing_yet_but_not_nothing_any_more(
    witness: Witness, log: LogFiles
) -> None:
    log.directory.mkdir()
    follower = following(witness, log)
    assert (await looks(follower, 5)).state == "waiting"
    log.grow(0)
    assert (await follower.look()).state == "cosigned"
    (log.directory / "checkpoint").unlink()
    assert (await looks(follower, 3)).state == "doubtful"


# Two histories -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("index", "more"), [(0, 1), (299, 1), (255, 300), (256, 1000), (7, 0), (299, 0)]
)
async def test_a_chain_rewritten_and_signed_anew_is_a_fork(
    follower: Follower,
    witness: Witness,
    log: LogFiles,
    caplog: pytest.LogCaptureFixture,
    index: int,
    more: int,
) -> None:
    """An owner with the log's key and all triggers off: everything agrees but the witness."""
    await follower.look()
    log.bodies[index] = b"another entry"
    with caplog.at_level(logging.ERROR):
        log.grow(more)
        assert (await follower.look()).state == "forked"
    assert f"FORK: {ORIGIN}" in caplog.text
    [standing] = standings(witness, [follower])
    assert standing.alarming
    assert standing.size == 300
    assert convinces(standing.evidence)
    # Never again, even if it mends its ways.
    log.bodies[index] = f"entry {index} ".encode()
    log.publish()
    assert (await follower.look()).state == "forked"
    assert size_of(witness) == 300


async def test_the_fork_is_found_after_a_set_back_as_well(
    follower: Follower, witness: Witness, log: LogFiles
) -> None:
    """Cut, then grown with other entries, past the old size."""
    await follower.look()
    log.cut(280)
    log.grow(40, mark="other")
    assert (await follower.look()).state == "forked"
    assert convinces(witness.fork(ORIGIN))


async def test_evidence_is_never_written_over(
    follower: Follower, witness: Witness, log: LogFiles
) -> None:
    await follower.look()
    log.rewrite(3)
    await follower.look()
    place = Path(witness.fork(ORIGIN) or "")
    (place / "first.note").write_text("touched")
    witness.forgive_fork(ORIGIN)
    assert (await follower.look()).state == "forked"
    assert [*place.parent.iterdir()] == [place]
    assert (place / "first.note").read_text() == "touched"


async def test_evidence_that_does_not_fit_on_the_disk_stops_the_witness_all_the_same(
    follower: Follower, witness: Witness, log: LogFiles, tmp_path: Path
) -> None:
    await follower.look()
    (tmp_path / "w1" / "evidence").write_text("in the way")
    log.rewrite(3)
    assert (await follower.look()).state == "unable"
    log.grow(5)
    assert (await follower.look()).state == "forked"
    assert size_of(witness) == 300


# Less than before ----------------------------------------------------------------------------


async def test_a_stale_cache_is_no_alarm(
    follower: Follower, witness: Witness, log: LogFiles
) -> None:
    for size in (300, 310, 320):
        log.grow(size - len(log.bodies))
        await follower.look()
    log.serve_older(310)  # remembered
    assert (await looks(follower, 5)).state == "stale"
    log.serve_older(305)  # not remembered, but shown by the tiles
    assert (await looks(follower, 5)).state == "stale"
    assert size_of(witness) == 320
    log.cut(310)  # the tiles are gone too, the memory is not
    assert (await looks(follower, 5)).state == "stale"


async def test_an_older_checkpoint_of_another_history_is_a_fork(
    follower: Follower, witness: Witness, log: LogFiles
) -> None:
    await follower.look()
    log.grow(20)
    await follower.look()
    log.rewrite(4)
    log.cut(300)  # remembered otherwise
    assert (await follower.look()).state == "forked"
    assert convinces(witness.fork(ORIGIN))


async def test_an_older_checkpoint_that_the_tiles_contradict_is_a_fork(
    follower: Follower, witness: Witness, log: LogFiles, tmp_path: Path
) -> None:
    await follower.look()
    forged = LogFiles(tmp_path / "forged")
    forged.grow(290, mark="other")
    (log.directory / "checkpoint").write_text(forged.checkpoint(290).note)
    assert (await follower.look()).state == "forked"
    assert convinces(witness.fork(ORIGIN))


async def test_a_log_set_back_is_an_alarm_once_it_lasts_and_until_it_ends(
    follower: Follower,
    witness: Witness,
    log: LogFiles,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await follower.look()
    kept = [*log.bodies]
    log.cut(290)
    assert (await looks(follower, 2)).state == "waiting"
    with caplog.at_level(logging.ERROR):
        assert (await looks(follower, 3)).state == "rolled_back"
    assert caplog.text.count(f"ROLLBACK: {ORIGIN}") == 1
    [place] = (tmp_path / "w1" / "evidence").iterdir()
    assert {path.name for path in place.iterdir()} == {"first.note", "second.note"}
    assert size_of(witness) == 300
    log.bodies = [*kept, b"more"]
    log.publish()
    assert (await follower.look()).state == "cosigned"
    assert size_of(witness) == 301


# Not a log -----------------------------------------------------------------------------------


async def test_a_log_put_back_from_a_backup_is_an_alarm_once_no_cache_explains_it(
    witness: Witness, log: LogFiles, caplog: pytest.LogCaptureFixture
) -> None:
    """The witness itself has cosigned the size that comes back, so only time tells."""
    follower = Follower(witness, TRUSTED, str(log.directory), stale_patience=4)
    log.grow(300)
    await looks(follower)
    log.grow(50)
    await looks(follower)
    log.cut(300)
    assert (await looks(follower, 3)).state == "stale"
    assert (await looks(follower, 2)).state == "rolled_back"
    assert [line for line in caplog.messages if "ROLLBACK" in line] != []
    log.grow(50)  # the same entries again
    assert (await looks(follower)).state == "cosigned"


async def test_a_checkpoint_of_another_key_is_an_alarm(follower: Follower, log: LogFiles) -> None:
    stranger = Ed25519PrivateKey.generate()
    for origin, key in ((ORIGIN, stranger), ("other.example/log", LOG_KEY)):
        note = sign_checkpoint(origin, 1, b"\x01" * 32, key).note
        (log.directory / "checkpoint").write_text(note)
        assert (await follower.look()).state == "unsigned"
    (log.directory / "checkpoint").write_text("no note")
    assert (await follower.look()).state == "unsigned"


@pytest.mark.parametrize("fault", ["missing", "flipped", "short"])
async def test_a_checkpoint_that_its_tiles_do_not_show_is_not_cosigned(
    follower: Follower, witness: Witness, log: LogFiles, fault: str
) -> None:
    await follower.look()
    log.grow(10)
    tile = log.directory / "tile" / "0" / "001.p" / "54"
    content = tile.read_bytes()
    match fault:
        case "missing":
            tile.unlink()
        case "flipped":
            tile.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        case _:
            tile.write_bytes(content[:-1])
    assert (await looks(follower, 2)).state == "waiting"
    assert (await follower.look()).state == "doubtful"
    assert size_of(witness) == 300
    tile.write_bytes(content)
    assert (await follower.look()).state == "cosigned"


# Two witnesses -------------------------------------------------------------------------------


def show(witness: Witness, place: Path) -> None:
    """What the witness answers to GET /<origin hash>/checkpoint, as a file."""
    latest = witness.latest(ORIGIN)
    assert latest is not None
    view = place / origin_hash(ORIGIN)
    view.mkdir(parents=True, exist_ok=True)
    (view / "checkpoint").write_text(latest.note)


@pytest.mark.parametrize(("here", "there"), [(320, 320), (320, 310), (310, 320)])
async def test_two_histories_served_to_two_witnesses_are_found_by_comparing(
    open_witness: Open, log: LogFiles, tmp_path: Path, here: int, there: int
) -> None:
    other_log = LogFiles(tmp_path / "other")
    log.grow(305)
    other_log.grow(305)
    ours, theirs = open_witness("w1"), open_witness("w2")
    first = following(ours, log, tmp_path / "shown-w2")
    second = following(theirs, other_log, tmp_path / "shown-w1")
    for follower in (first, second):
        assert (await follower.look()).state == "cosigned"
    show(ours, tmp_path / "shown-w1")
    show(theirs, tmp_path / "shown-w2")
    assert (await first.look()).state == (await second.look()).state == "cosigned"

    log.grow(here - 305)
    other_log.grow(there - 305, mark="for others")
    # Each history is whole in itself, so that each witness cosigns its own.
    assert (await following(ours, log).look()).state == "cosigned"
    assert (await following(theirs, other_log).look()).state == "cosigned"
    show(ours, tmp_path / "shown-w1")
    show(theirs, tmp_path / "shown-w2")
    states = [(await follower.look()).state for follower in (first, second)]
    assert "forked" in states
    for witness, state in zip((ours, theirs), states, strict=True):
        if state == "forked":
            assert convinces(witness.fork(ORIGIN))
    # Who was behind finds it when its own tree has grown past the other's view.
    log.grow(50)
    other_log.grow(50)
    await following(ours, log).look()
    await following(theirs, other_log).look()
    assert [(await follower.look()).state for follower in (first, second)] == ["forked"] * 2


async def test_a_peer_that_is_always_ahead_is_compared_all_the_same(
    open_witness: Open, log: LogFiles, tmp_path: Path
) -> None:
    other_log = LogFiles(tmp_path / "other")
    other_log.grow(10, mark="for others")
    ours, theirs = open_witness("w1"), open_witness("w2")
    first = following(ours, log, tmp_path / "shown")
    states = []
    for size in (5, 12, 19):
        log.grow(size - len(log.bodies))
        await following(theirs, other_log).look()
        show(theirs, tmp_path / "shown")
        states.append((await first.look()).state)
        other_log.grow(10)
    assert states == ["cosigned", "forked", "forked"]
    assert convinces(ours.fork(ORIGIN))


@pytest.mark.parametrize("content", ["", "no note", "{}"])
async def test_a_peer_cannot_raise_a_false_alarm(
    witness: Witness, log: LogFiles, tmp_path: Path, content: str
) -> None:
    log.grow(5)
    forged = sign_checkpoint(ORIGIN, 5, b"\x05" * 32, Ed25519PrivateKey.generate()).note
    view = tmp_path / "peer" / origin_hash(ORIGIN)
    follower = following(witness, log, tmp_path / "peer", tmp_path / "absent")
    assert (await follower.look()).state == "cosigned"
    view.mkdir(parents=True)
    assert (await follower.look()).state == "cosigned"
    for note in (content, forged):
        (view / "checkpoint").write_text(note)
        log.grow(1)
        assert (await follower.look()).state == "cosigned"
