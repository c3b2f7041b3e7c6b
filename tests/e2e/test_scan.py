"""The scanning page in Chromium: by camera and by picture, with a network and without."""

import asyncio
import io
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import zxingcpp
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from bansao.commands.verify import command
from registry.clock import utc_now
from registry.seal import make_seal
from registry.settings import trusted_seal_keys
from tests.testkit.browser import ASSETS, Chromium
from tests.testkit.certifying import FACTS, entitled_office, tsa_secrets
from tests.testkit.postgres import Server
from tests.testkit.rooms import free_port
from tests.testkit.scanned import (
    ScanSite,
    browser_with_camera,
    installed,
    issue,
    portal_at,
    video_of,
)

__all__ = ["tsa_secrets"]

AXE = (ASSETS / "axe-core" / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PHONE = {"width": 375, "height": 812}
expect.set_options(timeout=20_000)


@pytest.fixture(scope="module")
def site(
    server: Server,
    tsa_secrets: tuple[Path, Path, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[ScanSite]:
    home, database = tmp_path_factory.mktemp("scan"), server.clone()
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    office = entitled_office(database, tsa_secrets, home / "blobs", BANSAO_PORTAL_URL=address)
    valid, revoked = asyncio.run(issue(office, 2))
    with portal_at(port, office, home / "portal.log"):
        yield ScanSite(address=address, office=office, valid=valid, revoked=revoked)
    told = (home / "portal.log").read_text("utf-8")
    for secret in (valid.code, revoked.code, FACTS.holder_name):
        assert secret not in told
    server.drop(database)


@pytest.fixture
def page(site: ScanSite, browser: Browser) -> Page:
    """The page, kept by the browser, on a phone."""
    page = browser.new_context(viewport=PHONE, locale="vi-VN", bypass_csp=True).new_page()
    installed(page, site.address)
    return page


def test_the_camera_reads_a_copy_with_a_network_and_without(
    site: ScanSite, chromium: Chromium, tmp_path: Path
) -> None:
    video = video_of(site.valid, tmp_path / "camera.mjpeg")
    with browser_with_camera(chromium, video) as browser:
        context = browser.new_context(viewport=PHONE, locale="vi-VN")
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda line: complaints.append(line.text))
        installed(page, site.address)
        page.get_by_role("button", name="Bật máy ảnh").click()
        expect(headline(page)).to_have_text("Mã hợp lệ")
        assert_compared(page)
        expect(page.locator("#result")).to_contain_text("Sổ đăng ký trả lời: “Mã hợp lệ”")
        assert [line for line in complaints if "Content Security Policy" in line] == []

        context.set_offline(True)
        page.reload()  # from what the browser keeps
        page.get_by_role("button", name="Bật máy ảnh").click()
        expect(headline(page)).to_contain_text("Con dấu thật; còn hiệu lực theo danh sách ký")
        assert_compared(page)
        expect(page.locator("#result")).to_contain_text("chỉ kiểm tra được trên máy này")
        expect(page.get_by_text("Xem câu trả lời đầy đủ")).to_be_hidden()


def headline(page: Page) -> Locator:
    return page.locator("#found")


def assert_compared(page: Page) -> None:
    for fact in (FACTS.holder_name, "Ủy ban nhân dân phường Hoàn Kiếm", "SCTĐT/BS"):
        expect(page.locator(".compare")).to_contain_text(fact)


def test_the_printed_code_is_large_enough_for_a_phone(site: ScanSite) -> None:
    with Image.open(io.BytesIO(site.valid.page)) as page:
        printed = next(one for one in zxingcpp.read_barcodes(page) if one.text == site.valid.qr)
    width = printed.position.top_right.x - printed.position.top_left.x
    assert width / 200 * 25.4 >= 30  # mm at 200 dpi, without its quiet zone


def test_the_api_checks_the_seal_too(site: ScanSite, page: Page) -> None:
    asked = f"{site.address}/v1/verify"
    photo: Any = {"name": "photo.png", "mimeType": "image/png", "buffer": site.valid.page}
    for answer in (
        page.request.post(asked, data={"qr": site.valid.qr}).json(),
        page.request.post(asked, multipart={"file": photo}).json(),
    ):
        assert answer["verdict"] == "valid"
        assert answer["sealed"]["holder_name"] == FACTS.holder_name
    answer = page.request.post(asked, data={"qr": _forged(site)}).json()
    assert (answer["verdict"], answer.get("sealed")) == ("altered", None)
    assert [one["name"] for one in answer["checks"] if one["outcome"] == "failed"] == ["seal"]


def test_a_pasted_link_is_checked_with_its_seal_on_the_start_page(
    site: ScanSite, page: Page
) -> None:
    page.goto(site.address)
    page.fill("#code", _forged(site))
    page.locator("form.code button").click()
    expect(page.locator("h1")).to_have_text("Mã QR không đúng với sổ đăng ký")
    page.goto(site.address)
    page.fill("#code", site.valid.qr)
    page.locator("form.code button").click()
    expect(page.get_by_text(FACTS.holder_name)).to_be_visible()
    assert_accessible(page)


def test_the_command_checks_the_seal_too(site: ScanSite, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in site.office.environment.items():
        monkeypatch.setenv(name, value)
    texts = {site.valid.qr: "valid", site.revoked.qr: "revoked", _forged(site): "altered"}
    for text, verdict in texts.items():
        told = CliRunner().invoke(command, [text, "--json"])
        assert msgspec.json.decode(told.stdout)["verdict"] == verdict


def _forged(site: ScanSite) -> str:
    address, _, seal = site.valid.qr.partition("#")
    claims = trusted_seal_keys(site.office.settings.registry.trust).open(seal)
    return f"{address}#{make_seal(Ed25519PrivateKey.generate(), claims)}"


def test_a_revoked_copy_is_so_by_the_kept_list(site: ScanSite, page: Page) -> None:
    page.context.set_offline(True)
    choose_picture(page, site.revoked.page)
    expect(headline(page)).to_have_text("Đã bị hủy bỏ")
    expect(page.locator("#result .failed")).to_contain_text("danh sách trạng thái ký lúc")
    assert_accessible(page)


def test_a_seal_that_is_not_this_copys_is_never_green(site: ScanSite, page: Page) -> None:
    forged, address = _forged(site), site.valid.qr.partition("#")[0]
    moved = site.revoked.qr.partition("#")[2]
    for offline in (True, False):
        page.context.set_offline(offline)
        paste(page, forged)
        expect(headline(page)).to_have_text("Con dấu không thật")
        expect(page.locator(".compare")).to_be_hidden()
        paste(page, f"{address}#{moved}")
        expect(headline(page)).to_have_text("Con dấu của bản sao khác")
        # What the seal says is told, as another copy's.
        expect(page.locator(".compare")).to_contain_text("không phải của mã in trên tờ giấy")
        expect(page.get_by_text("Xem câu trả lời đầy đủ")).to_be_hidden()
    expect(page.locator("#result .failed").last).to_contain_text("Mã QR không đúng với sổ đăng ký")
    assert_accessible(page)


def test_a_registry_that_cannot_answer_hides_no_revocation(site: ScanSite, page: Page) -> None:
    silent = {"verdict": "unavailable", "message": "Hãy hỏi lại sau.", "checks": []}
    page.context.route("**/v1/verify?*", lambda route: route.fulfill(status=503, json=silent))
    paste(page, site.revoked.qr)
    expect(page.locator("#result .skipped")).to_contain_text("Hãy hỏi lại sau.")
    expect(headline(page)).to_have_text("Đã bị hủy bỏ")


def test_what_an_older_picture_holds_is_not_shown_over_a_newer_one(
    site: ScanSite, page: Page
) -> None:
    page.evaluate(
        """() => {
          const verify = crypto.subtle.verify.bind(crypto.subtle);
          crypto.subtle.verify = async (...asked) => {
            await new Promise((goOn) => setTimeout(goOn, 1000));
            window.verified = true;
            return verify(...asked);
          };
        }"""
    )
    paste(page, site.valid.qr)
    paste(page, "https://example.com/menu")
    expect(headline(page)).to_have_text("Không phải mã QR của bản sao")
    page.wait_for_function("window.verified")
    page.wait_for_timeout(1_000)
    expect(headline(page)).to_have_text("Không phải mã QR của bản sao")


def test_a_camera_asked_for_twice_runs_once_and_is_off_when_stopped(page: Page) -> None:
    page.evaluate(
        """() => {
          window.streams = [];
          navigator.mediaDevices.getUserMedia = async () => {
            await new Promise((allowed) => setTimeout(allowed, 500));
            const canvas = document.createElement("canvas");
            canvas.getContext("2d").fillRect(0, 0, 9, 9);
            const stream = canvas.captureStream(10);
            streams.push(stream);
            return stream;
          };
        }"""
    )
    living = "streams.filter((one) => one.getTracks()[0].readyState === 'live').length"
    for _ in range(2):
        page.locator('[data-do="start"]').click()
    page.wait_for_function("streams.length === 2")
    expect(page.locator('[data-do="stop"]')).to_be_visible()
    assert page.evaluate(living) == 1
    page.locator('[data-do="stop"]').click()
    assert page.evaluate(living) == 0


def test_a_code_without_a_seal_is_answered_by_the_registry_alone(
    site: ScanSite, page: Page
) -> None:
    bare = site.valid.qr.partition("#")[0]
    paste(page, bare)
    expect(headline(page)).to_have_text("Mã hợp lệ")
    page.context.set_offline(True)
    paste(page, bare)
    expect(headline(page)).to_have_text("Mã QR này không có con dấu")
    paste(page, "https://example.com/menu")
    expect(headline(page)).to_have_text("Không phải mã QR của bản sao")
    paste(page, site.valid.qr.replace("127.0.0.1", "tra-cuu-gia.example"))
    expect(page.get_by_text("Mã QR dẫn tới tra-cuu-gia.example")).to_be_visible()


def test_a_list_that_is_too_old_concludes_nothing(site: ScanSite, page: Page) -> None:
    page.context.set_offline(True)
    page.clock.set_fixed_time(utc_now() + timedelta(hours=3))
    paste(page, site.valid.qr)
    expect(headline(page)).to_contain_text("theo danh sách ký 3 giờ trước")
    expect(page.get_by_text("đã có danh sách mới hơn")).to_be_visible()
    page.clock.set_fixed_time(utc_now() + timedelta(hours=25))
    paste(page, site.valid.qr)
    expect(headline(page)).to_have_text("Con dấu thật; chưa biết còn hiệu lực hay không")
    expect(page.locator("#result")).to_contain_text("1 ngày trước, quá cũ để kết luận")


def test_what_the_browser_keeps_is_nobodys(site: ScanSite, page: Page) -> None:
    paste(page, site.valid.qr)
    expect(headline(page)).to_have_text("Mã hợp lệ")
    kept = page.evaluate(
        """async () => {
          const texts = [];
          for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const request of await cache.keys()) {
              texts.push(request.url, await (await cache.match(request)).text());
            }
          }
          return [texts.join(), localStorage.length, sessionStorage.length].join();
        }"""
    )
    for secret in (site.valid.code, FACTS.holder_name):
        assert secret not in kept


@pytest.mark.parametrize("language", ["vi", "en"])
def test_without_a_camera_the_page_says_what_to_do(
    site: ScanSite, browser: Browser, language: str
) -> None:
    said = {"vi": "Hãy chọn ảnh chụp mã QR", "en": "Choose a picture of the QR code"}
    context = browser.new_context(viewport=PHONE, bypass_csp=True)
    page = context.new_page()
    page.goto(f"{site.address}/scan?lang={language}")
    assert_accessible(page)
    page.locator('[data-do="start"]').click()
    expect(page.locator("[data-told]")).to_contain_text(said[language][4:])
    choose_picture(page, site.valid.page)
    expect(page.locator(".compare")).to_contain_text(FACTS.holder_name)
    assert_accessible(page)


def test_a_browser_that_cannot_check_says_so_and_asks(site: ScanSite, browser: Browser) -> None:
    page = browser.new_context(viewport=PHONE).new_page()
    page.add_init_script("Object.defineProperty(crypto, 'subtle', { value: undefined })")
    page.goto(f"{site.address}/scan?lang=en")
    expect(page.locator("[data-held]")).to_contain_text("cannot check the seal")
    paste(page, site.valid.qr)
    expect(headline(page)).to_have_text("The code is valid")
    expect(page.locator("#result .skipped")).to_contain_text("cannot check Ed25519")
    page.context.set_offline(True)
    paste(page, site.valid.qr)
    expect(headline(page)).to_have_text("The seal could not be checked")


def test_a_new_release_waits_for_its_reader(
    site: ScanSite, browser: Browser, tmp_path: Path
) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    log = tmp_path / "portal.log"
    page = browser.new_context(locale="vi-VN").new_page()
    with portal_at(port, site.office, log):
        installed(page, address)
        old = release_of(page)
    with portal_at(port, site.office, log, changed_assets(tmp_path / "assets")):
        page.reload()
        assert release_of(page) == old  # whole, from what is kept
        choose_picture(page, site.valid.page)
        expect(headline(page)).to_have_text("Mã hợp lệ")
        page.get_by_role("button", name="Dùng bản mới").click()
        page.wait_for_function("(old) => !document.querySelector(`script[src*='${old}']`)", arg=old)
        assert release_of(page) != old
        choose_picture(page, site.valid.page)
        expect(headline(page)).to_have_text("Mã hợp lệ")


def release_of(page: Page) -> str:
    source = page.locator("script[type=module]").get_attribute("src")
    assert source is not None
    return source.split("/")[2]


def changed_assets(home: Path) -> Path:
    """The same packages, one file of which has another line."""
    home.mkdir()
    for package in ("zxing-wasm", "@fontsource"):
        (home / package).symlink_to(ASSETS / package)
    shutil.copytree(ASSETS / "cborg", home / "cborg")
    with (home / "cborg" / "cborg.js").open("a") as script:
        script.write("// a later release\n")
    return home


def choose_picture(page: Page, picture: bytes) -> None:
    file: Any = {"name": "photo.png", "mimeType": "image/png", "buffer": picture}
    page.set_input_files("#scanner input[type=file]", file)


def paste(page: Page, text: str) -> None:
    page.evaluate(
        """(text) => {
          const clipboardData = new DataTransfer();
          clipboardData.setData("text", text);
          document.dispatchEvent(new ClipboardEvent("paste", { clipboardData }));
        }""",
        text,
    )


def assert_accessible(page: Page) -> None:
    page.evaluate(AXE)
    options = {"runOnly": {"type": "tag", "values": RULES}}
    found = page.evaluate("options => axe.run(document, options)", options)
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []
