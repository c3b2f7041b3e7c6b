"""Copies as they are really issued, for a portal to check: laid out, signed twice, registered."""

import asyncio
import functools
import hashlib
import io
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import msgspec
import pytest
from litestar import Litestar
from PIL import Image, ImageDraw

from bansao.pki import DemoOfficer, ensure_demo_pki
from bansao.tsa import running_tsa
from intake.certify.copy_pdf import CopyPage, CopySheet, lay_out
from intake.certify.fonts import FontFiles, prepare_fonts
from intake.certify.keys import KeyRing
from intake.certify.sign import Signing, sign
from intake.certify.time_stamps import HttpTimeStamper
from registry.append import Appender
from registry.book import reserve_number
from registry.certified_copy import CertifiedCopy
from registry.clock import utc_now
from registry.code import new_code
from registry.settings import Settings as RegistrySettings
from tests.testkit.browser import ASSETS
from tests.testkit.copies import (
    NOW,
    ORIGIN,
    UNIT,
    VKEY,
    decided,
    made_up_facts,
    publish_now,
    store_of,
)
from tests.testkit.postgres import Database
from verify_portal.app import create_app
from verify_portal.file.bounded import Bounds
from verify_portal.file.verify_file import FileReader
from verify_portal.ledger import Ledger
from verify_portal.portal import Portal
from verify_portal.settings import Settings

PORTAL_URL = "http://127.0.0.1:8003"


class SigningHouse(msgspec.Struct, frozen=True, kw_only=True):
    """A PKI of the tests' own with its time-stamp service, and what copies are printed with."""

    secrets: Path
    trust: Path
    tsa_url: str
    font_cache: Path
    officer: str = "officer_ha"

    async def signed(
        self, code: str, *, officer: str = "officer_ha", secrets: Path | None = None
    ) -> bytes:
        """A copy's PDF with both signatures, by this house's signers or a stranger's."""
        keys = KeyRing(secrets or self.secrets)
        signing = Signing(
            code=code,
            officer=keys.signer(officer),
            seal=keys.signer("seal"),
            signer_name="Trần Thị Hà",
            unit_name="UBND phường Ba Đình",
            mark="TTPVHCC",
            at=NOW,
        )
        stamper = HttpTimeStamper(self.tsa_url)
        return await asyncio.to_thread(sign, self.unsigned(code), signing, stamper, self.fonts)

    @property
    def fonts(self) -> FontFiles:
        """Joined on first use: tests that sign nothing do without them."""
        return prepared_fonts(self.font_cache)

    def unsigned(self, code: str) -> bytes:
        facts = made_up_facts()
        sheet = CopySheet(
            pages=[CopyPage(image=_drawn_page(), media_type="image/jpeg")],
            code=code,
            book="01/2026-SCTĐT/BS",
            number=1,
            certified_at=NOW,
            title=facts.title,
            holder_name=facts.holder_name,
            unit_name=facts.unit_name,
            signer_name=facts.signer_name,
            signer_title=facts.signer_title,
            watermark="TTPVHCC",
            portal_address=PORTAL_URL,
            check_url=f"{PORTAL_URL}/c/{code}",
            qr_seal="c2VhbA",
        )
        return lay_out(sheet, self.fonts)


class Issued(msgspec.Struct, frozen=True, kw_only=True):
    """A registered copy and its PDF."""

    code: str
    pdf: bytes
    copy: CertifiedCopy


