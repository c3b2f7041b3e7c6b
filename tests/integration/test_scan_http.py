"""How the scanning page and its files are served: what they may do, and who may keep them."""

import re

from tests.testkit.issued import CopyOffice, copy_office, signing_house
from verify_portal.scan.page import open_release

__all__ = ["copy_office", "signing_house"]


async def test_only_the_scanner_may_use_the_camera_and_only_its_worker_webassembly(
    copy_office: CopyOffice,
) -> None:
    async with copy_office.client() as client:
        page = await client.get("/scan")
        version = _version(page.text)
        decoder = await client.get(f"/scan/{version}/decoder.js")
        others = [await client.get(path) for path in ("/", "/static/portal.css", "/v1/keys")]
    assert "camera=(self)" in page.headers["permissions-policy"]
    assert "wasm-unsafe-eval" not in page.headers["content-security-policy"]
    assert "wasm-unsafe-eval" in decoder.headers["content-security-policy"]
    for response in (page, decoder, *others):
        assert len(response.headers.get_list("content-security-policy")) == 1
        assert "unsafe-inline" not in response.headers["content-security-policy"]
    for response in others:
        assert "camera=()" in response.headers["permissions-policy"]
        assert "worker-src" not in response.headers["content-security-policy"]


async def test_each_file_is_kept_for_ever_under_its_release_and_never_under_another(
    copy_office: CopyOffice,
) -> None:
    release = open_release(copy_office.settings.assets, copy_office.settings.portal_url)
    async with copy_office.client() as client:
        for address in release.addresses:
            response = await client.get(address)
            assert response.status_code == 200, address
            if address.startswith(release.stem):
                assert "immutable" in response.headers["cache-control"]
        wasm = "vendor/zxing-wasm/reader/zxing_reader.wasm"
        plain = await client.get(release.stem + wasm, headers={"Accept-Encoding": "identity"})
        older = await client.get(f"/scan/{'0' * 16}/{wasm}")
        absent = await client.get(f"{release.stem}../keys.py")
    assert plain.content == older.content == release.files[wasm].content
    assert plain.headers["content-type"] == "application/wasm"
    assert "content-encoding" not in plain.headers
    assert older.headers["cache-control"] == "no-store"
    assert absent.status_code == 404


async def test_the_page_can_be_installed(copy_office: CopyOffice) -> None:
    async with copy_office.client() as client:
        worker = await client.get("/scan/service_worker.js")
        for language in ("vi", "en"):
            manifest = (await client.get(f"/scan/manifest.webmanifest?lang={language}")).json()
            assert manifest["lang"] == language
            assert manifest["start_url"].startswith(manifest["scope"])
            for icon in manifest["icons"]:
                picture = (await client.get(icon["src"])).content
                side = int.from_bytes(picture[16:20])  # of the PNG's IHDR
                assert icon["sizes"] == f"{side}x{side}"
    assert worker.headers["service-worker-allowed"] == "/scan"
    assert "no-cache" in worker.headers["cache-control"]
    assert _version(worker.text) in worker.text


async def test_the_page_holds_nothing_of_a_visitor(copy_office: CopyOffice) -> None:
    async with copy_office.client() as client:
        first = await client.get("/scan?lang=vi")
        second = await client.get("/scan?lang=vi", headers={"Cookie": "lang=en", "DNT": "1"})
    assert first.text == second.text


def _version(text: str) -> str:
    found = re.search(r"/scan/([0-9a-f]{16})/", text)
    assert found is not None
    return found.group(1)
