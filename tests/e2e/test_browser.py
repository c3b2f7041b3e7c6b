"""The browsers of the testkit render Vietnamese text; the packed one serves on a bare machine."""

from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.testkit.browser import packed_chromium

PAGE = "<!doctype html><meta charset=utf-8><h1>Chứng thực bản sao đúng với bản chính</h1>"


def test_a_browser_shows_a_page(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content(PAGE)
    assert page.inner_text("h1") == "Chứng thực bản sao đúng với bản chính"


def test_the_packed_browser_needs_nothing_of_this_machine(tmp_path: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**packed_chromium().launch)  # type: ignore[arg-type]
        page = browser.new_page(viewport={"width": 640, "height": 160})
        page.set_content(PAGE)
        page.screenshot(path=tmp_path / "page.png")
        browser.close()
    assert (tmp_path / "page.png").stat().st_size > 2000
