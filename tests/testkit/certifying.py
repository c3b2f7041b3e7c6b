"""An office that certifies: unit, officer, keys, time stamps, publisher; and ordered dossiers."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import msgspec
import pytest

from bansao.demo_authority import Seat, enrol_authority
from bansao.hanoi import enter_units, hanoi_units
from bansao.keys import ensure_keys
from bansao.pki import DemoOfficer, ensure_demo_pki
from bansao.tsa import running_tsa
from intake.blobs import new_key
from intake.certify.certify import Certifier
from intake.certify.opening import open_certifier
from intake.desk.correction import Correction
from intake.desk.decide import sign_order
from intake.desk.officer import Officer
from intake.desk.store import enrol_officer, enrol_unit
from intake.dossier import Attachment, Dossier, Event, State
from intake.edges import Edges, open_edges
from intake.identity.id_card import IdCard
from intake.identity.identity import Identity
from intake.recognise.reading import Reading
from intake.settings import Settings
from intake.store import Store, Unit
from registry.clock import utc_now
from registry.publish import keep_publishing
from registry.store import Store as Registry
from tests.testkit.counter import picture
from tests.testkit.postgres import Database

ORIGIN = "certifying.test/log"
UNIT = Unit(code="00070", name="Ủy ban nhân dân phường Hoàn Kiếm", watermark="TTPVHCC")
OFFICER = Officer(
    username="lan",
    full_name="Nguyễn Thị Lan",
    title="TUQ. CHỦ TỊCH\nCÔNG CHỨC TƯ PHÁP - HỘ TỊCH",
    unit_code=UNIT.code,
    signer="officer_lan",
    officer_id="lan",
)
CHAIRMAN = Seat(officer="minh", full_name="Trần Quang Minh", office="chairman", title="CHỦ TỊCH")
SEATS = (
    CHAIRMAN,
    Seat(
        officer="lan",
        full_name=OFFICER.full_name,
        office="staff",
        title="CÔNG CHỨC TƯ PHÁP - HỘ TỊCH",
    ),
)
FACTS = Correction(
    document_type="diploma",
    title="Bằng tốt nghiệp đại học",
    holder_name="Trần Thị Ngọc Ánh",
    fields={"institution": "Trường Đại học Bách khoa Hà Nội", "number": "QH-0012345"},
)
REQUESTER = "Trần Văn Đạt"
CARD = IdCard(
    number="001090000001",
    full_name=REQUESTER,
    born_on=date(1990, 1, 15),
    sex="male",
    issued_on=date(2021, 4, 15),
    sources=("qr",),
)
_NOTHING_READ = Reading(
    document_type="diploma", title="", fields=(), text=("",), confidence=0.0, flags=()
)


class Office(msgspec.Struct, frozen=True, kw_only=True):
    """What a process needs to certify, as its environment; and what the tests look at."""

    environment: dict[str, str]
    database: Database

    @property
    def settings(self) -> Settings:
        return Settings.from_env(self.environment)

    @asynccontextmanager
    async def edges(self) -> AsyncIterator[Edges]:
        async with open_edges(self.settings, utc_now) as edges:
            yield edges

    @asynccontextmanager
    async def certifier(self) -> AsyncIterator[Certifier]:
        async with self.edges() as edges, open_certifier(edges) as certifier:
            yield certifier

    @asynccontextmanager
    async def publisher(self) -> AsyncIterator[None]:
        registry = self.settings.registry
        async with await Registry.connect(registry.role_url("registry_publisher")) as store:
            publishing = asyncio.create_task(
                keep_publishing(store, registry.log_key(), ORIGIN, utc_now, every=0.05)
            )
            try:
                yield
            finally:
                publishing.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await publishing

    @asynccontextmanager
    async def admin(self) -> AsyncIterator[Registry]:
        """The store of whoever enters authority."""
        async with await Registry.connect(self.database.role_url("registry_admin")) as store:
            yield store

    async def order(self, facts: Correction = FACTS, pages: tuple[bytes, ...] = ()) -> UUID:
        """A dossier whose officer has just ordered the copy."""
        async with self.edges() as edges:
            dossier_id = await _received(edges, pages or (picture(),))
            await sign_order(edges.store, edges.clock, OFFICER, dossier_id, facts)
        return dossier_id

    async def copy(self, dossier_id: UUID) -> bytes:
        """The released PDF; IndexError when there is none."""
        async with self.edges() as edges:
            released = (await edges.store.attachments(dossier_id, "copy"))[0]
            key = await edges.store.blob_key(dossier_id)
            return edges.blobs.get(dossier_id, key, released.digest)


@pytest.fixture(scope="session")
def tsa_secrets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path, str]]:
    """Secrets and trust of one demo PKI, with its running time-stamp service."""
    home = tmp_path_factory.mktemp("pki")
    officers = [
        DemoOfficer(username=seat.officer, full_name=seat.full_name, title=seat.title)
        for seat in SEATS
    ]
    ensure_demo_pki(home / "secrets", home / "trust", officers, UNIT.name, utc_now)
    ensure_keys(home / "secrets", home / "trust", ORIGIN)
    with running_tsa(home / "secrets") as url:
        yield home / "secrets", home / "trust", url


@pytest.fixture
def office(database: Database, tsa_secrets: tuple[Path, Path, str], tmp_path: Path) -> Office:
    """Its officer signs by the chairman's delegation."""
    return entitled_office(database, tsa_secrets, tmp_path / "blobs")


