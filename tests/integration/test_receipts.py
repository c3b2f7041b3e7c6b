"""A portal's receipts, checked by the command line: now, later, changed, without network."""

import asyncio
import hashlib
import json
import os
import signal
from pathlib import Path

import httpx
import pikepdf
import pytest
from click.testing import CliRunner, Result

from bansao.cli import bansao
from registry.code import new_code
from registry.settings import Settings
from tests.testkit.attesting import attesting_office
from tests.testkit.copies import publish_now, registered
from tests.testkit.issued import CopyOffice, copy_office, signing_house
from verify_portal.receipt import printing

__all__ = ["attesting_office", "copy_office", "signing_house"]

JSON_TYPE = "application/jose+json"


def environment(settings: Settings) -> dict[str, str]:
    return {
        "BANSAO_DATABASE_URL": settings.database_url,
        "BANSAO_SECRETS": str(settings.secrets),
        "BANSAO_TRUST": str(settings.trust),
        "BANSAO_ORIGIN": settings.origin,
        "BANSAO_DATA": str(settings.secrets.parent),
    }


async def verified(office: CopyOffice, receipt: Path, *options: str) -> Result:
    """Of `bansao verify`; offline it gets no database to ask."""
    settings = office.settings.registry
    named = environment(settings)
    if "--offline" in options:
        named["BANSAO_DATABASE_URL"] = "postgresql://127.0.0.1:1/none"
    return await asyncio.to_thread(
        CliRunner().invoke, bansao, ["verify", str(receipt), *options], env=named
    )


async def kept(http: httpx.AsyncClient, address: str, file: Path) -> Path:
    got = await http.get(address)
    assert got.status_code == 200, got.text
    assert got.headers["cache-control"] == "no-store"
    file.write_bytes(got.content)  # noqa: ASYNC240
    return file


async def test_a_receipt_outlives_the_verdict_that_it_states(
    attesting_office: CopyOffice, tmp_path: Path
) -> None:
    office = attesting_office
    (copy,) = await registered(office.database, 1)
    await publish_now(office.database)
    async with office.client() as http:
        paths = [
            await kept(
                http, f"/v1/copies/{copy.code}/receipt{end}", tmp_path / f"r{end or '.json'}"
            )
            for end in ("", ".pdf")
        ]
    for path in paths:
        for options in ((), ("--offline",)):
            told = await verified(office, path, *options)
            assert told.exit_code == 0, told.output
            assert told.output.startswith("valid\n  1. signature passed")
        assert "nothing has changed since" in (await verified(office, path)).output
    await office.revoke(copy.code)
    for path in paths:
        then = await verified(office, path, "--offline")
        assert (then.exit_code, then.output.split()[0]) == (0, "valid")
        assert "valid as of 2026-" in then.output
        now = await verified(office, path)
        assert (now.exit_code, now.output.split()[0]) == (1, "revoked")
        assert "valid as of 2026-" in now.output
        assert "changed since: the copy is revoked by 12/QĐ-UBND" in now.output


async def test_a_file_that_is_the_copy_is_not_or_is_nobodys(
    attesting_office: CopyOffice, tmp_path: Path
) -> None:
    office = attesting_office
    (copy,) = await registered(office.database, 1)
    await publish_now(office.database)
    await office.revoke(copy.code)
    digest, other = copy.pdf_digest.hex(), hashlib.sha256(b"another file").hexdigest()
    absent = new_code()
    asked = {
        f"/v1/digests/{digest}/receipt": ("revoked", None),
        f"/v1/digests/{digest}/receipt?code={copy.code}": ("revoked", copy.code),
        f"/v1/digests/{digest}/receipt?code={absent}": ("revoked", None),
        f"/v1/digests/{other}/receipt?code={copy.code}": ("altered", copy.code),
        f"/v1/digests/{other}/receipt": ("unknown", None),
        f"/v1/copies/{absent}/receipt": ("unknown", absent),
    }
    async with office.client() as http:
        for at, (address, (verdict, code)) in enumerate(asked.items()):
            path = await kept(http, address, tmp_path / f"{at}.json")
            told = json.loads((await verified(office, path, "--offline", "--json")).stdout)
            assert (told["verdict"], told["code"]) == (verdict, code), address
            assert told["checks"][-1]["outcome"] == "passed"
            assert copy.facts.holder_name not in path.read_text()
            again = await verified(office, path)
            assert "nothing has changed since" in again.output, again.output


