"""What the publisher makes of anything that a witness may answer. No socket: httpx's own mock."""

import asyncio
import gzip
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.cosigning import Cosignature, Cosigning, Submission
from registry.errors import UnknownCheckpoint
from registry.log.checkpoint import sign_checkpoint
from registry.log.cosignature import cosign, cosigner_line, parse_cosigner
from registry.log.note import Signature, parse_verifier, signature_line, verifier_line
from registry.log.policy import Policy, TrustedLog, Witness
from registry.log.witnessing import parse_request

ORIGIN = "test.example/log"
LOG_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
CHECKPOINT = sign_checkpoint(ORIGIN, 7, b"\x07" * 32, LOG_KEY)
NAME = "witness.example/1"
KEY = Ed25519PrivateKey.from_private_bytes(b"\x01" * 32)
WITNESS = Witness(
    "W", parse_cosigner(cosigner_line(NAME, KEY.public_key())), "http://witness.example/a/"
)
TRUSTED = (TrustedLog(parse_verifier(verifier_line(ORIGIN, LOG_KEY.public_key()))),)
LINE = cosign(CHECKPOINT.note, NAME, KEY, 1_800_000_000)
SIGNED_SIZES = {3, 5, 7, 9}

Handler = Callable[[httpx.Request], Any]


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


async def prove(old: int) -> Sequence[bytes]:
    if old not in {0, *SIGNED_SIZES}:
        raise UnknownCheckpoint
    return [] if old in {0, CHECKPOINT.size} else [bytes([old]) * 32]


async def signed(size: int) -> bool:
    return size in SIGNED_SIZES


def told(status: int, body: str | bytes) -> httpx.Response:
    """As a connection gives it: in pieces."""
    content = body.encode() if isinstance(body, str) else body

    async def pieces() -> AsyncIterator[bytes]:
        for at in range(0, len(content), 1000):
            yield content[at : at + 1000]

    return httpx.Response(status, content=pieces())


def asking(handler: Handler, clock: Clock | None = None, *witnesses: Witness) -> Cosigning:
    policy = Policy(TRUSTED, witnesses or (WITNESS,))
    transport = httpx.MockTransport(handler)
    return Cosigning(policy, monotonic=clock or Clock(), transport=transport)


async def ask(cosigning: Cosigning, last: int = 0) -> list[Cosignature]:
    asked = Submission(CHECKPOINT, prove, signed)
    due = [(one, last) for one in cosigning.due()]
    return await cosigning.collect(asked, due, enough=lambda _: False, patience=0.2)


def answering(*answers: tuple[int, str | bytes]) -> tuple[Handler, list[Any]]:
    """A witness that gives these answers in turn, and what it was asked."""
    requests: list[Any] = []

    def handler(request: httpx.Request) -> httpx.Response:
        requests.append(parse_request(request.content.decode()))
        status, body = answers[(len(requests) - 1) % len(answers)]
        return told(status, body)

    return handler, requests


async def test_its_line_is_taken_as_it_stands_in_a_note() -> None:
    addresses = []

    def handler(request: httpx.Request) -> httpx.Response:
        addresses.append((request.method, str(request.url)))
        return told(200, LINE)

    assert await ask(asking(handler)) == [Cosignature(NAME, WITNESS.cosigner.key_id, LINE)]
    assert addresses == [("POST", "http://witness.example/a/add-checkpoint")]


async def test_it_is_asked_from_the_size_that_it_cosigned_last() -> None:
    handler, requests = answering((200, LINE))
    await ask(asking(handler), last=5)
    assert [(one.old_size, one.proof, one.note) for one in requests] == [
        (5, (b"\x05" * 32,), CHECKPOINT.note)
    ]


async def test_a_conflict_names_the_size_to_prove_from() -> None:
    handler, requests = answering((409, "3\n"), (409, "5\n"), (200, LINE))
    assert len(await ask(asking(handler))) == 1
    assert [one.old_size for one in requests] == [0, 3, 5]


