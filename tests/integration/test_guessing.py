"""Who guesses codes finds nothing, and neither time nor form of the answer tells him anything."""

import asyncio
import os
import random
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

import httpx
import pytest

from registry.code import ALPHABET, RANDOM_BITS, code_hash, new_code
from registry.lookup import Found, find_all
from tests.testkit.copies import publish_now, registered, store_of
from tests.testkit.issued import CopyOffice, copy_office, signing_house
from tests.testkit.ranks import mann_whitney_z
from verify_portal.app import create_app
from verify_portal.limiting.limits import MISSES
from verify_portal.portal import Portal

__all__ = ["copy_office", "signing_house"]

#: 1,000,000 in the thorough run.
GUESSES: Final = int(os.environ.get("BANSAO_GUESSES", "100000"))
_TOGETHER: Final = 10_000
#: Questions of each kind whose times are compared.
_TIMED: Final = 800
#: Beyond this, chance is blamed in one run of a hundred thousand.
_TOLD: Final = 4.5
_KEPT_SYMBOLS: Final = 13


async def test_guesses_find_nothing(copy_office: CopyOffice) -> None:
    """Beside one code that was issued, to see that the lookup would find it."""
    (copy,) = await registered(copy_office.database, 1)
    await publish_now(copy_office.database)
    issued = code_hash(copy.code)
    async with store_of(copy_office.database, "registry_reader") as store:
        for _ in range(GUESSES // _TOGETHER):
            guessed = [code_hash(new_code()) for _ in range(_TOGETHER)]
            outcomes = (await find_all(store, [*guessed, issued])).outcomes
            assert list(outcomes) == [issued]
            assert isinstance(outcomes[issued], Found)


def near(code: str) -> str:
    """Another code that begins like this one."""
    value = 0
    for symbol in code.replace("-", "")[: RANDOM_BITS // 5]:
        value = value << 5 | ALPHABET.index(symbol)
    kept = 5 * _KEPT_SYMBOLS
    free = RANDOM_BITS - kept
    found = code
    while found == code:
        found = new_code(lambda bits: value >> free << free | secrets.randbits(bits - kept))
    assert found[: _KEPT_SYMBOLS + 2] == code[: _KEPT_SYMBOLS + 2]
    return found


class Visitor:
    """Asks the application itself, each time from another network."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._asked = 0

    async def ask(self, code: str) -> tuple[list[tuple[bytes, bytes]], bytes]:
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        self._asked += 1
        address = f"10.{self._asked >> 8 & 255}.{self._asked & 255}.{self._asked >> 16}"
        scope = {
            "type": "http",
            "method": "GET",
            "path": f"/v1/copies/{code}",
            "query_string": b"",
            "headers": [(b"accept-language", b"vi")],
            "client": (address, 1),
            "state": {},
        }
        await self._app(scope, None, send)
        assert sent[0]["status"] == 200
        return sent[0]["headers"], sent[1]["body"]


async def timed(visitor: Visitor, kinds: dict[str, Callable[[], str]]) -> dict[str, list[float]]:
    """Seconds that each kind of code took, asked in random order."""
    order = [kind for kind in kinds for _ in range(_TIMED)]
    random.shuffle(order)
    took: dict[str, list[float]] = {kind: [] for kind in kinds}
    for kind in order:
        code = kinds[kind]()
        before = time.perf_counter()
        _, body = await visitor.ask(code)
        took[kind].append(time.perf_counter() - before)
        assert b'"verdict":"unknown"' in body
    return took


async def remembering(office: CopyOffice, portal: Portal) -> tuple[list[str], list[str]]:
    """Codes of copies that the portal has in memory, and of others."""
    codes = [copy.code for copy in await registered(office.database, 40)]
    await publish_now(office.database)
    portal.ledger.copies.listen()
    async with asyncio.timeout(20):
        for code in codes[:20]:
            while portal.from_memory(code, "vi") is None:
                await portal.by_code(code)
                await asyncio.sleep(0.01)
    return codes[:20], codes[20:]


async def test_the_time_of_unknown_tells_nothing(copy_office: CopyOffice) -> None:
    async with copy_office.portal() as portal:
        remembered, others = await remembering(copy_office, portal)
        visitor = Visitor(create_app(copy_office.settings, portal))
        kinds: dict[str, Callable[[], str]] = {
            "far": new_code,
            "near one that is remembered": lambda: near(secrets.choice(remembered)),
            "near one that is not": lambda: near(secrets.choice(others)),
        }
        took = await timed(visitor, kinds)
    for kind in list(kinds)[1:]:
        assert abs(mann_whitney_z(took[kind], took["far"])) < _TOLD, kind


async def test_a_lookup_that_looked_at_beginnings_would_be_found_out(
    copy_office: CopyOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same measurement, with a leak planted: a copy is fetched for its code's beginning."""
    by_code = Portal.by_code
    async with copy_office.portal() as portal:
        _, others = await remembering(copy_office, portal)
        beginnings = {code[: _KEPT_SYMBOLS + 2]: code for code in others}

        async def leaking(self: Portal, code: str) -> Any:
            if like := beginnings.get(code[: _KEPT_SYMBOLS + 2]):
                await by_code(self, like)
            return await by_code(self, code)

        monkeypatch.setattr(Portal, "by_code", leaking)
        visitor = Visitor(create_app(copy_office.settings, portal))
        took = await timed(visitor, {"far": new_code, "near": lambda: near(secrets.choice(others))})
    assert mann_whitney_z(took["near"], took["far"]) > _TOLD


async def test_every_unknown_answer_has_one_shape(copy_office: CopyOffice) -> None:
    async with copy_office.portal() as portal:
        remembered, others = await remembering(copy_office, portal)
        visitor = Visitor(create_app(copy_office.settings, portal))
        shapes = set()
        for code in (new_code(), near(remembered[0]), near(others[0]), new_code()):
            for _ in range(2):  # asked again it is no other
                headers, body = await visitor.ask(code)
                before, _, after = body.partition(b'"checked_at":"')
                same = (before + after.partition(b'"')[2]).replace(code.encode(), b"")
                names = tuple((n, v) for n, v in headers if n != b"content-length")
                shapes.add((names, same))
    assert len(shapes) == 1


Way = Callable[[httpx.AsyncClient, str], Awaitable[httpx.Response]]
#: All that tells whether a code exists.
WAYS: dict[str, Way] = {
    "answer": lambda http, code: http.get(f"/v1/copies/{code}"),
    "answer for a day": lambda http, code: http.get(f"/v1/copies/{code}?on=2026-11-21"),
    "page": lambda http, code: http.get(f"/c/{code}"),
    "proof": lambda http, code: http.get(f"/v1/copies/{code}/proof"),
    "batch": lambda http, code: http.post("/v1/verify/batch", json={"questions": [{"code": code}]}),
    "absence": lambda http, code: http.get(f"/v1/copies/{code}/absence"),
    "code": lambda http, code: http.post("/v1/verify", json={"code": code}),
    "text": lambda http, code: http.post("/v1/verify", json={"qr": f"http://x.test/c/{code}"}),
    "form": lambda http, code: http.post("/check", data={"code": code}, follow_redirects=True),
}


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> Way:
    return WAYS[request.param]


async def test_no_way_in_lets_a_guesser_go_on(copy_office: CopyOffice, way: Way) -> None:
    (copy,) = await registered(copy_office.database, 1)
    await publish_now(copy_office.database)
    async with copy_office.client() as http:
        answered = 0
        while (response := await way(http, new_code())).status_code != 429:
            assert response.status_code in {200, 404, 503}
            answered += 1
            assert answered <= MISSES.client.burst + 1
        assert int(response.headers["Retry-After"]) > 0
        assert (await way(http, copy.code)).status_code == 429  # nor for what exists