async def test_what_is_refused_says_why(attesting_office: CopyOffice) -> None:
    office = attesting_office
    async with office.client() as http:
        code = new_code()
        before = await http.get(f"/v1/copies/{code}/receipt")
        assert (before.status_code, before.headers["retry-after"]) == (503, "2")
        assert before.json()["type"] == "urn:bansao:problem:receipt-later"
        await publish_now(office.database)
        for wrong in ("/v1/copies/7QK2/receipt", "/v1/digests/12/receipt.pdf"):
            told = await http.get(wrong)
            assert told.status_code == 404
            assert told.json()["type"] == "urn:bansao:problem:receipt-nothing"
        read = await http.get(
            "/v1/digests/12/receipt.pdf", headers={"Accept": "text/html", "Accept-Language": "en"}
        )
        assert "There is nothing to attest" in read.text
        image = {"Accept": "image/png"}
        assert (await http.get(f"/v1/copies/{code}/receipt", headers=image)).status_code == 406
        as_pdf = await http.get(f"/v1/copies/{code}/receipt", headers={"Accept": "application/pdf"})
        assert as_pdf.content.startswith(b"%PDF-")
        as_json = await http.get(f"/v1/copies/{code}/receipt", headers={"Accept": JSON_TYPE})
        assert as_json.headers["content-type"] == JSON_TYPE
        assert "bansao-receipt.json" in as_json.headers["content-disposition"]


async def test_without_keys_there_are_no_receipts(copy_office: CopyOffice) -> None:
    await publish_now(copy_office.database)
    async with copy_office.client() as http:
        for end in ("", ".pdf"):
            told = await http.get(f"/v1/copies/{new_code()}/receipt{end}")
            assert told.json()["type"] == "urn:bansao:problem:receipt-not-made"
        assert "/receipt" not in (await http.get(f"/c/{new_code()}")).text


async def test_a_receipt_whose_printer_dies_can_be_had_later(
    attesting_office: CopyOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish_now(attesting_office.database)
    async with attesting_office.client() as http:
        address = f"/v1/copies/{new_code()}/receipt.pdf"
        with monkeypatch.context() as broken:
            broken.setattr(printing, "document", dies)
            told = await http.get(address)
        assert (told.status_code, told.headers["retry-after"]) == (503, "30")
        assert (await http.get(address)).status_code == 200


def dies(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def test_a_pdf_receipt_that_was_changed(attesting_office: CopyOffice, tmp_path: Path) -> None:
    office = attesting_office
    copies = await registered(office.database, 2)
    await publish_now(office.database)
    async with office.client() as http:
        one, other = [
            await kept(http, f"/v1/copies/{copy.code}/receipt.pdf", tmp_path / f"{copy.number}.pdf")
            for copy in copies
        ]
    genuine = one.read_bytes()
    changed = tmp_path / "changed.pdf"

    async def refusal(content: bytes) -> str:
        changed.write_bytes(content)
        told = await verified(office, changed, "--offline")
        assert (told.exit_code, told.output.split()[0]) == (1, "altered"), told.output
        assert told.output.splitlines()[-1].endswith("nothing that it says counts")
        return told.output.splitlines()[-2]

    page = genuine.index(b"stream") + 40
    flipped = genuine[:page] + bytes([genuine[page] ^ 1]) + genuine[page + 1 :]
    assert "failed" in await refusal(flipped)
    appended = genuine + b"\n% a remark\n"
    assert "added after the portal signed" in await refusal(appended)
    with pikepdf.open(other) as pdf:
        attached = pdf.attachments["bansao-receipt.json"].get_file().read_bytes()
    with pikepdf.open(one) as pdf:
        pdf.attachments["bansao-receipt.json"] = pikepdf.AttachedFileSpec(pdf, attached)
        pdf.save(changed, static_id=True)
    assert "failed" in await refusal(changed.read_bytes())
    with pikepdf.open(one) as pdf:
        del pdf.Root.AcroForm
        pdf.save(changed, static_id=True)
    assert "exactly one signature" in await refusal(changed.read_bytes())


@pytest.mark.parametrize("option", [("--on", "2026-11-22"), ("--proof", "x")])
async def test_a_receipt_brings_its_own_proofs(
    attesting_office: CopyOffice, tmp_path: Path, option: tuple[str, str]
) -> None:
    office = attesting_office
    await publish_now(office.database)
    async with office.client() as http:
        path = await kept(http, f"/v1/copies/{new_code()}/receipt", tmp_path / "x.json")
    if option[1] == "x":
        option = (option[0], str(path))
    told = await verified(office, path, *option)
    assert told.exit_code == 2
    assert "its own proofs" in told.output
