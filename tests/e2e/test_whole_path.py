"""README's promise: `bansao demo`, then kiosk, desk, portal and dashboard in a browser."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.testkit.demo import Demo
from tests.testkit.postgres import open_directory
from tests.testkit.walk import Papers, hand_in, open_dossier, opened, seen, sign_in

NOBODYS = "000000-000000-000000"  # well formed, never drawn


@pytest.fixture
def demo() -> Iterator[Demo]:
    with open_directory() as data:
        running = Demo(data)
        yield running
        running.end()


def bansao(data: Path, *arguments: str) -> dict[str, Any]:
    """A command beside the running demo, joining its database; its JSON answer."""
    done = subprocess.run(
        [sys.executable, "-m", "bansao", *arguments, "--json"],
        env=os.environ | {"BANSAO_DATA": str(data)},
        capture_output=True,
        text=True,
        check=False,
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def title(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def show(page: Page, portal: str, copy: bytes, *, known: bool = False) -> str:
    """What the portal says of a file. A known one is recognised by its hash and never uploaded."""
    page.goto(portal)
    file = {"name": "copy.pdf", "mimeType": "application/pdf", "buffer": copy}
    with page.expect_navigation():
        page.set_input_files("#file", file)  # type: ignore[arg-type]
        if not known:
            page.locator("[data-upload]").click()
    return title(page)


@pytest.mark.timeout(900)
def test_an_original_becomes_a_copy_that_anyone_can_check(
    demo: Demo, browser: Browser, tmp_path: Path
) -> None:
    at = demo.ready()
    [lan] = [login for login in at["officers"] if login["username"] == "lan"]

    kiosk = opened(browser, "kiosk").new_page()
    hand_in(kiosk, at["kiosk"], Papers(tmp_path))
    desk = opened(browser, "laptop").new_page()
    sign_in(desk, at["desk"], "lan", lan["password"])
    open_dossier(desk)
    desk.get_by_role("checkbox").check()
    desk.get_by_label("Mật khẩu của bạn").fill(lan["password"])
    desk.get_by_role("button", name="Ký chứng thực").click()
    expect(kiosk.get_by_role("heading", name="đã sẵn sàng")).to_be_visible()
    code = kiosk.locator("[data-fact=code]").inner_text()
    with kiosk.expect_download() as download:
        kiosk.get_by_role("button", name="Tải bản sao").click()
    copy = download.value.path().read_bytes()

    portal = opened(browser, "laptop").new_page()
    portal.goto(f"{at['portal']}/c/{code}?lang=vi")
    expect(portal.get_by_role("heading", level=1)).to_have_text("Mã hợp lệ")
    seen(portal, "portal-valid-code")
    assert show(portal, at["portal"], copy, known=True) == "Hợp lệ, còn nguyên vẹn"
    seen(portal, "portal-valid-file")

    middle = len(copy) // 2
    flipped = copy[:middle] + bytes([copy[middle] ^ 1]) + copy[middle + 1 :]
    for changed in (flipped, copy + b"% more\n"):
        assert show(portal, at["portal"], changed) == "Không đúng với bản gốc"
    seen(portal, "portal-altered")

    portal.goto(f"{at['portal']}/c/{NOBODYS}")
    assert title(portal) == "Không có trong sổ đăng ký"
    seen(portal, "portal-unknown")
    portal.goto(f"{at['portal']}/c/{code[:-1]}{'7' if code[-1] != '7' else '8'}")
    expect(portal.locator("mark")).to_be_visible()
    seen(portal, "portal-malformed")

    decided = ("--decision", "12/QĐ-UBND", "--date", "2026-11-22")
    assert bansao(demo.data, "revoke", code, *decided)["verdict"] == "revoked"
    portal.goto(f"{at['portal']}/c/{code}")
    assert title(portal) == "Đã bị hủy bỏ"
    expect(portal.get_by_text("12/QĐ-UBND").first).to_be_visible()
    seen(portal, "portal-revoked")

    dashboard = opened(browser, "laptop").new_page()
    dashboard.goto(at["dashboard"])
    expect(dashboard.get_by_text("Cấp 2 bản sao")).to_be_visible()
    audited = bansao(demo.data, "audit")
    assert audited["clean"], audited
