"""An intake to test against: a unit with its officer, a scan, a card, and what holds them."""

import asyncio
import io
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest
from PIL import Image, ImageDraw

from intake.desk.officer import Officer, hash_password
from intake.desk.store import enrol_officer, enrol_unit
from intake.edges import Edges, open_edges
from intake.settings import Settings
from intake.store import Store, Unit
from registry.clock import utc_now
from registry.settings import Settings as RegistrySettings
from tests.testkit.postgres import Database

PASSWORD = "mật khẩu để thử"
UNIT = Unit(code="00070", name="UBND phường Hoàn Kiếm", watermark="TTPVHCC")
OTHER_UNIT = Unit(code="00004", name="UBND phường Ba Đình", watermark="TTPVHCC")
OFFICER = Officer(
    username="ha", full_name="Trần Thị Hà", title="Phó Chủ tịch", unit_code="00070", signer="ha"
)
STRANGER = Officer(
    username="binh", full_name="Lê Bình", title="Chủ tịch", unit_code="00004", signer="binh"
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


async def _enrol(superuser_url: str) -> None:
    store = await Store.connect(superuser_url)
    for unit in (UNIT, OTHER_UNIT):
        await enrol_unit(store, unit)
    for officer in (OFFICER, STRANGER):
        await enrol_officer(store, officer, hash_password(PASSWORD))
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
