"""An intake to test against: a unit with its officer, a scan, a card, and what holds them."""

import asyncio
import io
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from uuid import UUID, uuid4

import msgspec
import pytest
from PIL import Image, ImageDraw

from intake.blobs import new_key
from intake.desk.officer import Officer, hash_password
from intake.desk.store import enrol_officer, enrol_unit
from intake.dossier import Attachment, Dossier, Event, State
from intake.edges import Edges, open_edges
from intake.flag import Flag
from intake.recognise.reading import Field, Reading
from intake.settings import Settings
from intake.store import Store, Unit
from registry.clock import utc_now
from registry.settings import Settings as RegistrySettings
from tests.testkit.postgres import Database

PASSWORD = "mật khẩu để thử"
UNIT = Unit(code="00070", name="UBND phường Hoàn Kiếm", watermark="TTPVHCC")
OTHER_UNIT = Unit(code="00004", name="UBND phường Ba Đình", watermark="TTPVHCC")
OFFICER = Officer(
    username="ha",
    full_name="Trần Thị Hà",
    title="Phó Chủ tịch",
    unit_code="00070",
    signer="ha",
    officer_id="ha",
)
STRANGER = Officer(
    username="binh",
    full_name="Lê Bình",
    title="Chủ tịch",
    unit_code="00004",
    signer="binh",
    officer_id="binh",
)
READING = Reading(
    document_type="diploma",
    title="BẰNG TỐT NGHIỆP ĐẠI HỌC",
    fields=(
        Field(name="holder_name", value="Trần Thị Minh Anh", confidence=0.96),
        Field(name="issue_date", value="2013-07-15", confidence=0.62),
    ),
    text=("BẰNG TỐT NGHIỆP ĐẠI HỌC",),
    confidence=0.9,
    flags=(Flag(code="flag-card-back-missing", severity="warn"),),
)


class Counter(msgspec.Struct, frozen=True, kw_only=True):
    """Settings of an intake whose unit and officers are enrolled."""

    settings: Settings
    database: Database

    @asynccontextmanager
    async def edges(self) -> AsyncIterator[Edges]:
        async with open_edges(self.settings, utc_now) as edges:
            yield edges


@pytest.fixture
def counter(database: Database, tmp_path: Path) -> Counter:
    (database.secrets / "session_key").write_text(secrets.token_hex(32))
    asyncio.run(_enrol(database.superuser_url))
    registry = RegistrySettings(
        database_url=database.url,
        secrets=database.secrets,
        trust=tmp_path / "trust",
        origin="test.example/log",
    )
    settings = msgspec.structs.replace(
        Settings.from_env({"BANSAO_DATABASE_URL": database.url}),
        registry=registry,
        blobs=tmp_path / "blobs",
        unit_code=UNIT.code,
    )
    return Counter(settings=settings, database=database)


async def received(edges: Edges, *, unit_code: str = UNIT.code) -> UUID:
    """A dossier that was read and waits for its officer, straight into the store."""
    dossier_id, key, now = uuid4(), new_key(), edges.clock()
    opened = Dossier(
        id=dossier_id, unit_code=unit_code, channel="kiosk", state=State.OPENED, updated_at=now
    )
    await edges.store.open(
        opened,
        Event(kind="opened", at=now, actor="citizen"),
        token=secrets.token_urlsafe(32),
        blob_key=key,
    )
    page = picture()
    digest = edges.blobs.put(dossier_id, key, page)
    async with edges.store.changing(dossier_id) as change:
        await change.attach(
            Attachment(
                role="page",
                ordinal=0,
                digest=digest,
                media_type="image/jpeg",
                size=len(page),
                page={},
            )
        )
        await change.record(
            Event(kind="submitted", at=now, actor="citizen"),
            number=f"H26-{dossier_id}",
            received_at=now,
            page_count=1,
        )
        await change.record(Event(kind="reading", at=now, actor="system"))
        await change.keep_reading(READING, None)
        await change.record(
            Event(kind="read", at=now, actor="system"), document_type=READING.document_type
        )
    return dossier_id


@cache
def password_hash() -> str:
    """Argon2id is slow on purpose: once a session is enough."""
    return hash_password(PASSWORD)


async def _enrol(superuser_url: str) -> None:
    store = await Store.connect(superuser_url)
    for unit in (UNIT, OTHER_UNIT):
        await enrol_unit(store, unit)
    for officer in (OFFICER, STRANGER):
        await enrol_officer(store, officer, password_hash())
    await store.close()


def picture(text: str = "BẢN CHÍNH", *, size: tuple[int, int] = (1240, 1754)) -> bytes:
    """A white page with a few black lines: decodes, and says nothing."""
    image = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(image)
    for line in range(8):
        pen.text((120, 160 + 60 * line), text, fill="black", font_size=36)
    content = io.BytesIO()
    image.save(content, "JPEG", quality=90)
    return content.getvalue()
