"""The kiosk's API against a real database: the walk, bad input, other people's dossiers."""

import base64
import hashlib
import secrets
from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest
from litestar.testing import AsyncTestClient

from intake.app import create_kiosk_app
from tests.testkit.counter import Counter, counter, picture

__all__ = ["counter"]


class Citizen:
    """A client with a dossier of its own."""

    def __init__(self, web: AsyncTestClient, language: str = "en") -> None:  # type: ignore[type-arg]
        self.id = uuid4()
        self.token = secrets.token_urlsafe(32)
        self._web = web
        self._language = language

    async def send(self, method: str, path: str = "", **named: object) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.token}", "accept-language": self._language}
        headers |= named.pop("headers", {})  # type: ignore[arg-type, call-overload]
        url = f"/v1/dossiers/{self.id}{path}"
        return await self._web.request(method, url, headers=headers, **named)  # type: ignore[arg-type]

    async def open(self, *, consent: bool = True) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.token}", "accept-language": self._language}
        body = {"id": str(self.id), "biometric_consent": consent}
        return await self._web.post("/v1/dossiers", json=body, headers=headers)

    async def put(self, place: str, content: bytes, **named: object) -> httpx.Response:
        return await self.send("PUT", f"/attachments/{place}", content=content, **named)


@pytest.fixture
async def web(counter: Counter) -> AsyncIterator[AsyncTestClient]:  # type: ignore[type-arg]
    app = create_kiosk_app(counter.settings)
    async with AsyncTestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
async def citizen(web: AsyncTestClient) -> Citizen:  # type: ignore[type-arg]
    citizen = Citizen(web)
    assert (await citizen.open()).status_code == 201
    return citizen


async def test_a_dossier_is_opened_filled_and_handed_in(citizen: Citizen) -> None:
    scan = picture()
    digest = base64.b64encode(hashlib.sha256(scan).digest()).decode()
    answer = await citizen.put("scan/0", scan, headers={"content-digest": f"sha-256=:{digest}:"})
    assert answer.status_code == 200
    assert answer.json()["pages"] == 1
    assert answer.json()["sha256"] == hashlib.sha256(scan).hexdigest()
    for place in ("card_front/0", "card_back/0", "face/0"):
        assert (await citizen.put(place, picture(place))).status_code == 200

    handed_in = (await citizen.send("POST", "/submit", json={"email": "an@example.vn"})).json()

    assert handed_in["state"] == "submitted"
    assert handed_in["number"].startswith("H26.00070-")
    assert handed_in["fee"] == {"pages": 1, "copies": 1, "gross": 2000, "subsidy": 0, "net": 2000}
    again = await citizen.send("POST", "/submit", json={})
    assert again.json()["number"] == handed_in["number"]
    assert (await citizen.send("GET")).json()["state"] == "submitted"


async def test_every_request_may_be_repeated(citizen: Citizen) -> None:
    assert (await citizen.open()).json()["id"] == str(citizen.id)
    for _ in range(2):
        assert (await citizen.put("scan/0", picture())).status_code == 200
    files = (await citizen.send("GET")).json()["files"]
    assert [file["role"] for file in files] == ["page", "scan"]


async def test_a_page_can_be_taken_again_and_taken_back(citizen: Citizen, counter: Counter) -> None:
    await citizen.put("scan/0", picture("một"))
    await citizen.put("scan/0", picture("hai"))
    await citizen.put("scan/1", picture("ba"))
    assert (await citizen.send("DELETE", "/attachments/scan/1")).status_code == 204
    files = (await citizen.send("GET")).json()["files"]
    assert [(file["role"], file["ordinal"]) for file in files] == [("page", 0), ("scan", 0)]
    shown = await citizen.send("GET", "/attachments/page/0")
    assert shown.headers["content-type"].startswith("image/")
    assert shown.headers["cache-control"] == "no-store"
    # Nothing of what was taken back stays on the disk: one scan and its page do.
    assert len([path for path in counter.settings.blobs.rglob("*") if path.is_file()]) == 2


@pytest.mark.parametrize("place", ["", "/attachments/scan/0", "/copy", "/proof", "/take.svg"])
async def test_another_dossiers_token_opens_nothing(
    web: AsyncTestClient,  # type: ignore[type-arg]
    citizen: Citizen,
    place: str,
) -> None:
    await citizen.put("scan/0", picture())
    thief = Citizen(web)
    await thief.open()
    thief.id = citizen.id
    answer = await thief.send("GET", place)
    assert answer.status_code == 404
    assert answer.json()["code"] == "error-dossier-not-found"
    assert (await thief.open()).status_code == 404
    assert (await thief.put("scan/0", picture("x"))).status_code == 404
    nobody = await web.get(f"/v1/dossiers/{citizen.id}{place}")
    assert nobody.status_code == 404


