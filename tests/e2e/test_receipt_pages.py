"""A visitor takes a receipt home from an answer's page, and checks it there."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from playwright.sync_api import Browser

from tests.testkit.attesting import attesting_office
from tests.testkit.issued import CopyOffice, Issued, copy_office, signing_house
from tests.testkit.portal_process import portal_process

__all__ = ["attesting_office", "copy_office", "signing_house"]


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """A served portal that makes receipts, and a copy that holds."""

    address: str
    trust: Path
    copy: Issued


@pytest.fixture
def site(attesting_office: CopyOffice, tmp_path: Path) -> Iterator[Site]:
    copy = asyncio.run(attesting_office.issue())
    registry = attesting_office.settings.registry
    secrets = str(registry.secrets)
    with portal_process(
        attesting_office.database, registry.trust, tmp_path / "lines", BANSAO_SECRETS=secrets
    ) as address:
        yield Site(address=address, trust=registry.trust, copy=copy)


def test_receipts_of_a_code_and_of_an_altered_file(
    site: Site, browser: Browser, tmp_path: Path
) -> None:
    page = browser.new_context(viewport={"width": 375, "height": 740}).new_page()
    page.goto(f"{site.address}/c/{site.copy.code}?lang=vi")
    with page.expect_download() as pdf:
        page.get_by_role("link", name="Tải phiếu (PDF)").press("Enter")
    (tmp_path / "altered.pdf").write_bytes(site.copy.pdf + b"\n% added\n")
    page.goto(f"{site.address}/?lang=en")
    page.set_input_files("input[type=file]", tmp_path / "altered.pdf")
    page.get_by_role("button", name="Yes, upload and check").click(timeout=60_000)
    with page.expect_download(timeout=60_000) as altered:
        page.get_by_role("link", name="For software (JSON)").click(timeout=60_000)
    for download, verdict in ((pdf.value, "valid"), (altered.value, "altered")):
        kept = tmp_path / download.suggested_filename
        download.save_as(kept)
        told = subprocess.run(
            [sys.executable, "-m", "bansao", "verify", str(kept), "--offline"],
            env=os.environ | {"BANSAO_TRUST": str(site.trust)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert told.stdout.startswith(f"{verdict}\n  1. signature passed"), told
        assert f"{verdict} as of" in told.stdout
