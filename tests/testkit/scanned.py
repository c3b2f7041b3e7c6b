"""A portal with copies as they are really issued, and pictures of their QR codes for a camera."""

import asyncio
import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from uuid import UUID

import msgspec
import pypdfium2 as pdfium
import zxingcpp
from PIL import Image, ImageFilter
from playwright.sync_api import Browser, Page, sync_playwright

from registry.append import Appender
from registry.clock import utc_now
from registry.code import find_codes
from registry.status_lists import StatusLists
from registry.store import Store
from tests.testkit.browser import ASSETS, Chromium
from tests.testkit.certifying import Office
from tests.testkit.rooms import await_port

FRAME = (1280, 720)


class Scanned(msgspec.Struct, frozen=True, kw_only=True):
    """An issued copy: the text of the QR code on its last page, and that page as a picture."""

    qr: str
    page: bytes

    @property
    def code(self) -> str:
        return find_codes(self.qr)[0]


class ScanSite(msgspec.Struct, frozen=True, kw_only=True):
    """A served portal whose log holds a copy that is valid and one that was revoked."""

    address: str
    office: Office
    valid: Scanned
    revoked: Scanned


async def issue(office: Office, copies: int) -> list[Scanned]:
    """Certified, registered and published; the last of them revoked, and then listed."""
    async with office.publisher(), office.certifier() as certifier:
        orders = [await office.order() for _ in range(copies)]
        for order in orders:
            await certifier.certify(order)
        issued = [await _scanned(office, order) for order in orders]
        await _revoke(office, issued[-1].code)
    await sign_list(office)
    return issued


async def sign_list(office: Office) -> None:
    """The status list as of now."""
    settings = office.settings.registry
    key = settings.status_list_key()
    assert key is not None
    async with await Store.connect(settings.role_url("registry_publisher")) as store:
        await StatusLists(store, key, settings.portal_url, utc_now).advance()


async def _scanned(office: Office, order: UUID) -> Scanned:
    with pdfium.PdfDocument(await office.copy(order)) as document:
        page = document[len(document) - 1].render(scale=200 / 72, grayscale=True).to_pil()
    content = io.BytesIO()
    page.save(content, "PNG")
    texts = [barcode.text for barcode in zxingcpp.read_barcodes(page)]
    return Scanned(qr=max(texts, key=len), page=content.getvalue())


async def _revoke(office: Office, code: str) -> None:
    settings = office.settings.registry
    decided = {"decision": "12/QĐ", "decided_by": "lan", "entered_by": "lan"}
    async with (
        await Store.connect(settings.role_url("registry_writer")) as store,
        Appender(store, utc_now) as appender,
    ):
        receipt = await appender.revoke(code, decided_on=date(2026, 11, 22), **decided)
        async with store.reading() as reading:
            while await reading.published_size() <= receipt.index:  # noqa: ASYNC110 - another task publishes
                await asyncio.sleep(0.05)


@contextmanager
def portal_at(port: int, office: Office, log: Path, assets: Path = ASSETS) -> Iterator[None]:
    """`bansao serve portal` of the office's installation, with the page's files from `assets`."""
    with log.open("ab") as lines:
        process = subprocess.Popen(
            [sys.executable, "-m", "bansao", "serve", "portal", "--port", str(port)],
            env=os.environ | office.environment | {"BANSAO_ASSETS": str(assets)},
            stdout=lines,
            stderr=subprocess.STDOUT,
        )
        try:
            await_port(port, log)
            yield
        finally:
            process.terminate()
            process.wait(60)


def video_of(scanned: Scanned, path: Path) -> Path:
    """What a camera held over the code sees, a little askew and out of focus, as Motion JPEG."""
    page = Image.open(io.BytesIO(scanned.page)).convert("L")
    at = next(one for one in zxingcpp.read_barcodes(page) if one.text == scanned.qr).position
    middle = ((at.top_left.x + at.bottom_right.x) // 2, (at.top_left.y + at.bottom_right.y) // 2)
    seen = Image.new("L", FRAME, 200)
    seen.paste(page, (FRAME[0] // 2 - middle[0], FRAME[1] // 2 - middle[1]))
    seen = seen.rotate(7, fillcolor=200).filter(ImageFilter.GaussianBlur(0.8))
    frame = io.BytesIO()
    seen.convert("RGB").save(frame, "JPEG", quality=80)
    path.write_bytes(frame.getvalue() * 10)
    return path


@contextmanager
def browser_with_camera(chromium: Chromium, video: Path | None) -> Iterator[Browser]:
    """A Chromium whose camera shows `video`; None for one that has no camera and asks nobody."""
    launch = dict(chromium.launch)
    camera = [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={video}",
    ]
    launch["args"] = [*chromium.arguments, *(camera if video else ())]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(**launch)  # type: ignore[arg-type]
        with contextlib.closing(started):
            yield started


def installed(page: Page, address: str, language: str = "vi") -> None:
    """Open the scanning page and wait until it is kept, with what it checks by."""
    page.goto(f"{address}/scan?lang={language}")
    page.wait_for_function(
        "async () => (await navigator.serviceWorker.ready) && navigator.serviceWorker.controller"
    )
    page.wait_for_function(
        "async () => (await (await caches.open('scan-facts')).keys()).length >= 3"
    )
