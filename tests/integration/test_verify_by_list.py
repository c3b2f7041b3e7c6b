"""A certified PDF, its own signatures and a status list: no database, no network."""

import asyncio
from datetime import date
from pathlib import Path

import pytest

from bansao.errors import WrongQuestion
from bansao.status_list import verify_by_list
from bansao.verification import Verification
from registry.append import Appender
from registry.clock import utc_now
from registry.code import find_codes
from registry.settings import Settings
from registry.status_lists import StatusLists
from registry.store import Store
from tests.testkit.certifying import Office, office, tsa_secrets
from verify_portal.file.traces import traces_in_pdf

__all__ = ["office", "tsa_secrets"]


async def test_a_pdf_is_checked_offline_until_its_copy_is_revoked(
    office: Office, tmp_path: Path
) -> None:
    settings = office.settings.registry
    dossier = await office.order()
    async with office.publisher(), office.certifier() as certifier:
        await certifier.certify(dossier)
    content = await office.copy(dossier)
    copy, newest = tmp_path / "copy.pdf", tmp_path / "newest"
    copy.write_bytes(content)
    newest.write_bytes(await newest_list(settings))
    answer = await checked(settings, copy, newest)
    assert answer.verdict == "valid", answer.reasons
    assert "2 of its 2 signatures hold; one covers the entire file" in answer.reasons

    changed = tmp_path / "changed.pdf"
    changed.write_bytes(content + b"\n% appended after the seal\n")
    assert (await checked(settings, changed, newest)).verdict == "altered"

    await revoke(office, next(iter(find_codes(traces_in_pdf(content).qr_texts[0]))))
    assert (await checked(settings, copy, newest)).verdict == "valid"  # the list is from before
    newest.write_bytes(await newest_list(settings))
    assert (await checked(settings, copy, newest)).verdict == "revoked"


def test_a_broken_pdf_is_a_wrong_question(tmp_path: Path) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7\n" + bytes(range(256)))
    with pytest.raises(WrongQuestion, match="cannot be read"):
        verify_by_list(tmp_path, broken, tmp_path / "list", utc_now())


async def checked(settings: Settings, copy: Path, list_file: Path) -> Verification:
    return await asyncio.to_thread(verify_by_list, settings.trust, copy, list_file, utc_now())


async def newest_list(settings: Settings) -> bytes:
    key = settings.status_list_key()
    assert key is not None
    async with await Store.connect(settings.role_url("registry_publisher")) as store:
        await StatusLists(store, key, settings.portal_url, utc_now).advance()
        async with store.listing() as listing:
            signed = await listing.signed_list(0, None)
    assert signed is not None
    return signed.cwt


async def revoke(office: Office, code: str) -> None:
    """And wait until that is published."""
    settings = office.settings.registry
    decided = {"decision": "12/QĐ", "decided_by": "lan", "entered_by": "lan"}
    async with (
        office.publisher(),
        await Store.connect(settings.role_url("registry_writer")) as store,
        Appender(store, utc_now) as appender,
    ):
        receipt = await appender.revoke(code, decided_on=date(2026, 11, 22), **decided)
        async with store.reading() as reading:
            while await reading.published_size() <= receipt.index:  # noqa: ASYNC110 - another task publishes
                await asyncio.sleep(0.05)
