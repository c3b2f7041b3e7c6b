"""A served portal with a copy for each verdict, and what a person may bring to each of them."""

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bansao.keys import ensure_keys
from registry.append import Appender
from registry.clock import utc_now
from registry.code import new_code
from registry.status_lists import StatusLists
from tests.testkit.copies import decided, made_up_copy, publish_now, store_of
from tests.testkit.issued import PORTAL_URL, CopyOffice, Issued, SigningHouse, open_office
from tests.testkit.portal_process import portal_process
from tests.testkit.postgres import Server
from tests.testkit.sealing import SEAL_KEY, photo_of, sealed_address
from tests.testkit.updating import page_replaced, updated


class Brought(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody has in hand: a code as printed, what the QR code says, a photo of it, a PDF."""

    code: str
    link: str
    photo: bytes
    pdf: bytes


class VerdictSite(msgspec.Struct, frozen=True, kw_only=True):
    """`brought` leads to the verdict of its key, except that a code alone is never `altered`."""

    address: str
    brought: dict[str, Brought]


@contextmanager
def verdict_site(server: Server, house: SigningHouse, home: Path) -> Iterator[VerdictSite]:
    """Serves until the end of the block; it makes receipts and believes SEAL_KEY."""
    database = server.clone()
    office = open_office(database, house)
    brought = asyncio.run(_brought(office))
    secrets, trust = _keys(office, home)
    with portal_process(
        database,
        trust,
        home / "portal.log",
        BANSAO_SECRETS=str(secrets),
        BANSAO_PORTAL_URL=PORTAL_URL,
        BANSAO_TRUSTED_PROXIES="127.0.0.1/32",
    ) as address:
        yield VerdictSite(address=address, brought=brought)
    server.drop(database)


def _keys(office: CopyOffice, home: Path) -> tuple[Path, Path]:
    """Of an installation: those that sign receipts too."""
    secrets, trust = home / "secrets", home / "trust"
    ensure_keys(secrets, trust, "verdicts.test/log")
    shutil.copytree(office.database.secrets, secrets, dirs_exist_ok=True)
    for name in ("portal.p12", "portal.pass"):
        shutil.copy(office.house.secrets / name, secrets)
    shutil.copy(office.house.trust / "root.pem", trust)
    public = SEAL_KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (trust / "qr_seal.vkey.pem").write_bytes(public)
    return secrets, trust


async def _brought(office: CopyOffice) -> dict[str, Brought]:
    names = ("valid", "superseded", "suspended", "revoked")
    copies = {name: await office.issue(publish=False) for name in names}
    await _decide(office, copies)
    late = await office.issue(publish=False)
    brought = {name: _of(one) for name, one in (copies | {"unavailable": late}).items()}
    forged = sealed_address(copies["valid"].copy, Ed25519PrivateKey.generate())
    changed = updated(copies["valid"].pdf, page_replaced)
    nobodys, strangers = made_up_copy(), await office.house.signed(new_code())
    unknown = sealed_address(nobodys)
    slip = copies["valid"].code[:-1] + ("A" if copies["valid"].code[-1] != "A" else "B")
    menu = photo_of("https://example.org/menu")
    return brought | {
        "altered": Brought(code="", link=forged, photo=photo_of(forged), pdf=changed),
        "unknown": Brought(code=nobodys.code, link=unknown, photo=photo_of(unknown), pdf=strangers),
        "malformed": Brought(
            code=slip, link=f"{PORTAL_URL}/c/{slip}", photo=menu, pdf=b"%PDF-1.7 cut"
        ),
    }


async def _decide(office: CopyOffice, copies: dict[str, Issued]) -> None:
    """End, or stay, what its name says; and publish both log and list."""
    async with (
        store_of(office.database, "registry_writer") as store,
        Appender(store, utc_now) as appender,
    ):
        valid = copies["valid"].code
        await appender.supersede(
            copies["superseded"].code, successor=valid, **decided("13/QĐ-UBND")
        )
        await appender.suspend(copies["suspended"].code, **decided("14/QĐ-UBND"))
        await appender.revoke(copies["revoked"].code, **decided("15/QĐ-UBND"))
    await publish_now(office.database)
    async with store_of(office.database, "registry_publisher") as store:
        await StatusLists(store, Ed25519PrivateKey.generate(), PORTAL_URL, utc_now).advance()


def _of(issued: Issued) -> Brought:
    link = sealed_address(issued.copy)
    return Brought(code=issued.code, link=link, photo=photo_of(link), pdf=issued.pdf)
