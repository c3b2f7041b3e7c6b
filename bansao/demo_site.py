"""The demo's site, made once: one ward's committee, two officers who sign for it, their keys."""

import asyncio
import os
import secrets as randomness
from pathlib import Path

import msgspec

from bansao.demo_agency import ensure_agency_key
from bansao.demo_authority import Seat, enrol_authority
from bansao.hanoi import enter_units, hanoi_units
from bansao.keys import ensure_keys
from bansao.pki import DemoOfficer, ensure_demo_pki
from bansao.settings import Settings
from intake.desk.officer import Officer, hash_password
from intake.desk.store import enrol_officer, enrol_unit
from intake.store import Store, Unit
from registry.clock import utc_now
from registry.settings import Settings as RegistrySettings
from registry.store import Store as Registry

_WARD = "00070"
# No person of these names holds these offices.
OFFICERS = (
    DemoOfficer(username="lan", full_name="Nguyễn Thị Lan", title="CHỦ TỊCH"),
    DemoOfficer(username="minh", full_name="Trần Quang Minh", title="KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH"),
)
_SEATS = (
    Seat(officer="lan", full_name="Nguyễn Thị Lan", office="chairman", title="CHỦ TỊCH"),
    Seat(officer="minh", full_name="Trần Quang Minh", office="deputy", title="PHÓ CHỦ TỊCH"),
)
_BY = "bansao demo"
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another


class Login(msgspec.Struct, frozen=True, kw_only=True):
    """How a demo officer signs in at the desk."""

    username: str
    password: str


def demo_unit() -> Unit:
    """A real ward of Hanoi, by its official code and name."""
    ward = hanoi_units()[_WARD]
    return Unit(code=ward.code, name=ward.name, watermark="TTPVHCC")


def ensure_demo_site(settings: Settings, admin_url: str) -> list[Login]:
    """Make what is missing of keys, certificates, unit, officers and an agency's key; keep what is
    there.
    """
    unit = demo_unit()
    ensure_keys(settings.secrets, settings.trust, settings.origin)
    ensure_demo_pki(settings.secrets, settings.trust, OFFICERS, unit.name, utc_now)
    settings.blobs.mkdir(mode=0o700, parents=True, exist_ok=True)
    logins = [
        Login(username=officer.username, password=_password(settings.secrets, officer.username))
        for officer in OFFICERS
    ]
    asyncio.run(_enrol(admin_url, unit, logins))
    registry = RegistrySettings.from_env(settings.room_environment(admin_url))
    asyncio.run(_entitle(registry, unit))
    return logins


async def _enrol(admin_url: str, unit: Unit, logins: list[Login]) -> None:
    store = await Store.connect(admin_url)
    try:
        await enrol_unit(store, unit)
        for officer, login in zip(OFFICERS, logins, strict=True):
            record = Officer(
                username=officer.username,
                full_name=officer.full_name,
                title=officer.title,
                unit_code=unit.code,
                signer=f"officer_{officer.username}",
                officer_id=officer.username,
            )
            await enrol_officer(store, record, hash_password(login.password))
    finally:
        await store.close()


async def _entitle(registry: RegistrySettings, unit: Unit) -> None:
    async with await Registry.connect(registry.role_url("registry_admin")) as store:
        await enter_units(store, hanoi_units().values(), by=_BY)
        await enrol_authority(store, registry.secrets, unit.code, _SEATS, by=_BY)
        await ensure_agency_key(store, registry.secrets, by=_BY)


def _password(secrets: Path, username: str) -> str:
    """Short enough to type from the terminal: 12 letters, 59 bits, behind the desk's throttle."""
    path = secrets / f"officer_{username}.login"
    if path.exists():
        return path.read_text().strip()
    groups = ("".join(randomness.choice(_LETTERS) for _ in range(4)) for _ in range(3))
    password = "-".join(groups)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(password)
    return password
