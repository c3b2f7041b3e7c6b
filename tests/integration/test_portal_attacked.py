"""Ways round the portal's limits and into its memory, each of which was one once."""

import secrets
from collections.abc import AsyncIterator
from functools import partial
from typing import Final

import httpx
import pytest
from litestar import _parsers

from registry.code import new_code
from tests.testkit.copies import publish_now, registered
from tests.testkit.issued import CopyOffice, copy_office, signing_house
from verify_portal.agency.key import new_key
from verify_portal.app import create_app
from verify_portal.bytes_held import BytesHeld
from verify_portal.front import Front
from verify_portal.limiting.limits import MISSES

__all__ = ["copy_office", "signing_house"]

JSON: Final = {"Content-Type": "application/json"}


@pytest.fixture
async def code(copy_office: CopyOffice) -> str:
    """Of a published copy."""
    (copy,) = await registered(copy_office.database, 1)
    await publish_now(copy_office.database)
    return copy.code


@pytest.fixture
async def guesser(copy_office: CopyOffice, code: str) -> AsyncIterator[httpx.AsyncClient]:
    """Who has no misses left."""
    async with copy_office.client() as http:
        for _ in range(MISSES.client.burst):
            await http.get(f"/v1/copies/{new_code()}")
        yield http


async def test_a_guesser_gets_no_answers_by_calling_his_question_a_file(
    guesser: httpx.AsyncClient, code: str
) -> None:
    for kind in ("application/pdf", "text/csv", "multipart/form-data; boundary=x"):
        for path in (f"/v1/copies/{code}", f"/c/{code}"):
            refused = await guesser.get(path, headers={"Content-Type": kind})
            assert refused.status_code == 429, (path, kind)
    form = {"code": (None, code)}
    for path in ("/check", f"/c/{code}/facts"):
        assert (await guesser.post(path, files=form)).status_code == 429, path
    assert (await guesser.post("/check", files={"sha256": (None, "0" * 64)})).status_code == 429
    assert (await guesser.post("/check", files={"file": ("a", b"text")})).status_code == 429


async def test_codes_in_files_are_guesses(copy_office: CopyOffice, code: str) -> None:
    """Once a file asked for two dozen, twenty times a minute."""
    guesses = b"%PDF-1.7\n" + b"\n".join(new_code().encode() for _ in range(12)) + b"\n%%EOF"
    async with copy_office.client() as http:
        for path in ("/v1/verify", "/check"):
            assert (await http.post(path, files={"file": ("a.pdf", guesses)})).status_code == 200
        assert (await http.get(f"/v1/copies/{code}")).status_code == 429
        assert (await http.post("/check", files={"file": ("a.pdf", guesses)})).status_code == 429


@pytest.mark.parametrize("what", ["facts", "pdf"])
async def test_a_guesser_gets_no_more_refusals_by_making_up_keys(
    copy_office: CopyOffice, code: str, what: str
) -> None:
    """Their times differ a little where there is a copy."""
    async with copy_office.client() as http:
        told = set()
        for _ in range(MISSES.client.burst):
            made_up = {"Authorization": f"Bearer {new_key(secrets.token_bytes)}"}
            told.add((await http.get(f"/v1/copies/{new_code()}/{what}", headers=made_up)).text)
        assert len(told) == 1
        refused = await http.get(f"/v1/copies/{code}/{what}", headers=made_up)
    assert "key-unknown" in told.pop()
    assert refused.status_code == 429


async def test_a_file_too_much_is_refused_and_a_question_is_not(
    copy_office: CopyOffice, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("verify_portal.app.BytesHeld", partial(BytesHeld, most=1_000))
    async with copy_office.client() as http:
        for path in ("/v1/verify", "/check", "/v1/verify/batch", "/batch"):
            refused = await http.post(path, files={"file": ("a.pdf", bytes(200_000))})
            assert (path, refused.status_code) == (path, 503)
            assert refused.headers["Retry-After"] == "5"
        answer = await http.post("/v1/verify", json={"code": code})
    assert answer.json()["verdict"] == "valid"


async def test_brackets_in_brackets_are_a_refused_request(copy_office: CopyOffice) -> None:
    async with copy_office.client() as http:
        for path, beginning in (
            ("/v1/verify", '{"code":'),
            ("/v1/verify/batch", '{"questions":['),
            ("/v1/verify/batch", '{"questions":[{"qr":'),
            (f"/v1/copies/{new_code()}/facts", '{"seal":'),
        ):
            body = beginning + "[" * 50_000
            response = await http.post(path, content=body, headers=JSON)
            assert response.status_code == 400, path


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_another_sites_page_cannot_use_up_its_visitors_tries(
    copy_office: CopyOffice, code: str, kind: str
) -> None:
    """Browsers send these without asking us first."""
    async with copy_office.client() as http:
        path, tried = f"/v1/copies/{code}/facts", '{"number": 5, "holder_name": "An"}'
        for _ in range(10):
            sent = await http.post(path, content=tried, headers={"Content-Type": kind})
            assert sent.status_code == 415
        assert (await http.post(path, content=tried, headers=JSON)).status_code == 403


async def test_cookies_and_long_queries_are_not_remembered(copy_office: CopyOffice) -> None:
    """The framework keeps a thousand of each with what it made of them: megabytes, if they are
    long.
    """
    remembered = (_parsers.parse_cookie_string, _parsers.parse_query_string)
    async with copy_office.client() as http:
        for one in remembered:
            one.cache_clear()
        for path in ("/nothing", "/", "/c/x", "/v1/copies/x", "/scan/manifest.webmanifest"):
            answer = await http.get(path, headers={"Cookie": "lang=en; a=" + "b; " * 5_000})
            assert answer.status_code in {200, 404}, path
            long_question = await http.get(f"{path}?lang=en&{'a=b&' * 5_000}")
            assert long_question.status_code == (404 if path == "/nothing" else 414)
    cookies, queries = (one.cache_info().currsize for one in remembered)
    assert (cookies, queries <= 1) == (0, True)  # the empty query is one


@pytest.mark.parametrize(
    "headers",
    [
        [(b"x-forwarded-for", b"198.51.100.7" + b" " * 100_000)],
        [(b"x-forwarded-for", b"198.51.100.7")] * 100,
        [(b"accept-language", b"vi" + b" " * 100_000)],
    ],
)
async def test_long_headers_are_not_remembered(
    copy_office: CopyOffice, headers: list[tuple[bytes, bytes]]
) -> None:
    """Thousands are, one of each, and a server takes 400 KB of them."""
    async with copy_office.portal() as portal:
        front = create_app(copy_office.settings, portal)
        assert isinstance(front, Front)
        seen: list[bool] = []

        async def framework(*_: object) -> None:
            seen.append(True)

        front._framework = framework
        scope = {
            "type": "http",
            "method": "GET",
            "path": f"/v1/copies/{new_code()}",
            "query_string": b"",
            "client": ("127.0.0.1", 1),
            "headers": headers,
        }
        await front(scope, None, None)
        assert seen == [True]