async def test_without_consent_nothing_is_taken(web: AsyncTestClient) -> None:  # type: ignore[type-arg]
    citizen = Citizen(web, language="vi")
    answer = await citizen.open(consent=False)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert "đồng ý" in answer.json()["detail"]
    assert (await citizen.put("scan/0", picture())).status_code == 404


BAD_FILES = {
    "empty": (b"", 422, "error-empty-file"),
    "text": ("không phải ảnh".encode(), 415, "error-wrong-type"),
    "truncated JPEG": (picture()[:2000], 422, "error-damaged-file"),
    "broken PDF": (b"%PDF-1.7\n%%EOF", 422, "error-damaged-file"),
}


@pytest.mark.parametrize("name", BAD_FILES)
async def test_a_bad_file_is_named_and_the_next_one_works(citizen: Citizen, name: str) -> None:
    content, status, code = BAD_FILES[name]
    await citizen.put("scan/0", picture())
    answer = await citizen.put("scan/1", content)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["detail"] != code, "the failure has no words"
    assert len((await citizen.send("GET")).json()["files"]) == 2
    assert (await citizen.put("scan/1", picture("hai"))).status_code == 200


async def test_what_arrives_damaged_is_refused(citizen: Citizen) -> None:
    digest = base64.b64encode(hashlib.sha256(b"something else").digest()).decode()
    answer = await citizen.put(
        "scan/0", picture(), headers={"content-digest": f"sha-256=:{digest}:"}
    )
    assert answer.json()["code"] == "error-upload-damaged"


async def test_too_many_bytes_are_cut_off(
    citizen: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("intake.kiosk.receive.MAX_BYTES", 10_000)
    answer = await citizen.put("scan/0", picture())
    assert (answer.status_code, answer.json()["code"]) == (413, "error-too-large")


async def test_an_incomplete_dossier_says_what_is_missing(citizen: Citizen) -> None:
    await citizen.put("scan/0", picture())
    await citizen.put("card_front/0", picture("thẻ"))
    answer = await citizen.send("POST", "/submit", json={})
    assert answer.json()["code"] == "error-dossier-incomplete"
    assert "face" in answer.json()["detail"]
    await citizen.put("face/0", picture("mặt"))
    answer = await citizen.send("POST", "/submit", json={"email": "không phải email"})
    assert answer.json()["code"] == "error-invalid-email"
    assert (await citizen.send("POST", "/submit", json={})).status_code == 200
    late = await citizen.put("scan/1", picture("muộn"))
    assert (late.status_code, late.json()["code"]) == (409, "error-wrong-state")


async def test_a_full_disk_is_said_and_loses_nothing(
    citizen: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> bytes:
        raise OSError(28, "No space left on device")

    await citizen.put("scan/0", picture())
    with monkeypatch.context() as patch:
        patch.setattr("intake.blobs.Blobs.put", full)
        answer = await citizen.put("scan/1", picture("hai"))
        assert (answer.status_code, answer.json()["code"]) == (507, "error-disk-full")
        assert answer.json()["incident"] in answer.json()["detail"]
    assert len((await citizen.send("GET")).json()["files"]) == 2
    assert (await citizen.put("scan/1", picture("hai"))).status_code == 200


async def test_an_unknown_failure_is_opaque_to_the_client(
    citizen: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the secret reason")

    monkeypatch.setattr("intake.kiosk.receive.attach", broken)
    answer = await citizen.put("scan/0", picture())
    assert answer.status_code == 500
    assert "secret reason" not in answer.text


async def test_dossiers_of_one_day_count_up(web: AsyncTestClient) -> None:  # type: ignore[type-arg]
    numbers = []
    for _ in range(2):
        citizen = Citizen(web)
        await citizen.open()
        for place in ("scan/0", "card_front/0", "face/0"):
            await citizen.put(place, picture(place))
        numbers.append((await citizen.send("POST", "/submit", json={})).json()["number"])
    assert [number[-4:] for number in numbers] == ["0001", "0002"]


async def test_a_flood_is_turned_away_in_words(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("intake.app.REQUESTS_A_MINUTE", 3)
    async with AsyncTestClient(create_kiosk_app(counter.settings)) as web:
        citizen = Citizen(web, language="vi")
        answers = [await citizen.send("GET") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [404, 404, 404, 429]
    assert "chờ" in answers[-1].json()["detail"]


async def test_pages_let_no_foreign_script_in(web: AsyncTestClient) -> None:  # type: ignore[type-arg]
    for path in ("/", "/take"):
        page = await web.get(path)
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "<script>" not in page.text
        assert "style=" not in page.text