async def test_the_newest_of_its_lines_counts_and_strangers_lines_do_not() -> None:
    stranger = cosign(CHECKPOINT.note, "other.example", Ed25519PrivateKey.generate(), 1)
    newer = cosign(CHECKPOINT.note, NAME, KEY, 1_900_000_000)
    handler, _ = answering((200, stranger + LINE + newer))
    [line] = await ask(asking(handler))
    assert line.line == newer


RUBBISH = {
    "nothing": b"",
    "no note": b"hello",
    "bytes": b"\xff\xfe\x00",
    "a stranger's line": cosign(
        CHECKPOINT.note, "other.example", Ed25519PrivateKey.generate(), 1
    ).encode(),
    "its name, another key": cosign(
        CHECKPOINT.note, NAME, Ed25519PrivateKey.generate(), 1
    ).encode(),
    "of another checkpoint": cosign(
        sign_checkpoint(ORIGIN, 8, b"\x07" * 32, LOG_KEY).note, NAME, KEY, 1
    ).encode(),
    "a plain signature": CHECKPOINT.note.rpartition("\n\n")[2].encode(),
    "a line that is cut": LINE[:-9].encode(),
    "a flipped bit": LINE.replace(LINE[60], "A" if LINE[60] != "A" else "B", 1).encode(),
    "too much": LINE.encode() + b"x" * 70_000,
    "compressed": gzip.compress(LINE.encode()),
}


@pytest.mark.parametrize("answer", RUBBISH.values(), ids=RUBBISH)
async def test_rubbish_is_no_cosignature(answer: bytes) -> None:
    handler, _ = answering((200, answer))
    cosigning = asking(handler)
    assert await ask(cosigning) == []
    assert cosigning.standings["W"].state == "malformed"


async def test_a_signature_over_a_longer_text_is_not_taken_for_one_over_ours() -> None:
    """The answer would continue the note with text that the witness did sign."""
    longer = CHECKPOINT.note + "more\n"
    signature = KEY.sign(f"cosignature/v1\ntime 1\n{longer}".encode())
    stamped = (1).to_bytes(8, "big") + signature
    line = signature_line(Signature(NAME, WITNESS.cosigner.key_id, stamped))
    handler, _ = answering((200, f"more\n\n{line}"))
    cosigning = asking(handler)
    assert await ask(cosigning) == []
    assert cosigning.standings["W"].state == "malformed"


FORKS = {
    "a larger tree than any of ours": [(409, "10\n")],
    "a larger tree that we never signed": [(409, "8\n")],
    "a tree that we never signed": [(409, "4\n")],
    "a tree that does not begin ours": [(409, "3\n"), (422, "")],
    "another root of this size": [(409, "7\n"), (409, "7\n")],
    "another root, in words": [(409, "7\n"), (409, "two roots\n")],
}


