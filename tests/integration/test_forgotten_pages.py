"""What desk and kiosk show of a dossier whose files had their time, or that is erased."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

import msgspec
import psycopg
import pytest
from litestar.testing import AsyncTestClient

from intake.app import create_desk_app, create_kiosk_app
from intake.desk.decide import refuse
from intake.edges import Edges
from intake.erasure.retention import purge
from intake.kiosk.receive import attach
from tests.testkit.counter import OFFICER, PASSWORD, Counter, counter, picture, received

__all__ = ["counter"]

TOKEN = "k" * 43
MINE = {"authorization": f"Bearer {TOKEN}", "accept-language": "en"}


@pytest.fixture
async def desk(counter: Counter) -> AsyncIterator[AsyncTestClient]:  # type: ignore[type-arg]
    async with AsyncTestClient(create_desk_app(counter.settings)) as web:
        yield web


async def sign_in(web: AsyncTestClient) -> None:  # type: ignore[type-arg]
    await web.get("/desk/login")
    form = {"username": OFFICER.username, "password": PASSWORD}
    token = web.cookies.get("bansao_csrf", "")
    await web.post("/desk/login", data={"_csrf_token": token, **form})


async def refused(edges: Edges) -> UUID:
    dossier_id = await received(edges)
    await refuse(edges.store, edges.clock, OFFICER, dossier_id, ground=2, reason="Ông A làm rách")
    return dossier_id


async def test_the_desk_says_that_pictures_had_their_time(
    counter: Counter,
    desk: AsyncTestClient,  # type: ignore[type-arg]
) -> None:
    async with counter.edges() as edges:
        dossier_id = await refused(edges)
        later = edges.clock() + timedelta(days=31)
        await purge(msgspec.structs.replace(edges, clock=lambda: later))
    await sign_in(desk)
    page = await desk.get(f"/desk/dossiers/{dossier_id}")
    assert page.status_code == 200
    assert "Ảnh bản chính không còn được lưu" in page.text
    assert "Ông A làm rách" in page.text
    assert "Xóa tệp hết thời hạn lưu giữ" in page.text
    picture_of_it = await desk.get(f"/desk/dossiers/{dossier_id}/files/page/0")
    assert picture_of_it.status_code == 410
    assert "đã được xóa theo thời hạn lưu giữ" in picture_of_it.text


async def test_the_desk_shows_an_erased_dossier_without_its_person(
    counter: Counter,
    desk: AsyncTestClient,  # type: ignore[type-arg]
) -> None:
    async with counter.edges() as edges:
        dossier_id = await refused(edges)
    with psycopg.connect(counter.database.superuser_url) as connection:
        connection.execute(
            "INSERT INTO intake.erasure (dossier_id, asked_at) VALUES (%s, now())", [dossier_id]
        )
        connection.execute("SELECT intake.erase_dossier(%s, now())", [dossier_id])
    await sign_in(desk)
    page = await desk.get(f"/desk/dossiers/{dossier_id}")
    assert page.status_code == 200
    assert "Thông tin cá nhân và các tệp của hồ sơ này đã được xóa" in page.text
    assert "Ông A làm rách" not in page.text
    assert "Trần Thị Minh Anh" not in page.text
    assert (await desk.get(f"/desk/dossiers/{dossier_id}/files/page/0")).status_code == 410


async def test_a_citizen_takes_the_dossier_back_at_the_kiosk(counter: Counter) -> None:
    dossier_id = uuid4()
    async with AsyncTestClient(create_kiosk_app(counter.settings)) as kiosk:
        opening = {"id": str(dossier_id), "biometric_consent": True}
        await kiosk.post("/v1/dossiers/", json=opening, headers=MINE)
        async with counter.edges() as edges:
            await attach(
                edges.store,
                edges.blobs,
                dossier_id=dossier_id,
                role="face",
                ordinal=0,
                content=picture(),
            )
        address = f"/v1/dossiers/{dossier_id}"
        strangers = await kiosk.delete(address, headers={"authorization": f"Bearer {'x' * 43}"})
        assert strangers.status_code == 404
        assert (await kiosk.delete(address, headers=MINE)).is_success
        for again in (
            await kiosk.delete(address, headers=MINE),
            await kiosk.get(address, headers=MINE),
            await kiosk.get(f"{address}/attachments/face/0", headers=MINE),
            await kiosk.post("/v1/dossiers/", json=opening, headers=MINE),
        ):
            assert again.status_code == 410
            assert again.json()["code"] == "error-dossier-erased"
            assert "have been erased" in again.json()["detail"]
    assert not [path for path in counter.settings.blobs.rglob("*") if path.is_file()]
