"""The portal in a browser: each verdict, both languages, a phone's width, no script, keyboard."""

import asyncio
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import Browser, Page, expect

from registry.clock import HANOI, utc_now
from registry.code import new_code
from registry.status_lists import StatusLists
from tests.testkit.browser import ASSETS
from tests.testkit.copies import ORIGIN, registered, store_of
from tests.testkit.issued import CopyOffice, Issued, copy_office, signing_house

__all__ = ["copy_office", "signing_house"]

AXE = (ASSETS / "axe-core" / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
expect.set_options(timeout=20_000)
PHONE = {"width": 360, "height": 740}


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """A served portal with a copy that holds, one that was revoked and one not yet published."""

    address: str
    valid: Issued
    revoked: str
    late: str


@pytest.fixture
def site(copy_office: CopyOffice, tmp_path: Path) -> Iterator[Site]:
    async def copies() -> tuple[Issued, str, str]:
        valid = await copy_office.issue()
        (revoked,) = await registered(copy_office.database, 1)
        await copy_office.revoke(revoked.code)
        async with store_of(copy_office.database, "registry_publisher") as store:
            key = Ed25519PrivateKey.generate()
            await StatusLists(store, key, "http://127.0.0.1", utc_now).advance()
        (late,) = await registered(copy_office.database, 1)
        return valid, revoked.code, late.code

    valid, revoked, late = asyncio.run(copies())
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    registry = copy_office.settings.registry
    environment = os.environ | {
        "BANSAO_DATA": str(tmp_path),
        "BANSAO_DATABASE_URL": registry.database_url,
        "BANSAO_SECRETS": str(registry.secrets),
        "BANSAO_TRUST": str(registry.trust),
        "BANSAO_ORIGIN": ORIGIN,
        "BANSAO_PORTAL_URL": address,
    }
    command = [sys.executable, "-m", "bansao", "serve", "portal", "--port", str(port)]
    log = (tmp_path / "portal.log").open("w")
    with subprocess.Popen(command, env=environment, stderr=log, stdout=log) as process, log:
        try:
            wait_for(f"{address}/readyz", process)
            yield Site(address=address, valid=valid, revoked=revoked, late=late)
        finally:
            process.terminate()
    for secret in (valid.code, revoked, "Nguyễn", "Trần Thị Hà"):
        assert secret not in (tmp_path / "portal.log").read_text("utf-8")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_each_verdict_is_a_page_that_everybody_can_read(
    site: Site, browser: Browser, language: str
) -> None:
    titles = {
        "vi": ["Mã hợp lệ", "Đã bị hủy bỏ", "Tạm thời chưa", "Không có trong sổ", "Mã chưa đúng"],
        "en": ["The code is valid", "Cancelled", "We cannot", "Not in the registry", "The code is"],
    }
    slip = site.valid.code[:9] + ("A" if site.valid.code[9] != "A" else "B") + site.valid.code[10:]
    codes = [site.valid.code, site.revoked, site.late, new_code(), slip]
    context = browser.new_context(viewport=PHONE, bypass_csp=True)  # axe is injected by the test
    page = context.new_page()
    page.goto(f"{site.address}/?lang={language}")
    assert_accessible(page)
    for code, title in zip(codes, titles[language], strict=True):
        page.goto(f"{site.address}/c/{code}")
        expect(page.locator("h1")).to_contain_text(title)
        expect(page.locator("html")).to_have_attribute("lang", language)
        assert_accessible(page)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_copys_life_and_the_cancelled_copies_are_pages_that_everybody_can_read(
    site: Site, browser: Browser, language: str
) -> None:
    today = datetime.now(HANOI).date()
    context = browser.new_context(viewport=PHONE, bypass_csp=True)
    page = context.new_page()
    page.goto(f"{site.address}/c/{site.revoked}?on={today}&lang={language}")
    expect(page.locator(".that-day")).to_be_visible()
    expect(page.locator(".history li")).to_have_count(2)
    assert_accessible(page)
    page.fill("#on", (today - timedelta(days=1)).isoformat())
    page.locator("form.day button").click()
    before = {"vi": "sổ chưa ghi bản sao này", "en": "had not entered this copy"}
    expect(page.locator(".that-day .answer")).to_contain_text(before[language])
    expect(page.locator("h1")).to_contain_text({"vi": "hủy bỏ", "en": "Cancelled"}[language])

    page.goto(f"{site.address}/revoked")
    expect(page.locator("table.revoked tbody tr")).to_have_count(1)
    expect(page.locator("table.revoked")).to_contain_text("12/QĐ-UBND")
    assert_accessible(page)
    page.fill("#month", "2025-01")
    page.locator("form.filter button").click()
    expect(page.locator("table.revoked")).to_have_count(0)
    assert_accessible(page)


def test_a_typed_code_is_looked_up_with_the_keyboard_alone(site: Site, browser: Browser) -> None:
    page = browser.new_page(locale="vi-VN")
    page.goto(site.address)
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "code":
            break
    page.keyboard.type(site.valid.code.lower().replace("-", " "))
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Mã hợp lệ")
    expect(page.get_by_text("N*** V** A*")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải bằng chứng (.tlog-proof)").click()
    assert Path(download.value.path()).read_text().startswith("c2sp.org/tlog-proof")


def test_everything_works_without_a_script(site: Site, browser: Browser) -> None:
    page = browser.new_context(locale="vi-VN", java_script_enabled=False).new_page()
    page.goto(site.address)
    page.fill("#code", site.revoked)
    page.get_by_role("button", name="Tra cứu").click()
    expect(page.locator("h1")).to_have_text("Đã bị hủy bỏ")
    expect(page.get_by_text("Quyết định số 12/QĐ-UBND").first).to_be_visible()
    page.goto(site.address)
    page.set_input_files("#file", {"name": "a.pdf", "mimeType": "", "buffer": site.valid.pdf})
    page.get_by_role("button", name="Tải lên và kiểm tra").click()
    expect(page.locator("h1")).to_have_text("Hợp lệ, còn nguyên vẹn", timeout=60_000)


def test_the_policy_lets_nothing_through_that_the_pages_need(site: Site, browser: Browser) -> None:
    page = browser.new_page(locale="vi-VN")
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for path in ("/", f"/c/{site.valid.code}"):
        page.goto(site.address + path)
    assert complaints == []
    assert page.evaluate("document.fonts.check('16px \"Be Vietnam Pro\"')")


def assert_accessible(page: Page) -> None:
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    problems = [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]]
    assert problems == []
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"]  # type: ignore[index]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert process.poll() is None, "the portal ended by itself"
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310 - our own address
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"{address} did not become ready")
