"""Reading a log's files from a place that may be broken or hostile, and writing them."""

import gzip
import secrets
import tracemalloc
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest
from obstore.store import MemoryStore

from registry.errors import LogFileMissing, LogMalformed, LogUnreachable
from registry.log.tiles import WIDTH, bundle, split_bundle
from registry.places import StorePlace, WebPlace
from registry.tile_files import TileFiles

HASHES = [bytes([n]) * 32 for n in range(WIDTH)]
BODIES = [b"%d" % n for n in range(WIDTH)]
Answering = Callable[[httpx.Request], httpx.Response]


def over_http(answer: Answering) -> TileFiles:
    return TileFiles(WebPlace("http://log.test/log/", transport=httpx.MockTransport(answer)))


def always(content: bytes, status: int = 200, **headers: str) -> TileFiles:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return over_http(lambda _: response(content, status, sent))


def response(
    content: bytes, status: int = 200, headers: dict[str, str] | None = None
) -> httpx.Response:
    """As it comes over a connection: not read yet, and in pieces."""

    async def pieces() -> AsyncIterator[bytes]:
        for at in range(0, len(content), 10):
            yield content[at : at + 10]

    return httpx.Response(status, content=pieces(), headers=headers)


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    paused: list[float] = []

    async def sleep(seconds: float) -> None:
        paused.append(seconds)

    monkeypatch.setattr("registry.places.asyncio.sleep", sleep)
    return paused


@pytest.mark.parametrize("where", ["memory", "directory"])
async def test_what_is_put_is_read_back(where: str, tmp_path: Path) -> None:
    memory = where == "memory"
    made = TileFiles(StorePlace(MemoryStore())) if memory else TileFiles.open(str(tmp_path))
    async with made as files:
        await files.put("checkpoint", "Bản Sao\n".encode())
        await files.put("tile/1/x001/x234/067", b"".join(HASHES))
        await files.put("tile/1/x001/x234/068.p/3", b"".join(HASHES[:3]))
        await files.put("tile/entries/000", bundle(BODIES))
        assert await files.checkpoint() == "Bản Sao\n"
        assert await files.tile(1, 1_234_067) == HASHES
        assert await files.tile(1, 1_234_068, 3) == HASHES[:3]
        assert await files.entries(0) == BODIES


async def test_a_partial_file_that_was_deleted_is_cut_from_the_full_one() -> None:
    files = TileFiles(StorePlace(MemoryStore()))
    await files.put("tile/0/000", b"".join(HASHES))
    await files.put("tile/entries/000", bundle(BODIES))
    assert await files.tile(0, 0, 5) == HASHES[:5]
    assert await files.entries(0, 5) == BODIES[:5]


async def test_what_is_not_there_is_said_to_be_missing() -> None:
    files = TileFiles(StorePlace(MemoryStore()))
    with pytest.raises(LogFileMissing, match="checkpoint"):
        await files.checkpoint()
    with pytest.raises(LogFileMissing, match=r"tile/0/000\.p/5"):
        await files.tile(0, 0, 5)
    with pytest.raises(LogFileMissing, match="tile/entries/007"):
        await always(b"", 404).entries(7)


async def test_the_addresses_asked_for_are_those_of_the_specification() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(404)

    async with over_http(answer) as files:
        with pytest.raises(LogFileMissing):
            await files.tile(2, 1_234_067, 112)
    prefix = "http://log.test/log/tile/2/x001/x234/067"
    assert asked == [f"{prefix}.p/112", prefix]


@pytest.mark.parametrize("content", [b"", b"\0" * 31, b"\0" * 33, b"\0" * 64])
async def test_a_tile_of_another_length_is_refused(content: bytes) -> None:
    with pytest.raises(LogMalformed):
        await always(content).tile(0, 0, 1)


@pytest.mark.parametrize("content", [b"", b"\0", b"\0\x02a", bundle([b"a"]), bundle([b"a"] * 3)])
async def test_a_bundle_of_another_length_is_refused(content: bytes) -> None:
    with pytest.raises(LogMalformed):
        await always(content).entries(0, 2)


def test_a_bundle_of_nothing_but_lengths_is_not_unpacked_whole() -> None:
    with pytest.raises(ValueError, match="too many"):
        split_bundle(bytes(2 * WIDTH + 2))


