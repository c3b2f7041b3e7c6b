"""What people do in a browser: bring papers, hand them in, sign in, open a dossier.

With BANSAO_SCREENSHOTS naming a directory, what they see is kept there.
"""

import os
import sys
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bansao.sample_card import draw_sample_card
from bansao.sample_documents import draw, sample_diploma, scan
from intake.certify.fonts import prepare_fonts

ASSETS = Path(sys.prefix) / "npm" / "node_modules"
SCREENS = {"kiosk": (1080, 1920), "laptop": (1366, 768), "phone": (390, 844)}
SLOW = 90_000  # milliseconds, on a machine that is busy with other tests
expect.set_options(timeout=SLOW)


class Papers:
    """A diploma, its holder's card and face, as files."""

    def __init__(self, directory: Path) -> None:
        card = draw_sample_card(ASSETS)
        sheet = scan(draw(sample_diploma(), prepare_fonts(ASSETS, directory)))
        self.diploma = self._file(directory / "diploma.jpg", sheet)
        self.front = self._file(directory / "front.png", card.front)
        self.back = self._file(directory / "back.png", card.back)
        self.face = self._file(directory / "face.jpg", card.live)
        self.letter = self._file(directory / "letter.txt", "không phải ảnh".encode())

    @staticmethod
    def _file(path: Path, content: bytes) -> Path:
        path.write_bytes(content)
        return path


def opened(browser: Browser, screen: str) -> BrowserContext:
    """A context of a screen's size, in which nothing is known yet."""
    width, height = SCREENS[screen]
    context = browser.new_context(viewport={"width": width, "height": height})
    context.set_default_timeout(SLOW)
    return context


def seen(page: Page, name: str) -> None:
    """No barrier that axe-core can find, and a picture where one is wanted."""
    found = Axe().run(page).response["violations"]
    barriers = [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found]
    assert barriers == [], name
    if directory := os.environ.get("BANSAO_SCREENSHOTS"):
        Path(directory).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(directory) / f"{name}.png", full_page=True)


def hand_in(page: Page, address: str, papers: Papers) -> None:
    """The citizen's walk by upload, up to the dossier's progress."""
    page.goto(address)
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Bắt đầu").click()
    expect(page.get_by_role("heading", name="Quét bản chính")).to_be_visible()
    page.set_input_files("#scan-files", papers.diploma)
    expect(page.locator(".thumb .state.ok, .thumb .state.warn")).to_be_visible()
    page.get_by_role("button", name="Tiếp tục").click()
    for role, file in (
        ("card_front", papers.front),
        ("card_back", papers.back),
        ("face", papers.face),
    ):
        page.set_input_files(f"[data-role={role}] input", file)
        expect(page.locator(f"[data-role={role}] .state.ok")).to_be_visible()
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.locator("#review-net")).to_have_text("2.000 đ")
    page.get_by_role("button", name="Gửi hồ sơ").click()
    expect(page.locator("[data-fact=number]").first).to_contain_text("H26.")


def sign_in(page: Page, address: str, username: str, password: str) -> None:
    """To the officer's queue."""
    page.goto(address)
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu").fill(password)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", name="Hồ sơ đang chờ")).to_be_visible()


def open_dossier(page: Page) -> None:
    """The first dossier of the queue, once it was read."""
    page.locator("tbody a").first.click()
    expect(page.get_by_label("Tên giấy tờ")).to_be_visible()
