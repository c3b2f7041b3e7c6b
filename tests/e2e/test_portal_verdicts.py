"""Each verdict's page by each way in that a person has: both languages, a desk and a phone."""

import base64
import ipaddress
import secrets
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pypdfium2 import PdfDocument

from tests.e2e.test_drop_flow import DROPPED
from tests.testkit.browser import ASSETS
from tests.testkit.eight_verdicts import Brought, VerdictSite, verdict_site
from tests.testkit.issued import SigningHouse, signing_house
from tests.testkit.postgres import Server

__all__ = ["signing_house"]

AXE = (ASSETS / "axe-core" / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 812}
#: What the browser itself says of a page that is served with 503.
UNAVAILABLE = "Failed to load resource: the server responded with a status of 503"
VERDICTS = (
    "valid",
    "superseded",
    "suspended",
    "revoked",
    "altered",
    "unknown",
    "malformed",
    "unavailable",
)
expect.set_options(timeout=60_000)


@pytest.fixture(scope="module")
def site(
    server: Server, signing_house: SigningHouse, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[VerdictSite]:
    with verdict_site(server, signing_house, tmp_path_factory.mktemp("verdicts")) as site:
        yield site


@pytest.fixture
def context(site: VerdictSite, browser: Browser) -> Iterator[BrowserContext]:
    """A visitor whom nobody knows yet, so that misses of other tests are not held against him."""
    address = str(ipaddress.IPv6Address(secrets.randbits(128)))
    context = browser.new_context(
        base_url=site.address, viewport=PHONE, extra_http_headers={"X-Forwarded-For": address}
    )
    context.add_init_script(AXE)  # which the pages' policy, that stays in force, does not stop
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the console says: errors, and what the content security policy forbade."""
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    return told


def type_code(page: Page, brought: Brought) -> None:
    page.fill("#code", brought.code.lower().replace("-", " "))
    page.press("#code", "Enter")


def paste_link(page: Page, brought: Brought) -> None:
    page.fill("#code", brought.link)
    page.press("#code", "Enter")


def open_link(page: Page, brought: Brought) -> None:
    """As a phone's camera does."""
    page.goto("/c/" + brought.link.partition("/c/")[2])


def choose_photo(page: Page, brought: Brought) -> None:
    page.set_input_files(
        "#file", {"name": "photo.png", "mimeType": "image/png", "buffer": brought.photo}
    )
    page.locator("[data-upload]").click()


def drop_pdf(page: Page, brought: Brought) -> None:
    body = base64.b64encode(brought.pdf).decode()
    page.evaluate(DROPPED, ["copy.pdf", "application/pdf", body, 1])
    told = page.locator(".verdict, [data-upload]:visible, [data-state=failed]:visible")
    expect(told.first).to_be_visible()
    if page.locator("[data-upload]").is_visible():
        page.locator("[data-upload]").click()


WAYS: dict[str, Callable[[Page, Brought], None]] = {
    "code": type_code,
    "pasted link": paste_link,
    "opened link": open_link,
    "photo": choose_photo,
    "PDF": drop_pdf,
}
#: A code has no seal that could be another's, and the address of one says nothing of its seal; a
#: digest that cannot be asked about leaves the visitor on the page, with his file.
NONE_SUCH = {
    ("altered", "code"),
    ("altered", "opened link"),
    ("unavailable", "PDF"),
}


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("verdict", VERDICTS)
def test_each_verdict_is_a_page_by_each_way_in(
    site: VerdictSite, page: Page, complaints: list[str], verdict: str, language: str
) -> None:
    for way, go in WAYS.items():
        if (verdict, way) in NONE_SUCH:
            continue
        page.goto(f"/?lang={language}")
        go(page, site.brought[verdict])
        expect(page.locator(f"section.verdict.{verdict} h1")).to_be_visible()
        expect(page.locator("html")).to_have_attribute("lang", language)
        assert_readable(page, way)
    heard = [line for line in complaints if not line.startswith(UNAVAILABLE)]
    assert heard == []
    assert verdict == "unavailable" or not complaints


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_table_leads_to_all_of_them(
    site: VerdictSite, page: Page, complaints: list[str], language: str
) -> None:
    page.goto(f"/batch?lang={language}")
    rows = "".join(f"{one.link}\n" for one in site.brought.values())
    page.set_input_files(
        "#file", {"name": "a.csv", "mimeType": "text/csv", "buffer": f"QR\n{rows}".encode()}
    )
    page.locator("#batch-form button").press("Enter")
    for verdict in VERDICTS:
        expect(page.locator(f".tally li.{verdict}")).to_have_count(1)
    assert_readable(page, "batch")
    assert complaints == []


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_other_pages_are_one_site(page: Page, complaints: list[str], language: str) -> None:
    page.goto(f"/?lang={language}")
    for path in ("/scan", "/batch", "/revoked", "/"):
        page.locator(f"nav.ways a[href='{path}']").click()
        expect(page.locator("nav.ways a[aria-current=page]")).to_have_attribute("href", path)
        assert_readable(page, path)
    assert complaints == []


def test_verdicts_are_told_apart_without_colours(site: VerdictSite, page: Page) -> None:
    drawn = set()
    for verdict in VERDICTS:
        page.goto("/?lang=vi")
        paste_link(page, site.brought[verdict])
        expect(page.locator(f"section.verdict.{verdict}")).to_be_visible()
        drawn.add(page.locator(".verdict .seal").inner_html())
        drawn.add(page.locator(".verdict h1").inner_text())
    assert len(drawn) == 2 * len(VERDICTS)


def test_an_answer_fits_on_one_printed_sheet(site: VerdictSite, page: Page) -> None:
    for verdict in VERDICTS:
        page.goto("/?lang=vi")
        paste_link(page, site.brought[verdict])
        expect(page.locator(f"section.verdict.{verdict}")).to_be_visible()
        with PdfDocument(page.pdf(format="A4")) as printed:
            assert len(printed) == 1, verdict


def test_a_code_is_looked_up_and_a_receipt_taken_with_the_keyboard_alone(
    site: VerdictSite, page: Page
) -> None:
    page.goto("/?lang=vi")
    tab_to(page, "#code")
    page.keyboard.type(site.brought["valid"].code)
    page.keyboard.press("Enter")
    expect(page.locator(".verdict.valid")).to_be_visible()
    expect(page.locator(".checks li")).to_have_count(6)
    tab_to(page, ".receipt a")
    with page.expect_download() as receipt:
        page.keyboard.press("Enter")
    assert receipt.value.suggested_filename.endswith(".pdf")


def test_a_file_is_checked_with_the_keyboard_alone(site: VerdictSite, page: Page) -> None:
    page.goto("/?lang=vi")
    tab_to(page, "#file")
    choose_by_key(page, "copy.pdf", "application/pdf", site.brought["altered"].pdf)
    expect(page.locator("[data-state=unknown]")).to_be_visible()
    tab_to(page, "[data-upload]")
    page.keyboard.press("Enter")
    expect(page.locator(".verdict.altered")).to_be_visible()


def test_a_table_is_looked_up_with_the_keyboard_alone(site: VerdictSite, page: Page) -> None:
    page.goto("/?lang=vi")
    tab_to(page, "nav.ways a[href='/batch']")
    page.keyboard.press("Enter")
    expect(page.locator("#batch-form.scripted")).to_be_visible()
    tab_to(page, "#file")
    table = f"Mã\n{site.brought['valid'].code}\n".encode()
    choose_by_key(page, "a.csv", "text/csv", table)
    tab_to(page, "#batch-form button")
    page.keyboard.press("Enter")
    expect(page.locator(".tally li.valid")).to_be_visible()
    tab_to(page, "a[download]")
    with page.expect_download() as result:
        page.keyboard.press("Enter")
    assert result.value.suggested_filename == "ket-qua-tra-cuu.csv"


def choose_by_key(page: Page, name: str, kind: str, content: bytes) -> None:
    """In the window that the browser opens for the field in focus."""
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files([{"name": name, "mimeType": kind, "buffer": content}])


def tab_to(page: Page, selector: str) -> None:
    """By the tabulator key, seeing at each stop where one is."""
    for _ in range(40):
        page.keyboard.press("Tab")
        assert page.evaluate(
            """() => { const at = document.activeElement;
              const label = at.matches(".drop input") && at.parentElement.querySelector("label");
              const seen = label || at;
              return at === document.body || getComputedStyle(seen).outlineStyle !== "none"; }"""
        ), page.evaluate("document.activeElement.outerHTML")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
    pytest.fail(f"the keyboard does not reach {selector}")


def assert_readable(page: Page, way: str) -> None:
    """By everybody, at both widths."""
    for viewport in (DESK, PHONE):
        page.set_viewport_size(viewport)  # type: ignore[arg-type]  # a dict of the same keys
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], way
        found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
        wrong = [
            (one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]
        ]
        assert wrong == [], way
