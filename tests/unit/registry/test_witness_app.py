"""The witness over HTTP, status by status (C2SP tlog-witness)."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.errors import WitnessUnable
from registry.log.checkpoint import sign_checkpoint
from registry.log.cosignature import parse_cosigner, valid_cosignatures
from registry.log.note import parse_verifier
from registry.log.witnessing import AddCheckpoint, request_text
from registry.witness.app import MAX_BYTES, WitnessApp
from registry.witness.evidence import origin_hash
from registry.witness.following import Follower
from registry.witness.identity import open_identity
from registry.witness.witness import Witness
from tests.testkit.copies import LOG_KEY, ORIGIN, VKEY, fixed_clock
from tests.testkit.log_files import LogFiles

VIEW = f"/{origin_hash(ORIGIN)}/checkpoint"


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Witness]:
    identity = open_identity(tmp_path / "w", "w1.example")
    with identity.memory:
        yield Witness(identity, tmp_path / "w", [parse_verifier(VKEY)], fixed_clock)


@pytest.fixture
def log(tmp_path: Path) -> LogFiles:
    log = LogFiles(tmp_path / "log")
    log.grow(20)
    return log


@pytest.fixture
async def http(witness: Witness) -> AsyncIterator[httpx.AsyncClient]:
    async with client(WitnessApp(witness)) as http:
        yield http


def client(app: WitnessApp) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app)
    return httpx.AsyncClient(transport=transport, base_url="http://witness")


async def ask(http: httpx.AsyncClient, request: AddCheckpoint) -> httpx.Response:
    return await http.post("/add-checkpoint", content=request_text(request))


async def test_a_consistent_checkpoint_is_answered_with_a_signature_line(
    http: httpx.AsyncClient, witness: Witness, log: LogFiles
) -> None:
    assert (await http.get(VIEW)).status_code == 404
    for old, new in ((0, 5), (5, 12), (12, 12)):
        request = log.request(old, new)
        answer = await ask(http, request)
        assert (answer.status_code, answer.text[0], answer.text[-1]) == (200, "\u2014", "\n")
        cosigner = parse_cosigner(witness.vkey)
        assert "w1.example" in valid_cosignatures(request.note + answer.text, [cosigner])
        view = await http.get(VIEW)
        assert view.headers["cache-control"] == "no-store"
        assert valid_cosignatures(view.text, [cosigner])
        assert view.text.startswith(log.checkpoint(new).note)


async def test_each_refusal_has_its_status(http: httpx.AsyncClient, log: LogFiles) -> None:
    await ask(http, log.request(0, 5))
    root = log.checkpoint(7).root_hash
    stranger = sign_checkpoint(ORIGIN, 7, root, Ed25519PrivateKey.generate()).note
    elsewhere = sign_checkpoint("other.example", 7, root, LOG_KEY).note
    for status, request in (
        (404, AddCheckpoint(5, (), elsewhere)),
        (403, AddCheckpoint(5, (), stranger)),
        (400, AddCheckpoint(8, (), log.checkpoint(7).note)),
        (422, AddCheckpoint(5, (), log.checkpoint(7).note)),
    ):
        answer = await ask(http, request)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert "\u2014" not in answer.text
    for old in (0, 3, 6):
        answer = await ask(http, log.request(old, 7))
        assert (answer.status_code, answer.text) == (409, "5\n")
        assert answer.headers["content-type"] == "text/x.tlog.size"


async def test_a_fork_is_refused_without_a_size_and_shown_by_the_health_check(
    http: httpx.AsyncClient, log: LogFiles
) -> None:
    await ask(http, log.request(0, 5))
    healthy = await http.get("/healthz")
    assert (healthy.status_code, healthy.json()["status"]) == (200, "ok")
    log.rewrite(2)
    answer = await ask(http, log.request(5, 5))
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert (await ask(http, log.request(5, 7))).status_code == 422
    health = await http.get("/healthz")
    assert health.status_code == 503
    [standing] = health.json()["logs"]
    assert (standing["origin"], standing["state"], standing["size"]) == (ORIGIN, "forked", 5)
    assert (await http.head("/healthz")).status_code == 503
    assert f"{ORIGIN}\n5\n" in (await http.get(VIEW)).text


async def test_the_health_check_tells_what_followers_see(witness: Witness, log: LogFiles) -> None:
    follower = Follower(witness, [parse_verifier(VKEY)], str(log.directory))
    async with client(WitnessApp(witness, [follower])) as http:
        assert (await http.get("/healthz")).json()["logs"][0]["state"] == "waiting"
        await follower.look()
        assert (await http.get("/healthz")).json()["logs"][0]["state"] == "cosigned"
        log.rewrite(2)
        await follower.look()
        health = await http.get("/healthz")
        assert health.status_code == 503
        assert ORIGIN in health.text


@pytest.mark.parametrize("content", [b"", b"old 0\n", b"\xff\xfe", b"old 0\n\nnote\n"])
async def test_what_is_no_request_is_refused(http: httpx.AsyncClient, content: bytes) -> None:
    assert (await http.post("/add-checkpoint", content=content)).status_code == 400


async def test_a_request_is_bounded_in_bytes_and_time(witness: Witness, log: LogFiles) -> None:
    async with client(WitnessApp(witness, patience=0.05)) as http:
        largest = await http.post("/add-checkpoint", content=b"x" * MAX_BYTES)
        assert largest.status_code == 400
        larger = await http.post("/add-checkpoint", content=b"x" * (MAX_BYTES + 1))
        assert larger.status_code == 413

        async def trickle() -> AsyncIterator[bytes]:
            for byte in request_text(log.request(0, 5)).encode():
                yield bytes([byte])
                await asyncio.sleep(0.01)

        assert (await http.post("/add-checkpoint", content=trickle())).status_code == 408
        assert (await ask(http, log.request(0, 5))).status_code == 200


async def test_a_witness_that_cannot_remember_does_not_sign(
    http: httpx.AsyncClient, witness: Witness, log: LogFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise WitnessUnable("database or disk is full")

    monkeypatch.setattr("registry.witness.memory.Turn.keep", full)
    answer = await ask(http, log.request(0, 5))
    assert answer.status_code == 503
    assert "\u2014" not in answer.text
    assert witness.latest(ORIGIN) is None


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/add-checkpoint", 405),
        ("PUT", "/add-checkpoint", 405),
        ("POST", "/healthz", 405),
        ("GET", f"/{'0' * 64}/checkpoint", 404),
        ("GET", f"{VIEW}/more", 404),
    ],
)
async def test_there_is_nothing_else(
    http: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    assert (await http.request(method, path)).status_code == status