class CopyOffice(msgspec.Struct, frozen=True, kw_only=True):
    """Issues and revokes copies in one test's database, and opens portals on it."""

    database: Database
    house: SigningHouse
    settings: Settings

    async def issue(self, *, publish: bool = True) -> Issued:
        code = new_code()
        pdf = await self.house.signed(code)
        copy = await self._register(code, pdf)
        if publish:
            await publish_now(self.database)
        return Issued(code=code, pdf=pdf, copy=copy)

    async def _register(self, code: str, pdf: bytes) -> CertifiedCopy:
        keys = KeyRing(self.house.secrets)
        async with store_of(self.database, "registry_writer") as store:
            line = await reserve_number(store, unit_code=UNIT, at=NOW, original_id=uuid.uuid4())
            copy = CertifiedCopy(
                code=code,
                pdf_digest=hashlib.sha256(pdf).digest(),
                facts=made_up_facts(),
                salt=bytes(32),
                signer_fingerprint=keys.signer(self.house.officer).fingerprint,
                seal_fingerprint=keys.signer("seal").fingerprint,
                unit_code=UNIT,
                book=line.book,
                number=line.number,
                certified_at=NOW,
            )
            async with Appender(store, utc_now) as appender:
                await appender.register(copy)
        return copy

    async def revoke(self, code: str) -> None:
        async with (
            store_of(self.database, "registry_writer") as store,
            Appender(store, utc_now) as appender,
        ):
            await appender.revoke(code, **decided())
        await publish_now(self.database)

    @asynccontextmanager
    async def portal(self, bounds: Bounds | None = None) -> AsyncIterator[Portal]:
        registry = self.settings.registry
        portal = Portal(
            self.settings,
            ledger=Ledger.from_settings(registry, self.settings.replica_url),
            reader=FileReader.open(registry.trust, bounds),
        )
        try:
            yield portal
        finally:
            await portal.close()

    @asynccontextmanager
    async def client(self) -> AsyncIterator[httpx.AsyncClient]:
        """HTTP to an application in this process."""
        async with self.portal() as portal, self.client_of(portal) as client:
            yield client

    @asynccontextmanager
    async def client_of(self, portal: Portal) -> AsyncIterator[httpx.AsyncClient]:
        """HTTP to an application around this portal."""
        app: Litestar = create_app(self.settings, portal)
        transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]  # the same ASGI
        async with httpx.AsyncClient(transport=transport, base_url=PORTAL_URL) as client:
            yield client


@pytest.fixture(scope="session")
def signing_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SigningHouse]:
    home = tmp_path_factory.mktemp("signing-house")
    secrets, trust = home / "secrets", home / "trust"
    make_signers(secrets, trust)
    with running_tsa(secrets) as tsa_url:
        yield SigningHouse(secrets=secrets, trust=trust, tsa_url=tsa_url, font_cache=home / "fonts")


@pytest.fixture
def copy_office(database: Database, signing_house: SigningHouse) -> CopyOffice:
    return open_office(database, signing_house)


def open_office(database: Database, signing_house: SigningHouse) -> CopyOffice:
    """One that issues into this database."""
    (signing_house.trust / "log.vkey").write_text(VKEY)
    settings = Settings(
        registry=RegistrySettings(
            database_url=database.url,
            secrets=database.secrets,
            trust=signing_house.trust,
            origin=ORIGIN,
        ),
        assets=ASSETS,
        blobs=signing_house.trust.parent / "blobs",
        portal_url=PORTAL_URL,
        log_level="INFO",
    )
    return CopyOffice(database=database, house=signing_house, settings=settings)


def make_signers(secrets: Path, trust: Path) -> None:
    """A root, an issuing CA, one officer, a seal and a TSA, unrelated to any other."""
    officer = DemoOfficer(username="ha", full_name="Trần Thị Hà", title="Phó Chủ tịch")
    ensure_demo_pki(secrets, trust, [officer], "UBND phường Ba Đình", utc_now)


@functools.cache
def prepared_fonts(cache: Path) -> FontFiles:
    return prepare_fonts(ASSETS, cache)


def _drawn_page() -> bytes:
    image = Image.new("RGB", (1240, 1754), "white")
    pen = ImageDraw.Draw(image)
    for line in range(8):
        pen.text((120, 160 + 60 * line), "BẢN CHÍNH", fill="black", font_size=36)
    content = io.BytesIO()
    image.save(content, "JPEG", quality=85)
    return content.getvalue()