@pytest.mark.parametrize(
    "content", [b"\0", b"\0\x02a", bundle(BODIES) + b"\0", b"\xff\xff" + BODIES[1]]
)
def test_a_bundle_that_ends_within_an_entry_is_not_unpacked(content: bytes) -> None:
    with pytest.raises(ValueError, match="the bundle"):
        split_bundle(content)


async def test_a_checkpoint_that_is_no_text_is_refused() -> None:
    with pytest.raises(LogMalformed):
        await always(b"\xff\xfe").checkpoint()


async def test_a_server_that_never_stops_sending_is_cut_off() -> None:
    sent = 0

    async def endless() -> object:
        nonlocal sent
        while True:
            sent += 1
            yield b"x" * 65536

    files = over_http(lambda _: httpx.Response(200, content=endless()))
    with pytest.raises(LogMalformed, match="more than 8192 bytes"):
        await files.tile(0, 0)
    assert sent == 1


async def test_a_bomb_is_not_unpacked() -> None:
    bomb = gzip.compress(bytes(100_000_000))
    tracemalloc.start()
    try:
        with pytest.raises(LogMalformed, match="more than"):
            await always(bomb, Content_Encoding="gzip").read("checkpoint", 1_000_000)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 10_000_000


async def test_compressed_answers_are_read() -> None:
    packed = gzip.compress(bundle(BODIES))
    assert await always(packed, Content_Encoding="gzip").entries(0) == BODIES
    assert await always(gzip.compress(HASHES[1]), Content_Encoding="gzip").tile(0, 0, 1) == [
        HASHES[1]
    ]
    noise = secrets.token_bytes(8192)
    assert len(gzip.compress(noise)) > 8192
    assert b"".join(await always(gzip.compress(noise), Content_Encoding="gzip").tile(0, 0)) == noise
    for content, most, fault in (
        (packed[:-1], 100_000, "broken"),
        (b"no gzip", 100, "broken"),
        (packed, 100, "more than"),
    ):
        with pytest.raises(LogMalformed, match=fault):
            await always(content, Content_Encoding="gzip").read("tile/entries/000", most)
    with pytest.raises(LogMalformed, match="encoding"):
        await always(b"", Content_Encoding="br").checkpoint()


async def test_a_busy_server_is_asked_again_when_it_wants(no_pauses: list[float]) -> None:
    answers = iter([httpx.Response(429, headers={"Retry-After": "3"}), httpx.Response(503)])
    files = over_http(lambda _: next(answers, response(HASHES[0])))
    assert await files.tile(0, 0, 1) == HASHES[:1]
    assert no_pauses == [3.0, 5.0]


async def test_a_server_that_stays_away_is_named() -> None:
    def refuse(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("connection refused")

    with pytest.raises(LogUnreachable, match=r"http://log\.test/log/checkpoint: Conn"):
        await over_http(refuse).checkpoint()
    with pytest.raises(LogUnreachable, match="503"):
        await always(b"", 503).checkpoint()


@pytest.mark.parametrize("status", [301, 403])
async def test_neither_a_redirect_nor_a_refusal_passes_for_a_missing_file(status: int) -> None:
    with pytest.raises(LogUnreachable, match=str(status)):
        await always(b"", status, Location="http://elsewhere.test/").checkpoint()


async def test_a_web_server_is_not_written() -> None:
    with pytest.raises(LogUnreachable, match="read, not written"):
        await always(b"").put("checkpoint", b"")


def test_a_directory_is_made_only_when_asked(tmp_path: Path) -> None:
    with pytest.raises(LogUnreachable, match="no such directory"):
        TileFiles.open(str(tmp_path / "log"))
    TileFiles.open(str(tmp_path / "log"), create=True)
    assert (tmp_path / "log").is_dir()
    (tmp_path / "file").write_text("")
    with pytest.raises(LogUnreachable, match="File exists"):
        TileFiles.open(str(tmp_path / "file"), create=True)


def test_a_location_of_another_kind_is_refused() -> None:
    with pytest.raises(LogUnreachable, match="ftp://"):
        TileFiles.open("ftp://host/log")
