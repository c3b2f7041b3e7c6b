"""The officer's desk against a real database: who may see and decide what."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import httpx
import psycopg
import pytest
from litestar.testing import AsyncTestClient

from bansao.hanoi import enter_units, hanoi_units
from intake.app import create_desk_app
from intake.desk.login import SESSION_LASTS, TRIES
from intake.dossier import State
from intake.edges import Edges
from registry.clock import utc_now
from registry.store import Store as Registry
from tests.testkit.counter import (
    OFFICER,
    OTHER_UNIT,
    PASSWORD,
    STRANGER,
    Counter,
    counter,
    received,
)

__all__ = ["counter"]

WebClient = AsyncTestClient  # type: ignore[type-arg]


class Desk:
    """A browser at the desk: it keeps cookies and sends the form's CSRF token."""

    def __init__(self, web: WebClient) -> None:
        self.web = web

    async def get(self, path: str) -> httpx.Response:
        return await self.web.get(path, follow_redirects=False)

    async def post(self, path: str, **fields: str) -> httpx.Response:
        token = self.web.cookies.get("bansao_csrf", "")
        return await self.web.post(
            path, data={"_csrf_token": token, **fields}, follow_redirects=False
        )

    async def sign_in(self, username: str, password: str = PASSWORD) -> httpx.Response:
        await self.get("/desk/login")
        return await self.post("/desk/login", username=username, password=password)


