"""Answers from memory are the answers that the database would give."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import httpx
import psycopg
import pytest

from registry.code import code_hash, new_code
from tests.testkit.copies import publish_now, registered
from tests.testkit.issued import CopyOffice, copy_office, signing_house
from verify_portal import news
from verify_portal.app import create_app
from verify_portal.portal import Portal

__all__ = ["copy_office", "signing_house"]

#: A cookie, even one that says nothing, leads past the front to the framework.
PAST_THE_FRONT = {"Cookie": "nothing=at-all"}


@asynccontextmanager
async def listening(office: CopyOffice) -> AsyncIterator[Portal]:
    async with office.portal() as portal:
        portal.ledger.copies.listen()
        yield portal


@asynccontextmanager
async def asking(office: CopyOffice, portal: Portal) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=create_app(office.settings, portal))
    async with httpx.AsyncClient(transport=transport, base_url="http://portal.test") as http:
        yield http


async def one_copy(office: CopyOffice) -> str:
    (copy,) = await registered(office.database, 1)
    await publish_now(office.database)
    return copy.code


async def remembered(portal: Portal, code: str) -> None:
    """Ask until the answer comes from memory."""

    async def is_remembered() -> bool:
        await portal.by_code(code)
        return portal.from_memory(code, "vi") is not None

    await until(is_remembered)


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(20):
        while not await holds():  # noqa: ASYNC110 - another process publishes
            await asyncio.sleep(0.02)


async def is_revoked(portal: Portal, code: str) -> bool:
    return (await portal.by_code(code)).verdict == "revoked"


def cut_off(office: CopyOffice) -> None:
    """Every connection of the portal to the database."""
    with psycopg.connect(office.database.superuser_url, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE usename = 'registry_reader' AND datname = current_database()"
        )


def asked_so_far(portal: Portal) -> int:
    return sum(portal.ledger.copies.answered.values())


async def verdict(http: httpx.AsyncClient, code: str) -> Any:
    return (await http.get(f"/v1/copies/{code}")).json()["verdict"]


async def test_a_code_asked_again_costs_the_database_nothing(copy_office: CopyOffice) -> None:
    code = await one_copy(copy_office)
    async with listening(copy_office) as portal, asking(copy_office, portal) as http:
        await remembered(portal, code)
        before = asked_so_far(portal)
        for typed in (code, code.lower(), code.replace("-", " ")):
            assert await verdict(http, typed) == "valid"
        assert asked_so_far(portal) == before


@pytest.mark.parametrize("language", ["vi", "en;q=0.9, vi;q=0.5", "fr"])
async def test_front_memory_and_framework_say_the_same(
    copy_office: CopyOffice, language: str
) -> None:
    code = await one_copy(copy_office)
    headers = {"Accept-Language": language}
    async with listening(copy_office) as portal, asking(copy_office, portal) as http:
        for path in (code, new_code(), code[:-1] + "*", "x" * 63, "a b", "ư"):
            found = await http.get(f"/v1/copies/{path}", headers=headers)
            framework = await http.get(f"/v1/copies/{path}", headers=headers | PAST_THE_FRONT)
            assert alike(found) == alike(framework)
        await remembered(portal, code)
        hot = await http.get(f"/v1/copies/{code}", headers=headers)
        cold = await http.get(f"/v1/copies/{code}", headers=headers | PAST_THE_FRONT)
        assert alike(hot) == alike(cold)
        assert hot.json()["checked_at"].endswith("Z")
        counted = (await http.get("/metrics")).text
    routes = {
        line.split('route="')[1].split('"')[0] for line in counted.splitlines() if "route=" in line
    }
    assert sum("copies" in route for route in routes) == 1


def alike(response: httpx.Response) -> tuple[int, dict[str, str], Any]:
    """All of a response that does not depend on the moment."""
    body = response.json()
    body.pop("checked_at", None)
    headers = {name: value for name, value in response.headers.items() if name != "content-length"}
    return response.status_code, headers, body


async def test_an_answer_from_memory_names_the_newest_checkpoint(copy_office: CopyOffice) -> None:
    code = await one_copy(copy_office)
    async with listening(copy_office) as portal:
        await remembered(portal, code)
        other = await one_copy(copy_office)
        await remembered(portal, other)
        answer = await portal.by_code(code)
        assert answer.checkpoint is not None
        assert answer.checkpoint.size == 2


async def test_a_revocation_is_heard_by_every_process(copy_office: CopyOffice) -> None:
    code = await one_copy(copy_office)
    async with listening(copy_office) as one, listening(copy_office) as another:
        for portal in (one, another):
            await remembered(portal, code)
        await copy_office.revoke(code)
        for portal in (one, another):
            await until(partial(is_revoked, portal, code))
            await remembered(portal, code)
            assert await is_revoked(portal, code)


async def test_who_hears_nothing_remembers_nothing(
    copy_office: CopyOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(news, "_REST_SECONDS", 3600.0)
    code = await one_copy(copy_office)
    async with listening(copy_office) as portal:
        await remembered(portal, code)
        cut_off(copy_office)
        await copy_office.revoke(code)

        async def forgot() -> bool:
            return portal.ledger.copies.recall(code_hash(code)) is None

        await until(forgot)
        await until(partial(is_revoked, portal, code))


async def test_a_lost_ear_is_found_again(
    copy_office: CopyOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(news, "_REST_SECONDS", 0.05)
    code = await one_copy(copy_office)
    async with listening(copy_office) as portal:
        await remembered(portal, code)
        cut_off(copy_office)
        await remembered(portal, code)
