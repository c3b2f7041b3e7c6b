"""A file dropped on the start page: its digest is asked first; only who agrees sends the file."""

import base64
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.e2e.test_portal_pages import assert_accessible
from tests.integration.test_portal_answers import qr_photo
from tests.testkit import updating
from tests.testkit.issued import PORTAL_URL, signing_house
from tests.testkit.open_portal import OpenPortal, open_portal
from tests.testkit.updating import updated

__all__ = ["open_portal", "signing_house"]

WORDS = {
    "vi": {"agree": "Đồng ý, tải lên và kiểm tra", "decline": "Không tải lên"},
    "en": {"agree": "Yes, upload and check", "decline": "Do not upload"},
}
DROPPED = """async ([name, type, body, copies]) => {
  const bytes = Uint8Array.from(atob(body), (letter) => letter.charCodeAt(0));
  const transfer = new DataTransfer();
  for (let n = 0; n < copies; n++) transfer.items.add(new File([bytes], name, { type }));
  document.body.dispatchEvent(
    new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true })
  );
}"""


@pytest.fixture(params=["vi", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def context(open_portal: OpenPortal, browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(
        base_url=open_portal.address,
        viewport={"width": 375, "height": 800},
        extra_http_headers={"X-Forwarded-For": open_portal.visitor()},
        bypass_csp=True,  # axe is injected by the test
    )
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, language: str) -> Page:
    page = context.new_page()
    page.goto(f"/?lang={language}")
    return page


def uploads_of(page: Page) -> list[str]:
    """Addresses to which this page sends a form with a file."""
    uploads: list[str] = []
    page.on(
        "request",
        lambda request: (
            uploads.append(request.url)
            if "multipart" in request.headers.get("content-type", "")
            else None
        ),
    )
    return uploads


def choose(page: Page, content: bytes, name: str = "a.pdf", kind: str = "application/pdf") -> None:
    page.set_input_files("#file", {"name": name, "mimeType": kind, "buffer": content})


def drop(page: Page, content: bytes, copies: int = 1) -> None:
    body = base64.b64encode(content).decode()
    page.evaluate(DROPPED, ["a.pdf", "application/pdf", body, copies])


def test_a_registered_file_dropped_anywhere_is_recognised_without_being_sent(
    open_portal: OpenPortal, page: Page
) -> None:
    uploads = uploads_of(page)
    drop(page, open_portal.copy.pdf)
    expect(page.locator(".verdict.valid")).to_be_visible()
    assert uploads == []


def test_a_changed_file_is_sent_only_when_the_visitor_agrees(
    open_portal: OpenPortal, page: Page, language: str
) -> None:
    uploads = uploads_of(page)
    choose(page, updated(open_portal.copy.pdf, updating.page_replaced))
    agree = page.get_by_role("button", name=WORDS[language]["agree"])
    expect(agree).to_be_visible()
    assert uploads == []
    assert_accessible(page)

    page.get_by_role("button", name=WORDS[language]["decline"]).click()
    expect(agree).to_be_hidden()
    expect(page.locator('[data-state="declined"]')).to_be_visible()
    assert page.evaluate("document.querySelector('#file').files.length") == 0

    choose(page, updated(open_portal.copy.pdf, updating.page_replaced))
    agree.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".verdict.altered")).to_be_visible(timeout=60_000)
    expect(page.locator(".beside img")).to_have_count(2)
    assert page.evaluate("[...document.images].every(one => one.naturalWidth > 0)")
    assert len(uploads) == 1
    assert_accessible(page)


def test_a_photo_is_sent_only_when_the_visitor_agrees(
    open_portal: OpenPortal, page: Page, language: str
) -> None:
    uploads = uploads_of(page)
    photo = qr_photo(f"{PORTAL_URL}/c/{open_portal.copy.code}")
    choose(page, photo, "photo.jpg", "image/jpeg")
    expect(page.locator('[data-state="photo"]')).to_be_visible()
    expect(page.locator('[data-state="photo"] a')).to_have_attribute("href", "/scan")
    assert uploads == []
    assert_accessible(page)
    page.get_by_role("button", name=WORDS[language]["agree"]).click()
    expect(page.locator(".verdict.valid")).to_be_visible(timeout=60_000)


@pytest.mark.parametrize("language", ["vi"], indirect=True)
def test_what_cannot_be_checked_is_said_at_once(open_portal: OpenPortal, page: Page) -> None:
    uploads = uploads_of(page)
    choose(page, b"")
    expect(page.locator('[data-state="empty"]')).to_be_visible()
    drop(page, open_portal.copy.pdf, copies=2)
    expect(page.locator('[data-state="several"]')).to_be_visible()
    expect(page.locator("[data-upload]")).to_be_hidden()
    assert_accessible(page)
    assert uploads == []


@pytest.mark.parametrize("language", ["en"], indirect=True)
def test_who_cannot_reach_the_registry_may_try_again(open_portal: OpenPortal, page: Page) -> None:
    def unreachable(route: Route) -> None:
        route.abort()

    page.route("**/v1/verify", unreachable)
    choose(page, open_portal.copy.pdf)
    again = page.get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    assert_accessible(page)
    page.unroute("**/v1/verify", unreachable)
    again.click()
    expect(page.locator(".verdict.valid")).to_be_visible()


def test_without_a_script_the_form_says_that_it_uploads(
    open_portal: OpenPortal, browser: Browser, language: str
) -> None:
    context = browser.new_context(
        base_url=open_portal.address,
        java_script_enabled=False,
        extra_http_headers={"X-Forwarded-For": open_portal.visitor()},
    )
    page = context.new_page()
    page.goto(f"/?lang={language}")
    said = {"vi": "Bấm nút này là tải tệp lên", "en": "This button uploads the file"}
    expect(page.locator("#file-private")).to_contain_text(said[language])
    expect(page.locator("[data-decline]")).to_be_hidden()
    choose(page, open_portal.copy.pdf)
    page.locator("[data-upload]").click()
    expect(page.locator(".verdict.valid")).to_be_visible(timeout=60_000)
    context.close()
