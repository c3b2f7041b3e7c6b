"""A citizen at the kiosk, an officer at the desk, a copy in the citizen's hands.

With BANSAO_SCREENSHOTS naming a directory, what they see is kept there.
"""

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.testkit.certifying import OFFICER, office, tsa_secrets
from tests.testkit.counter import PASSWORD
from tests.testkit.rooms import Rooms, rooms
from tests.testkit.walk import SCREENS, Papers, hand_in, open_dossier, opened, seen, sign_in

__all__ = ["office", "rooms", "tsa_secrets"]


@pytest.fixture(scope="session")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    return Papers(tmp_path_factory.mktemp("papers"))


@pytest.fixture
def citizen(browser: Browser) -> BrowserContext:
    return opened(browser, "kiosk")


@pytest.fixture
def officer(browser: Browser) -> BrowserContext:
    return opened(browser, "laptop")


def test_a_citizens_paper_becomes_a_certified_copy(
    rooms: Rooms,
    papers: Papers,
    citizen: BrowserContext,
    officer: BrowserContext,
) -> None:
    kiosk, desk = citizen.new_page(), officer.new_page()
    hand_in(kiosk, rooms.kiosk, papers)
    seen(kiosk, "kiosk-progress")

    desk.goto(rooms.desk)
    seen(desk, "desk-login")
    sign_in(desk, rooms.desk, OFFICER.username, PASSWORD)
    seen(desk, "desk-queue")
    open_dossier(desk)
    expect(desk.get_by_label("Tên giấy tờ")).to_have_value("BẰNG TỐT NGHIỆP ĐẠI HỌC")
    expect(desk.get_by_label("Người có giấy tờ")).to_have_value("Trần Thị Minh Anh")
    expect(desk.get_by_text("Khuôn mặt khớp với ảnh trên thẻ")).to_be_visible()
    seen(desk, "desk-dossier")
    desk.get_by_label("Tên giấy tờ").fill("Bằng tốt nghiệp đại học")
    desk.get_by_role("checkbox").check()
    desk.get_by_label("Mật khẩu của bạn").fill("sai mật khẩu")
    desk.get_by_role("button", name="Ký chứng thực").click()
    expect(desk.get_by_role("alert")).to_contain_text("không đúng")
    expect(desk.get_by_label("Tên giấy tờ")).to_have_value("Bằng tốt nghiệp đại học")
    desk.get_by_role("checkbox").check()
    desk.get_by_label("Mật khẩu của bạn").fill(PASSWORD)
    desk.get_by_role("button", name="Ký chứng thực").click()
    expect(desk.get_by_role("heading", name="Bản sao đã được cấp")).to_be_visible()
    seen(desk, "desk-issued")

    expect(kiosk.get_by_role("heading", name="đã sẵn sàng")).to_be_visible()
    seen(kiosk, "kiosk-ready")
    code = kiosk.locator("[data-fact=code]").inner_text()
    assert code == desk.locator(".code").inner_text()
    with kiosk.expect_download() as download:
        kiosk.get_by_role("button", name="Tải bản sao").click()
    assert download.value.suggested_filename == f"{code}.pdf"
    assert download.value.path().read_bytes().startswith(b"%PDF-")
    with kiosk.expect_download() as proof:
        kiosk.get_by_role("button", name="Tải bằng chứng").click()
    assert proof.value.path().read_text().startswith("c2sp.org/tlog-proof")

    phone = citizen.browser.new_page(viewport={"width": 390, "height": 844})  # type: ignore[union-attr]
    phone.goto(take_address(kiosk))
    expect(phone.locator("[data-fact=code]")).to_have_text(code)
    seen(phone, "phone-ready")

    kiosk.get_by_role("button", name="Xong").click()
    expect(kiosk.get_by_role("checkbox")).not_to_be_checked()
    assert kiosk.evaluate("sessionStorage.length") == 0


def test_an_officer_refuses_in_writing(
    rooms: Rooms, papers: Papers, citizen: BrowserContext, officer: BrowserContext
) -> None:
    kiosk, desk = citizen.new_page(), officer.new_page()
    hand_in(kiosk, rooms.kiosk, papers)
    sign_in(desk, rooms.desk, OFFICER.username, PASSWORD)
    open_dossier(desk)
    desk.get_by_text("Từ chối…").click()
    desk.get_by_role("radio").nth(1).check()
    desk.get_by_label("Lý do bằng văn bản").fill("Góc dưới bên phải bị rách, mất số hiệu.")
    seen(desk, "desk-refusing")
    desk.get_by_role("button", name="Từ chối hồ sơ").click()
    expect(desk.get_by_role("heading", name="Hồ sơ đã bị từ chối")).to_be_visible()
    seen(desk, "desk-refused")
    expect(kiosk.get_by_role("heading", name="không được chứng thực")).to_be_visible()
    expect(kiosk.locator("[data-fact=ground]")).to_contain_text("hư hỏng")
    expect(kiosk.locator("[data-fact=reason]")).to_contain_text("mất số hiệu")
    seen(kiosk, "kiosk-refused")


@pytest.mark.parametrize("screen", SCREENS)
def test_every_step_is_readable_on_every_screen(
    rooms: Rooms, papers: Papers, browser: Browser, screen: str
) -> None:
    page = opened(browser, screen).new_page()
    page.goto(rooms.kiosk)
    seen(page, f"{screen}-1-consent")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Bắt đầu").click()
    expect(page.get_by_role("heading", name="Quét bản chính")).to_be_visible()
    page.set_input_files("#scan-files", [papers.diploma, papers.letter])
    expect(page.locator(".thumb .state.bad")).to_contain_text("JPEG, PNG, TIFF")
    seen(page, f"{screen}-2-scan")
    page.locator(".thumb.bad").get_by_role("button").click()
    page.get_by_role("button", name="Tiếp tục").click()
    seen(page, f"{screen}-3-person")
    # Another language in the middle of the walk: the same step, nothing lost.
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", name="Identity card and face")).to_be_visible()
    seen(page, f"{screen}-3-person-en")
    page.get_by_role("button", name="Back", exact=True).click()
    expect(page.locator(".thumb .state.ok, .thumb .state.warn")).to_have_count(1)
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, "the page scrolls sideways"
    # Whoever gives up leaves nothing behind.
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="Bắt đầu")).to_be_visible()


def take_address(kiosk: Page) -> str:
    """What the QR code on the kiosk says."""
    kept = kiosk.evaluate("JSON.parse(sessionStorage.getItem('bansao-dossier'))")
    return f"{kiosk.url.split('?')[0]}take#{kept['id']}.{kept['token']}"