@pytest.mark.parametrize("answers", FORKS.values(), ids=FORKS)
async def test_a_witness_of_another_history_raises_the_alarm_once(
    answers: list[tuple[int, str]], caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock()
    for again in range(3):
        handler, _ = answering(*answers)
        if not again:
            cosigning = asking(handler, clock)
        assert await ask(cosigning) == []
        assert cosigning.standings["W"].state == "forked"
        clock.now += 60
    assert [record.levelno for record in caplog.records if record.name.startswith("registry")] == [
        logging.ERROR
    ]


OTHERS = {
    "another publisher was faster": ([(409, "9\n")], "overtaken"),
    "others keep being faster": ([(409, "3\n"), (409, "5\n"), (409, "3\n")], "overtaken"),
    "a conflict with what it named": ([(409, "3\n"), (409, "3\n")], "malformed"),
    "a conflict without size": ([(409, "soon\n")], "malformed"),
    "a conflict of no such size": ([(409, "99999999999999999999\n")], "malformed"),
    "it does not know us": ([(404, "")], "unwilling"),
    "it does not trust us": ([(403, "")], "unwilling"),
    "it is ill": ([(500, "")], "unwilling"),
    "it lives elsewhere": ([(301, "")], "unwilling"),
}


@pytest.mark.parametrize(("answers", "state"), OTHERS.values(), ids=OTHERS)
async def test_other_refusals_are_no_alarm(
    answers: list[tuple[int, str]], state: str, caplog: pytest.LogCaptureFixture
) -> None:
    handler, _ = answering(*answers)
    cosigning = asking(handler)
    assert await ask(cosigning) == []
    assert cosigning.standings["W"].state == state
    assert all(record.levelno < logging.ERROR for record in caplog.records)


async def test_what_another_publisher_of_ours_had_cosigned_is_no_alarm(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """One that was delayed comes with a smaller checkpoint than our table says was cosigned."""
    handler, requests = answering((409, "9\n"))
    cosigning = asking(handler)
    assert await ask(cosigning, last=9) == []
    assert cosigning.standings["W"].state == "overtaken"
    assert requests == []
    assert all(record.levelno < logging.ERROR for record in caplog.records)


async def test_what_our_table_says_was_cosigned_and_is_not_signed_any_more_is_one() -> None:
    handler, _ = answering((409, "10\n"))
    cosigning = asking(handler)
    assert await ask(cosigning, last=10) == []
    assert cosigning.standings["W"].state == "forked"


async def test_one_that_hangs_costs_its_patience_and_delays_no_other() -> None:
    brisk = Witness("V", WITNESS.cosigner, "http://brisk.example")

    async def handler(request: httpx.Request) -> httpx.Response:
        if request.url.host == "witness.example":
            await asyncio.sleep(60)
        return told(200, LINE)

    cosigning = asking(handler, None, WITNESS, brisk)
    assert len(await ask(cosigning)) == 1
    states = {name: standing.state for name, standing in cosigning.standings.items()}
    assert states == {"W": "unreachable", "V": "cosigned"}


async def test_drops_of_an_endless_answer_are_not_waited_for() -> None:
    async def drops() -> AsyncIterator[bytes]:
        while True:
            yield b"x"
            await asyncio.sleep(0.01)

    cosigning = asking(lambda _: httpx.Response(200, content=drops()))
    assert await ask(cosigning) == []
    assert cosigning.standings["W"].state == "unreachable"


@pytest.mark.parametrize("url", ["ftp://w.example", "http://", "nonsense", "http://[::1"])
async def test_an_address_that_is_none_harms_nobody(url: str) -> None:
    cosigning = Cosigning(Policy(TRUSTED, (Witness("W", WITNESS.cosigner, url),)))
    assert await ask(cosigning) == []
    assert cosigning.standings["W"].state == "unreachable"


async def test_it_returns_as_soon_as_it_is_enough() -> None:
    brisk = Witness("V", WITNESS.cosigner, "http://brisk.example")

    async def handler(request: httpx.Request) -> httpx.Response:
        if request.url.host == "witness.example":
            await asyncio.sleep(60)
        return told(200, LINE)

    cosigning = asking(handler, None, WITNESS, brisk)
    asked = Submission(CHECKPOINT, prove, signed)
    due = [(one, 0) for one in cosigning.due()]
    got = await cosigning.collect(asked, due, enough=lambda names: "V" in names, patience=60)
    assert len(got) == 1
    assert cosigning.standings["W"].failures == 0, "who was cut off has not failed"


async def test_one_that_fails_is_left_alone_for_longer_and_longer_but_never_given_up() -> None:
    clock = Clock()
    handler, requests = answering((500, ""))
    cosigning = asking(handler, clock)
    breaks = []
    for _ in range(9):
        await ask(cosigning)
        await ask(cosigning)
        breaks.append(cosigning.standings["W"].due - clock.now)
        clock.now = cosigning.standings["W"].due
    assert len(requests) == 9
    assert breaks == sorted(breaks)
    assert (breaks[0], breaks[-1]) == (0.5, 10.0)


async def test_each_change_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    handler, _ = answering((500, ""), (500, ""), (200, LINE), (200, LINE), (500, ""))
    cosigning = asking(handler, clock)
    with caplog.at_level(logging.INFO, logger="registry.cosigning"):
        for _ in range(5):
            await ask(cosigning)
            clock.now += 60
    said = [one.getMessage() for one in caplog.records if one.name == "registry.cosigning"]
    assert [message.split(":")[1].split(",")[0] for message in said] == [
        " unwilling",
        " cosigned",
        " unwilling",
    ]
