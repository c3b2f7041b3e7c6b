"""Who holds the paper sees everything on the answer's page: both languages, a phone, no script."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Browser, Page, expect

from registry.append import Appender
from registry.certified_copy import CertifiedCopy
from registry.clock import utc_now
from tests.testkit.browser import ASSETS
from tests.testkit.copies import made_up_facts, publish_now, reserved_copy, store_of
from tests.testkit.issued import SigningHouse, signing_house
from tests.testkit.portal_process import portal_process
from tests.testkit.postgres import Database
from tests.testkit.sealing import seal_of

__all__ = ["signing_house"]

AXE = (ASSETS / "axe-core" / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
expect.set_options(timeout=20_000)
PHONE = {"width": 375, "height": 812}
FACTS = msgspec.structs.replace(
    made_up_facts("Trần Thị Ngọc Ánh"),
    signer_title="KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH",
    fields={
        "birth_date": "02/09/1990",
        "major": "Công nghệ thông tin",
        "rank": "Giỏi",
        "register_number": "QH-2012-0345",
    },
)
BUTTON = {"vi": "Xem đầy đủ", "en": "Full details"}
BY_SEAL = {"vi": "Xem đầy đủ bằng mã QR này", "en": "Full details by this QR code"}


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """A served portal with two copies of one person, and a key that seals."""

    address: str
    copies: tuple[CertifiedCopy, ...]
    seal_key: Ed25519PrivateKey

    def sealed(self, copy: CertifiedCopy) -> str:
        """What the copy's QR code opens."""
        return f"{self.address}/c/{copy.code}#{seal_of(copy, self.seal_key)}"


@pytest.fixture
def site(database: Database, signing_house: SigningHouse, tmp_path: Path) -> Iterator[Site]:
    trust = tmp_path / "trust"
    trust.mkdir()
    shutil.copy(signing_house.trust / "root.pem", trust)
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (trust / "qr_seal.vkey.pem").write_bytes(public)
    copies = asyncio.run(_issued(database))
    with portal_process(database, trust, tmp_path / "portal.log") as address:
        yield Site(address=address, copies=copies, seal_key=key)
    told = (tmp_path / "portal.log").read_text("utf-8")
    for secret in (*(copy.code for copy in copies), "Ngọc Ánh", "Ánh"):
        assert secret not in told


async def _issued(database: Database) -> tuple[CertifiedCopy, ...]:
    async with store_of(database, "registry_writer") as store:
        copies = [await reserved_copy(store, FACTS) for _ in range(2)]
        async with Appender(store, utc_now) as appender:
            for copy in copies:
                await appender.register(copy)
    await publish_now(database)
    return tuple(copies)


def show(page: Page, number: int | str, name: str, language: str) -> None:
    page.locator("#number").fill(str(number))
    page.locator("#holder-name").fill(name)
    page.get_by_role("button", name=BUTTON[language], exact=True).click()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_number_and_name_show_everything_and_a_slip_is_told(
    site: Site, browser: Browser, language: str
) -> None:
    copy = site.copies[0]
    page = browser.new_context(viewport=PHONE, bypass_csp=True).new_page()
    page.goto(f"{site.address}/c/{copy.code}?lang={language}")
    assert_readable(page)
    assert FACTS.holder_name not in page.content()
    show(page, copy.number, "Trần Thị Ngọc Anh", language)
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("#holder-name")).to_have_value("Trần Thị Ngọc Anh")
    expect(page.locator("#number")).to_be_focused()
    assert_readable(page)
    show(page, f"{copy.number:06d}", "trần thị ngọc ánh", language)
    full = page.get_by_role("region", name=BUTTON[language].replace("Xem", "Thông tin"))
    expect(full).to_contain_text(FACTS.holder_name)
    expect(full).to_contain_text("Công nghệ thông tin")
    expect(page.locator("h1")).to_be_visible()
    assert_readable(page)
    page.goto(page.url)  # its address shows nothing to who has not the paper
    expect(page.locator("h1")).to_be_visible()
    assert FACTS.holder_name not in page.content()


def test_a_scanned_code_needs_no_typing(site: Site, browser: Browser) -> None:
    page = browser.new_context(viewport=PHONE, locale="vi-VN", bypass_csp=True).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site.sealed(site.copies[0]))
    button = page.get_by_role("button", name=BY_SEAL["vi"])
    assert_readable(page)
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".full")).to_contain_text(FACTS.holder_name)
    assert_readable(page)
    seal = site.sealed(site.copies[0]).partition("#")[2]
    assert not any(seal in url.partition("#")[0] for url in asked)


def test_another_copys_code_opens_nothing(site: Site, browser: Browser) -> None:
    mine, other = site.copies
    page = browser.new_context(viewport=PHONE, locale="en-GB").new_page()
    page.goto(f"{site.address}/c/{other.code}#{site.sealed(mine).partition('#')[2]}")
    page.get_by_role("button", name=BY_SEAL["en"]).click()
    expect(page.get_by_role("alert")).to_contain_text("does not open")
    assert FACTS.holder_name not in page.content()


def test_it_works_without_a_script_and_ends_after_a_few_tries(site: Site, browser: Browser) -> None:
    copy = site.copies[1]
    page = browser.new_context(java_script_enabled=False, locale="vi-VN").new_page()
    page.goto(site.sealed(copy))
    assert not page.locator("form[data-seal]").is_visible()
    show(page, copy.number, FACTS.holder_name, "vi")
    expect(page.locator(".full")).to_contain_text(FACTS.holder_name)
    page.goto(f"{site.address}/c/{copy.code}")
    for _ in range(4):
        show(page, copy.number, "Lê Thị Khác", "vi")
    expect(page.get_by_role("alert")).to_contain_text("Đã thử quá nhiều lần")
    show(page, copy.number, FACTS.holder_name, "vi")
    expect(page.get_by_role("alert")).to_contain_text("phút")


def assert_readable(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.evaluate(AXE)
    found = page.evaluate(
        "rules => axe.run({runOnly: {type: 'tag', values: rules}})"
        ".then(r => r.violations.map(v => v.id + ': ' + v.nodes[0].html))",
        RULES,
    )
    assert found == []
