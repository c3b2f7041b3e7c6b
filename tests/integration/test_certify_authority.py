"""Who may not certify cannot, at any step, with real keys; and nothing of the dossier is lost."""

import asyncio
import json
import shutil
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID

import psycopg
import pytest
from click.testing import CliRunner

from bansao.cli import bansao
from bansao.entered_certificates import enter_certificate, fingerprint_of
from bansao.hanoi import FOUNDED, enter_units, hanoi_units
from bansao.pki import DemoOfficer, ensure_demo_pki, signer_certificate
from intake.certify import certify as room
from intake.certify.errors import IntakeNotReached, MayNotCertify
from intake.certify.store import CertificationStore
from intake.desk.view import view_of
from intake.dossier import State
from intake.texts import texts
from intake.work import certify_dossier
from registry.clock import utc_now
from tests.testkit.certifying import (
    OFFICER,
    SEATS,
    UNIT,
    Office,
    office,
    older_office,
    tsa_secrets,
)

__all__ = ["office", "older_office", "tsa_secrets"]

Prepare = Callable[[Office], Awaitable[None]]


def rows(office: Office, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(office.database.superuser_url) as connection:
        return connection.execute(query.encode()).fetchall()


def account(office: Office, **columns: str) -> None:
    """Change the login account that signs."""
    with psycopg.connect(office.database.superuser_url) as connection:
        for name, value in columns.items():
            connection.execute(f"UPDATE intake.officer SET {name} = %s".encode(), [value])


def fingerprint(office: Office, signer: str) -> bytes:
    return fingerprint_of(signer_certificate(office.settings.registry.secrets, signer))


async def end_delegation(office: Office) -> None:
    async with office.admin() as admin, admin.entering() as entering:
        await entering.end(
            "delegation", 1, kind="revoked", ended_at=utc_now(), reason="thu hồi", by="test"
        )


async def delegate_anew(office: Office, *scope: Any) -> None:
    async with office.admin() as admin, admin.entering() as entering:
        await entering.delegation(
            "lan",
            position=1,
            instrument="34/QĐ-UBND",
            dated=utc_now().date() - timedelta(days=1),
            scope=scope or ("certify",),
            prefix="TUQ.",
            valid_from=utc_now(),
            by="test",
        )


async def revoke(office: Office, signer: str) -> None:
    async with office.admin() as admin, admin.entering() as entering:
        await entering.end(
            "certificate",
            fingerprint(office, signer),
            kind="revoked",
            ended_at=utc_now(),
            reason="lộ khóa",
            by="test",
        )


async def revoke_officers(office: Office) -> None:
    await revoke(office, "officer_lan")


async def revoke_seal(office: Office) -> None:
    await revoke(office, "seal")


async def let_chairman_go(office: Office) -> None:
    async with office.admin() as admin, admin.entering() as entering:
        await entering.end(
            "position", 1, kind="ended", ended_at=utc_now(), reason="nghỉ hưu", by="test"
        )


async def let_officer_go(office: Office) -> None:
    async with office.admin() as admin, admin.entering() as entering:
        await entering.end(
            "position", 2, kind="ended", ended_at=utc_now(), reason="chuyển công tác", by="test"
        )


async def sign_as_clerk_of_another_scope(office: Office) -> None:
    async with office.admin() as admin, admin.entering() as entering:
        await entering.officer("chi", full_name="Lê Chi", by="test")
        await entering.position(
            "chi",
            unit_code=UNIT.code,
            office="staff",
            title="CÔNG CHỨC",
            valid_from=FOUNDED,
            by="test",
        )
        await entering.delegation(
            "chi",
            position=1,
            instrument="35/QĐ-UBND",
            dated=FOUNDED.date(),
            scope=("decide",),
            prefix="TUQ.",
            valid_from=FOUNDED,
            by="test",
        )
    account(office, officer_id="chi")


async def sign_as_clerk_of_another_unit(office: Office) -> None:
    async with office.admin() as admin:
        await enter_units(admin, [hanoi_units()["00004"]], by="test")
        async with admin.entering() as entering:
            await entering.officer("nga", full_name="Phạm Nga", by="test")
            await entering.position(
                "nga",
                unit_code="00004",
                office="chairman",
                title="CHỦ TỊCH",
                valid_from=FOUNDED,
                by="test",
            )
    account(office, officer_id="nga")


async def sign_as_nobody_known(office: Office) -> None:
    account(office, officer_id="nobody")


async def sign_with_the_chairmans_key(office: Office) -> None:
    account(office, signer="officer_minh")


REFUSALS: dict[str, list[Prepare]] = {
    "delegation-expired": [end_delegation, let_chairman_go],
    "certificate-revoked": [revoke_officers, revoke_seal],
    "out-of-office": [let_officer_go],
    "not-delegated": [sign_as_clerk_of_another_scope],
    "other-unit": [sign_as_clerk_of_another_unit],
    "unknown-officer": [sign_as_nobody_known],
    "certificate-of-another": [sign_with_the_chairmans_key],
}


@pytest.mark.parametrize(
    ("why", "prepare"), [(why, one) for why, all_ in REFUSALS.items() for one in all_]
)
async def test_who_may_not_certify_takes_no_number(
    office: Office, why: str, prepare: Prepare
) -> None:
    dossier_id = await office.order()
    await prepare(office)

    async with office.edges() as edges, office.certifier() as certifier:
        with pytest.raises(MayNotCertify) as refused:
            await certify_dossier(edges, certifier, dossier_id)

        assert refused.value.values["why"] == why
        dossier = await edges.store.dossier(dossier_id)
        assert dossier.state is State.CERTIFYING
        for language in ("vi", "en"):
            say = texts(language)  # type: ignore[arg-type]
            told = (await view_of(edges.store, utc_now, say, dossier)).failure
            assert told == say(refused.value.code, **refused.value.values)
            assert "{" not in told
            assert told != say(refused.value.code, why="", since="", unit="")
    assert rows(office, "SELECT count(*) FROM registry.book_number") == [(0,)]


async def test_a_certificate_that_has_run_out_signs_nothing(office: Office, tmp_path: Path) -> None:
    """By its own dates, which are read from the very file that would sign."""
    house = tmp_path / "secrets"
    shutil.copytree(office.settings.registry.secrets, house)
    (house / "officer_lan.p12").unlink()
    years_ago = utc_now() - timedelta(days=5 * 365)
    officers = [
        DemoOfficer(username=seat.officer, full_name=seat.full_name, title=seat.title)
        for seat in SEATS
    ]
    ensure_demo_pki(house, tmp_path / "trust", officers, UNIT.name, lambda: years_ago)
    office.environment["BANSAO_SECRETS"] = str(house)
    async with office.admin() as admin, admin.entering() as entering:
        expired = signer_certificate(house, "officer_lan")
        await enter_certificate(entering, expired, officer="lan", by="test")
    dossier_id = await office.order()

    async with office.certifier() as certifier:
        with pytest.raises(MayNotCertify, match="certificate-expired"):
            await certifier.certify(dossier_id)


async def issued(office: Office, dossier_id: UUID) -> None:
    async with office.publisher(), office.certifier() as certifier:
        await certifier.certify(dossier_id)
    assert rows(office, "SELECT number FROM intake.certification") == [(1,)]
    assert rows(office, "SELECT count(*) FROM registry.book_number") == [(1,)]
    assert rows(office, "SELECT count(*) FROM registry.entry") == [(1,)]


async def test_what_ends_before_signing_leaves_the_number_with_the_dossier(office: Office) -> None:
    dossier_id = await office.order()

    async with office.certifier() as certifier:
        reserve = room.reserve_number

        async def reserved(*args: Any, **named: Any) -> Any:
            line = await reserve(*args, **named)
            await revoke_officers(office)
            return line

        with (
            patch.object(room, "reserve_number", reserved),
            patch.object(room, "sign") as signing,
            pytest.raises(MayNotCertify, match="certificate-revoked"),
        ):
            await certifier.certify(dossier_id)
    signing.assert_not_called()
    assert rows(office, "SELECT number, pdf_digest FROM intake.certification") == [(1, None)]

    await renew(office)
    await issued(office, dossier_id)


async def renew(office: Office) -> None:
    """A new key for the officer, in the place of the old one."""
    registry = office.settings.registry
    (registry.secrets / "officer_lan.p12").unlink()
    officers = [
        DemoOfficer(username=seat.officer, full_name=seat.full_name, title=seat.title)
        for seat in SEATS
    ]
    ensure_demo_pki(registry.secrets, registry.trust, officers, UNIT.name, utc_now)
    async with office.admin() as admin, admin.entering() as entering:
        own = signer_certificate(registry.secrets, "officer_lan")
        await enter_certificate(entering, own, officer="lan", by="test")


async def test_what_ends_after_signing_is_not_registered_and_signed_anew(office: Office) -> None:
    dossier_id = await office.order()
    keep_file = CertificationStore.keep_file

    async def kept(*args: Any, **named: Any) -> Any:
        certification = await keep_file(*args, **named)
        await end_delegation(office)
        return certification

    async with office.certifier() as certifier:
        with (
            patch.object(CertificationStore, "keep_file", kept),
            pytest.raises(MayNotCertify, match="delegation-expired"),
        ):
            await certifier.certify(dossier_id)
    assert rows(office, "SELECT count(*) FROM registry.entry") == [(0,)]
    assert rows(office, "SELECT number, pdf_digest FROM intake.certification") == [(1, None)]

    await delegate_anew(office)
    await issued(office, dossier_id)


async def test_what_is_registered_is_released_whatever_ends_afterwards(office: Office) -> None:
    dossier_id = await office.order()
    lost = ConnectionError("before the receipt was kept")
    async with office.certifier() as certifier:
        with (
            patch.object(CertificationStore, "keep_receipt", side_effect=lost),
            pytest.raises(IntakeNotReached),
        ):
            await certifier.certify(dossier_id)
    await end_delegation(office)

    await issued(office, dossier_id)


async def test_a_dossier_that_nobody_can_finish_gives_its_number_up(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier_id = await office.order()
    async with office.certifier() as certifier:
        with (
            patch.object(room, "lay_out", side_effect=ConnectionError),
            pytest.raises(IntakeNotReached),
        ):
            await certifier.certify(dossier_id)
    await let_officer_go(office)
    async with office.certifier() as certifier:
        with pytest.raises(MayNotCertify, match="out-of-office"):
            await certifier.certify(dossier_id)

    for name, value in office.environment.items():
        monkeypatch.setenv(name, value)
    words = ["withdraw", str(dossier_id), "--reason", "Cán bộ đã chuyển công tác", "--json"]
    told = await asyncio.to_thread(CliRunner().invoke, bansao, words, catch_exceptions=False)
    assert json.loads(told.output)["decided_by"] == "minh"

    voided = rows(office, "SELECT number, reason FROM registry.book_void")
    assert voided == [(1, "Cán bộ đã chuyển công tác")]
    async with office.edges() as edges:
        assert (await edges.store.dossier(dossier_id)).state is State.WITHDRAWN


async def test_a_delegation_of_another_scope_does_not_help(office: Office) -> None:
    await end_delegation(office)
    await delegate_anew(office, "decide")
    dossier_id = await office.order()
    async with office.certifier() as certifier:
        with pytest.raises(MayNotCertify, match="delegation-expired"):
            await certifier.certify(dossier_id)


async def test_title_and_name_are_of_the_mandate_at_the_decision(office: Office) -> None:
    account(office, title="TỔNG GIÁM ĐỐC", full_name="Ai Khác")
    dossier_id = await office.order()
    async with office.admin() as admin, admin.entering() as entering:
        await entering.officer("lan", full_name="Nguyễn Thị Lan", by="test")

    await issued(office, dossier_id)

    [(title,)] = rows(office, "SELECT signer_title FROM intake.certification")
    assert title == "TUQ. CHỦ TỊCH\nCÔNG CHỨC TƯ PHÁP - HỘ TỊCH"
    [(name, printed)] = rows(
        office, "SELECT facts->>'signer_name', facts->>'signer_title' FROM registry.copy"
    )
    assert (name, printed) == (OFFICER.full_name, " ".join(str(title).split()))


async def test_a_registry_without_authority_data_works_as_before(older_office: Office) -> None:
    dossier_id = await older_office.order()
    await issued(older_office, dossier_id)
    [(title,)] = rows(older_office, "SELECT signer_title FROM intake.certification")
    assert title == OFFICER.title