@pytest.fixture
def older_office(database: Database, tsa_secrets: tuple[Path, Path, str], tmp_path: Path) -> Office:
    """As before there was authority data."""
    return _opened(database, tsa_secrets, tmp_path / "blobs")


def entitled_office(
    database: Database, house: tuple[Path, Path, str], blobs: Path, **settings: str
) -> Office:
    """As the fixture `office`, for fixtures of a wider scope; `settings` are BANSAO_ variables."""
    opened = _opened(database, house, blobs)
    office = msgspec.structs.replace(opened, environment=opened.environment | settings)
    asyncio.run(_entitle(office))
    return office


def _opened(database: Database, house: tuple[Path, Path, str], blobs: Path) -> Office:
    own_secrets, trust, tsa_url = house
    # The roles' passwords belong to the session's server, the keys to the session's PKI.
    for password in database.secrets.glob("db_*"):
        (own_secrets / password.name).write_bytes(password.read_bytes())
    asyncio.run(_enrol(database.superuser_url))
    return Office(
        database=database,
        environment={
            "BANSAO_DATA": str(own_secrets.parent),
            "BANSAO_DATABASE_URL": database.url,
            "BANSAO_SECRETS": str(own_secrets),
            "BANSAO_TRUST": str(trust),
            "BANSAO_BLOBS": str(blobs),
            "BANSAO_TSA_URL": tsa_url,
            "BANSAO_ORIGIN": ORIGIN,
        },
    )


async def _enrol(superuser_url: str) -> None:
    store = await Store.connect(superuser_url)
    await enrol_unit(store, UNIT)
    await enrol_officer(store, OFFICER, "$argon2id$nobody-signs-in-here")
    await store.close()


async def _entitle(office: Office) -> None:
    async with office.admin() as store:
        await enter_units(store, [hanoi_units()[UNIT.code]], by="tests")
        await enrol_authority(store, office.settings.registry.secrets, UNIT.code, SEATS, by="tests")


async def _received(edges: Edges, pages: tuple[bytes, ...]) -> UUID:
    """A dossier in review, as the kiosk and the reading would have left it."""
    dossier_id, key, now = uuid4(), new_key(), edges.clock()
    opened = Dossier(
        id=dossier_id, unit_code=UNIT.code, channel="counter", state=State.OPENED, updated_at=now
    )
    token = secrets.token_urlsafe()
    event = Event(kind="opened", at=now, actor="citizen")
    await edges.store.open(opened, event, token=token, blob_key=key)
    async with edges.store.changing(dossier_id) as change:
        for ordinal, page in enumerate(pages):
            digest = edges.blobs.put(dossier_id, key, page)
            await change.attach(
                Attachment(
                    role="page",
                    ordinal=ordinal,
                    digest=digest,
                    media_type="image/jpeg",
                    size=len(page),
                    page={},
                )
            )
        received = {"number": f"H26-{dossier_id}", "received_at": now, "page_count": len(pages)}
        await change.record(Event(kind="submitted", at=now, actor="citizen"), **received)
        await change.record(Event(kind="reading", at=now, actor="system"))
        await change.keep_reading(_NOTHING_READ, Identity(card=CARD, face=None, flags=[]))
        read = Event(kind="read", at=now, actor="system")
        await change.record(read, requester_name=REQUESTER)
    return dossier_id