class Moving:
    """A clock that a test can set forward."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return utc_now() + self.ahead


@pytest.fixture
def clock() -> Moving:
    return Moving()


@pytest.fixture
async def desk(counter: Counter, clock: Moving) -> AsyncIterator[Desk]:
    app = create_desk_app(counter.settings, clock)
    async with AsyncTestClient(app, raise_server_exceptions=False) as web:
        yield Desk(web)


@pytest.fixture
async def edges(counter: Counter) -> AsyncIterator[Edges]:
    async with counter.edges() as edges:
        yield edges


async def jobs(counter: Counter) -> list[str]:
    with psycopg.connect(counter.database.superuser_url) as connection:
        rows = connection.execute("SELECT task_name FROM jobs.procrastinate_jobs ORDER BY id")
        return [name for (name,) in rows]


SIGNING = {"document_type": "diploma", "title": "Bằng", "holder_name": "Trần Thị Minh Anh"}


async def test_an_officer_signs_in_sees_and_signs(
    desk: Desk, edges: Edges, counter: Counter
) -> None:
    dossier_id = await received(edges)
    answer = await desk.sign_in(OFFICER.username)
    assert answer.headers["location"] == "/desk"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert str(dossier_id) in (await desk.get("/desk")).text

    page = await desk.get(f"/desk/dossiers/{dossier_id}")
    assert "Trần Thị Minh Anh" in page.text
    assert 'value="15/07/2013"' in page.text
    assert page.headers["cache-control"] == "no-store"
    assert "script-src 'self'" in page.headers["content-security-policy"]
    image = await desk.get(f"/desk/dossiers/{dossier_id}/files/page/0")
    assert image.headers["content-type"] == "image/jpeg"

    answer = await desk.post(
        f"/desk/dossiers/{dossier_id}/sign",
        **SIGNING,
        **{"field.issue_date": "16/07/2013", "compared": "yes", "password": PASSWORD},
    )
    assert answer.status_code == 303
    assert (await edges.store.dossier(dossier_id)).state is State.CERTIFYING
    found = await edges.store.findings(dossier_id)
    assert found is not None
    assert found.corrected is not None
    assert found.corrected.fields == {"issue_date": "2013-07-16"}
    kinds = [event.kind for event in await edges.store.events(dossier_id)]
    assert kinds[-3:] == ["viewed", "corrected", "decided"]
    assert await jobs(counter) == ["certify"]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"password": "sai"}, "không đúng"),
        ({"compared": ""}, "đối chiếu"),
        ({"holder_name": " "}, "họ tên"),
    ],
)
async def test_signing_needs_password_comparison_and_facts(
    desk: Desk, edges: Edges, changed: dict[str, str], words: str
) -> None:
    dossier_id = await received(edges)
    await desk.sign_in(OFFICER.username)
    form = {**SIGNING, "compared": "yes", "password": PASSWORD, "title": "Bằng đã sửa"} | changed
    answer = await desk.post(f"/desk/dossiers/{dossier_id}/sign", **form)
    assert answer.status_code in {403, 422}
    assert words in answer.text
    assert "Bằng đã sửa" in answer.text, "the officer's typing is lost"
    assert (await edges.store.dossier(dossier_id)).state is State.REVIEW


async def test_who_may_not_certify_is_told_before_anything_is_ordered(
    desk: Desk, edges: Edges, counter: Counter
) -> None:
    dossier_id = await received(edges)
    async with await Registry.connect(counter.database.role_url("registry_admin")) as admin:
        await enter_units(admin, [hanoi_units()[OFFICER.unit_code]], by="test")
    await desk.sign_in(OFFICER.username)
    form = {**SIGNING, "compared": "yes", "password": PASSWORD, "title": "Bằng đã sửa"}
    answer = await desk.post(f"/desk/dossiers/{dossier_id}/sign", **form)
    assert answer.status_code == 403
    assert "chưa có trong danh bạ thẩm quyền" in answer.text
    assert "Bằng đã sửa" in answer.text, "the officer's typing is lost"
    assert (await edges.store.dossier(dossier_id)).state is State.REVIEW


async def test_refusing_needs_a_ground_and_a_reason(desk: Desk, edges: Edges) -> None:
    dossier_id = await received(edges)
    await desk.sign_in(OFFICER.username)
    path = f"/desk/dossiers/{dossier_id}/refuse"
    for fields in ({"ground": "2", "reason": " "}, {"ground": "7", "reason": "x"}, {"reason": "x"}):
        assert (await desk.post(path, **fields)).status_code == 422
    page = f"/desk/dossiers/{dossier_id}"
    assert "Hạn trả" in (await desk.get(page)).text
    assert (await desk.post(path, ground="2", reason="Mất góc.")).status_code == 303
    assert (await edges.store.dossier(dossier_id)).state is State.REFUSED
    assert "Hạn trả" not in (await desk.get(page)).text
    again = await desk.post(path, ground="2", reason="Mất góc.")
    assert again.status_code == 409


async def test_another_units_officer_sees_nothing(desk: Desk, edges: Edges) -> None:
    dossier_id = await received(edges)
    theirs = await received(edges, unit_code=OTHER_UNIT.code)
    await desk.sign_in(STRANGER.username)
    queue = (await desk.get("/desk")).text
    assert str(dossier_id) not in queue
    assert str(theirs) in queue
    for path in ("", "/state", "/files/page/0", "/copy"):
        assert (await desk.get(f"/desk/dossiers/{dossier_id}{path}")).status_code == 404
    for path in ("/sign", "/refuse", "/correct", "/retry"):
        assert (await desk.post(f"/desk/dossiers/{dossier_id}{path}")).status_code == 404
    assert (await edges.store.dossier(dossier_id)).state is State.REVIEW


async def test_without_a_session_there_is_only_the_login(desk: Desk, edges: Edges) -> None:
    dossier_id = await received(edges)
    for path in ("/desk", f"/desk/dossiers/{dossier_id}", f"/desk/dossiers/{dossier_id}/copy"):
        assert (await desk.get(path)).headers["location"] == "/desk/login"


async def test_a_form_without_its_token_is_refused(desk: Desk, edges: Edges) -> None:
    dossier_id = await received(edges)
    await desk.sign_in(OFFICER.username)
    path = f"/desk/dossiers/{dossier_id}/refuse"
    for data in ({"ground": "2", "reason": "x"}, {"_csrf_token": "0" * 128, "ground": "2"}):
        answer = await desk.web.post(path, data=data, follow_redirects=False)
        assert answer.status_code == 403
    assert (await edges.store.dossier(dossier_id)).state is State.REVIEW


async def test_a_session_ends_with_its_time_and_with_the_door(desk: Desk, clock: Moving) -> None:
    await desk.sign_in(OFFICER.username)
    assert (await desk.get("/desk")).status_code == 200
    clock.ahead = SESSION_LASTS
    assert (await desk.get("/desk")).status_code == 303
    clock.ahead = timedelta()
    kept = desk.web.cookies["bansao_session"]
    await desk.post("/desk/logout")
    desk.web.cookies.set("bansao_session", kept)
    assert (await desk.get("/desk")).status_code == 303


async def test_wrong_names_and_passwords_are_told_alike_and_throttled(desk: Desk) -> None:
    known = await desk.sign_in(OFFICER.username, "sai")
    unknown = await desk.sign_in("khong-co-ai", "sai")
    assert known.status_code == unknown.status_code == 403
    told = unknown.text.replace('value="khong-co-ai"', f'value="{OFFICER.username}"')
    assert known.text == told
    for _ in range(TRIES - 1):
        await desk.sign_in(OFFICER.username, "sai")
    throttled = await desk.sign_in(OFFICER.username)
    assert throttled.status_code == 429
    assert "phút" in throttled.text


async def test_the_stored_session_opens_no_door(desk: Desk, counter: Counter) -> None:
    await desk.sign_in(OFFICER.username)
    with psycopg.connect(counter.database.superuser_url) as connection:
        [(stored,)] = connection.execute("SELECT token_hash FROM intake.session").fetchall()
    desk.web.cookies.set("bansao_session", stored.hex())
    assert (await desk.get("/desk")).status_code == 303


async def test_the_role_may_neither_rewrite_events_nor_make_officers(counter: Counter) -> None:
    url = counter.database.role_url("intake_app")
    for statement in (
        "UPDATE intake.dossier_event SET actor = 'x'",
        "DELETE FROM intake.dossier_event",
        "TRUNCATE intake.dossier_event",
        "DELETE FROM intake.dossier",
        "DELETE FROM intake.attachment",
        "UPDATE intake.officer SET password_hash = '$argon2id$x'",
        "INSERT INTO intake.unit VALUES ('1', 'x', 'x')",
        "UPDATE intake.dossier SET blob_key = token_hash",
    ):
        with (
            psycopg.connect(url) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connection.execute(statement)


async def test_even_the_owner_cannot_rewrite_events(counter: Counter, edges: Edges) -> None:
    await received(edges)
    with (
        psycopg.connect(counter.database.superuser_url) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="only grows"),
    ):
        connection.execute("UPDATE intake.dossier_event SET actor = 'x'")
