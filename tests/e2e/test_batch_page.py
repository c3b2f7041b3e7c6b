"""The page that looks up a whole table: dropped, chosen, without a script, on a phone."""

import asyncio
import csv
import io
from collections.abc import Iterator
from pathlib import Path

import msgspec
import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from registry.code import new_code
from tests.testkit.copies import publish_now, registered
from tests.testkit.issued import CopyOffice, copy_office, signing_house
from tests.testkit.portal_process import portal_process

__all__ = ["copy_office", "signing_house"]

PHONE = {"width": 375, "height": 740}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
expect.set_options(timeout=20_000)


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """A served portal, a code that holds and one that was revoked."""

    address: str
    valid: str
    revoked: str

    def table(self) -> bytes:
        """Two columns with codes; the second is the wrong one in each line but the first."""
        written = io.StringIO(newline="")
        writer = csv.writer(written, delimiter=";")
        writer.writerow(["Họ tên", "Mã bản sao", "Mã cũ"])
        writer.writerow(["Nguyễn Văn An", self.valid, new_code()])
        writer.writerow(["Trần Thị Bình", self.revoked, ""])
        writer.writerow(["Lê Văn Chi", self.valid[:-1], ""])
        writer.writerow(["Phạm Thị Dung", new_code(), ""])
        return written.getvalue().encode("utf-8-sig")

    def workbook(self) -> bytes:
        book = openpyxl.Workbook()
        assert book.active is not None
        book.active.append(["Mã bản sao"])
        book.active.append([self.valid])
        saved = io.BytesIO()
        book.save(saved)
        return saved.getvalue()


@pytest.fixture
def site(copy_office: CopyOffice, tmp_path: Path) -> Iterator[Site]:
    async def copies() -> tuple[str, str]:
        valid, revoked = await registered(copy_office.database, 2)
        await copy_office.revoke(revoked.code)
        await publish_now(copy_office.database)
        return valid.code, revoked.code

    valid, revoked = asyncio.run(copies())
    trust = copy_office.settings.registry.trust
    with portal_process(copy_office.database, trust, tmp_path / "portal.log") as address:
        yield Site(address=address, valid=valid, revoked=revoked)
    log = (tmp_path / "portal.log").read_text("utf-8")
    for secret in (valid, revoked, "Nguyễn Văn An"):
        assert secret not in log


def assert_accessible(page: Page) -> None:
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    assert not found.response["violations"], found.generate_report()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_table_is_answered_on_a_phone_in_both_languages(
    site: Site, browser: Browser, language: str
) -> None:
    context = browser.new_context(viewport=PHONE, bypass_csp=True)  # axe is injected by the test
    page = context.new_page()
    page.goto(f"{site.address}/batch?lang={language}")
    assert_accessible(page)
    page.set_input_files("#file", {"name": "a.csv", "mimeType": "", "buffer": site.table()})
    page.get_by_role("button", name={"vi": "Tra cứu", "en": "Look up"}[language]).click()
    title = {"vi": "Đã tra cứu 4 dòng", "en": "Looked up 4 lines"}[language]
    expect(page.locator("h1")).to_have_text(title)
    expect(page.locator(".tally li")).to_have_count(4)
    expect(page.locator("table.troubled tbody tr")).to_have_count(3)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert_accessible(page)


def test_the_result_is_saved_and_another_column_asked_without_choosing_the_file_again(
    site: Site, browser: Browser
) -> None:
    page = browser.new_page(locale="vi-VN")
    complaints: list[str] = []
    page.on("console", lambda line: complaints.append(line.text))
    page.goto(f"{site.address}/batch")
    given = page.evaluate_handle(
        """([text]) => { const given = new DataTransfer();
           given.items.add(new File([text], "lớp.csv")); return given; }""",
        [site.table().decode("utf-8-sig")],
    )
    page.dispatch_event("[data-drop]", "drop", {"dataTransfer": given})
    expect(page.locator("[data-chosen]")).to_have_text("lớp.csv")
    page.get_by_role("button", name="Tra cứu").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_be_focused()
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải bảng kết quả").click()
    assert download.value.suggested_filename == "ket-qua-tra-cuu.csv"
    saved = Path(download.value.path()).read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(saved, newline=""), delimiter=";"))
    verdicts = ["valid", "revoked", "malformed", "unknown"]
    assert [row["verdict"] for row in rows] == verdicts
    assert rows[0]["Họ tên"] == "Nguyễn Văn An"
    page.select_option("#column", label="Cột C: Mã cũ")
    page.get_by_role("button", name="Tra cứu").click()
    expect(page.locator(".tally li")).to_have_count(2)
    assert complaints == []


def test_a_table_is_answered_without_a_script(site: Site, browser: Browser) -> None:
    page = browser.new_context(locale="vi-VN", java_script_enabled=False).new_page()
    page.goto(site.address)
    page.get_by_role("link", name="Tra cứu cả bảng").click()
    page.set_input_files("#file", {"name": "a.xlsx", "mimeType": "", "buffer": site.workbook()})
    page.get_by_role("button", name="Tra cứu").click()
    expect(page.locator("h1")).to_have_text("Đã tra cứu 1 dòng")
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải bảng kết quả").click()
    saved = Path(download.value.path()).read_bytes()
    sheet = openpyxl.load_workbook(io.BytesIO(saved)).active
    assert sheet is not None
    assert sheet["C2"].value == "valid"
