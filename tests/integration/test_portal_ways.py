"""Each of the eight verdicts by each way in that can lead to it."""

import hashlib
import ipaddress
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace

from registry.append import Appender
from registry.clock import utc_now
from registry.code import new_code
from tests.testkit.copies import decided, made_up_copy, publish_now, store_of
from tests.testkit.issued import PORTAL_URL, CopyOffice, Issued, copy_office, signing_house
from tests.testkit.sealing import photo_of, portal_with_seals, sealed_address

__all__ = ["copy_office", "signing_house"]

Ask = Callable[[httpx.AsyncClient, Any], Awaitable[httpx.Response]]


async def by_code(http: httpx.AsyncClient, code: str) -> httpx.Response:
    return await http.get(f"/v1/copies/{code}")


async def by_question(http: httpx.AsyncClient, question: dict[str, str]) -> httpx.Response:
    return await http.post("/v1/verify", json=question)


async def by_file(http: httpx.AsyncClient, content: bytes) -> httpx.Response:
    return await http.post("/v1/verify", files={"file": ("tệp", content)})


async def in_a_batch(http: httpx.AsyncClient, question: dict[str, str]) -> httpx.Response:
    """Between others: the answer of the middle one, as if it had been asked alone."""
    questions = [{"code": new_code()}, question, {"code": "nonsense"}]
    answered = await http.post("/v1/verify/batch", json={"questions": questions})
    lines = answered.json()["answers"]
    assert [lines[0]["verdict"], lines[2]["verdict"]] == ["unknown", "malformed"]
    return httpx.Response(503 if lines[1]["verdict"] == "unavailable" else 200, json=lines[1])


async def a_life_each(office: CopyOffice) -> dict[str, Issued]:
    """Copies with all their papers; the last one is not published yet."""
    names = ("valid", "superseded", "suspended", "revoked")
    copies = {name: await office.issue(publish=False) for name in names}
    async with (
        store_of(office.database, "registry_writer") as store,
        Appender(store, utc_now) as appender,
    ):
        valid = copies["valid"].code
        await appender.supersede(copies["superseded"].code, successor=valid, **decided("13/QĐ"))
        await appender.suspend(copies["suspended"].code, **decided("14/QĐ"))
        await appender.revoke(copies["revoked"].code, **decided("15/QĐ"))
    await publish_now(office.database)
    return copies | {"unavailable": await office.issue(publish=False)}


def questions(copies: dict[str, Issued], strangers: bytes) -> list[tuple[str, str, Ask, Any]]:
    """Verdict, way, and how it is asked. `strangers` is a well-signed PDF of no copy."""
    asked: list[tuple[str, str, Ask, Any]] = []
    for verdict, one in copies.items():
        digest = hashlib.sha256(one.pdf).hexdigest()
        asked += [
            (verdict, "code", by_code, one.code),
            (verdict, "photo", by_file, photo_of(f"{PORTAL_URL}/c/{one.code}")),
            (verdict, "photo of a seal", by_file, photo_of(sealed_address(one.copy))),
            (verdict, "seal", by_question, {"qr": sealed_address(one.copy)}),
            (verdict, "digest", by_question, {"sha256": digest}),
            (verdict, "PDF", by_file, one.pdf),
            (verdict, "batch of codes", in_a_batch, {"code": one.code}),
            (verdict, "batch of seals", in_a_batch, {"qr": sealed_address(one.copy)}),
            (verdict, "batch of digests", in_a_batch, {"sha256": digest}),
        ]
    forged = sealed_address(copies["valid"].copy, Ed25519PrivateKey.generate())
    nobodys = made_up_copy()
    return [
        *asked,
        ("altered", "photo of a seal", by_file, photo_of(forged)),
        ("altered", "seal", by_question, {"qr": forged}),
        ("altered", "PDF", by_file, copies["valid"].pdf + b"\n"),
        ("altered", "batch of seals", in_a_batch, {"qr": forged}),
        ("unknown", "code", by_code, nobodys.code),
        ("unknown", "photo", by_file, photo_of(f"{PORTAL_URL}/c/{nobodys.code}")),
        ("unknown", "photo of a seal", by_file, photo_of(sealed_address(nobodys))),
        ("unknown", "seal", by_question, {"qr": sealed_address(nobodys)}),
        ("unknown", "digest", by_question, {"sha256": "00" * 32}),
        ("unknown", "PDF", by_file, strangers),
        ("unknown", "batch of codes", in_a_batch, {"code": nobodys.code}),
        ("unknown", "batch of seals", in_a_batch, {"qr": sealed_address(nobodys)}),
        ("unknown", "batch of digests", in_a_batch, {"sha256": "00" * 32}),
        ("malformed", "code", by_code, nobodys.code[:-1]),
        ("malformed", "photo", by_file, photo_of("https://example.org/menu")),
        ("malformed", "seal", by_question, {"qr": "#cut off"}),
        ("malformed", "digest", by_question, {"sha256": "nonsense"}),
        ("malformed", "PDF", by_file, b"%PDF"),
        ("malformed", "batch of codes", in_a_batch, {"code": nobodys.code[:-1]}),
        ("malformed", "batch of digests", in_a_batch, {"sha256": "nonsense"}),
    ]


def behind_a_proxy(office: CopyOffice) -> CopyOffice:
    settings = replace(office.settings, trusted_proxies=("127.0.0.1",))
    return replace(office, settings=settings)


async def from_anywhere(request: httpx.Request) -> None:
    """Who asks so often without finding anything is soon told to wait."""
    request.headers["X-Forwarded-For"] = str(ipaddress.IPv6Address(secrets.randbits(128)))


async def test_each_verdict_by_each_way_in(copy_office: CopyOffice) -> None:
    copies = await a_life_each(copy_office)
    strangers = await copy_office.house.signed(new_code())
    asked = questions(copies, strangers)
    async with portal_with_seals(behind_a_proxy(copy_office)) as http:
        http.event_hooks["request"] = [from_anywhere]
        answers = [await ask(http, content) for _, _, ask, content in asked]
    told = [
        (answer.json()["verdict"], way, answer.status_code)
        for (_, way, _, _), answer in zip(asked, answers, strict=True)
    ]
    assert told == [
        (verdict, way, 503 if verdict == "unavailable" else 200) for verdict, way, _, _ in asked
    ]
