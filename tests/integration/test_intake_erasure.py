"""Intake forgets a person: on request, before an answer, and when a file's time is over."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import msgspec
import psycopg
import pytest

from intake.certify.errors import NotOrdered
from intake.desk.decide import refuse
from intake.dossier import Attachment, State
from intake.edges import Edges
from intake.erasure.erase import Decision, Eraser, open_eraser
from intake.erasure.retention import due, purge
from intake.erasure.withdraw import VOID_REASON, withdraw
from intake.errors import DossierErased, WrongState
from intake.kiosk.errors import CopyNotReady
from intake.kiosk.receive import attach, open_dossier, submit
from registry.errors import UnknownCopy
from registry.lookup import find_by_code
from registry.store import Store as Registry
from tests.testkit.certifying import OFFICER, Office, _received, office, tsa_secrets
from tests.testkit.counter import picture

__all__ = ["office", "tsa_secrets"]

DECISION = Decision(
    decision="5/QĐ-UBND", decided_on=date(2026, 11, 22), decided_by="minh", entered_by="lan"
)
TOKEN = "t" * 43


def rows(office: Office, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(office.database.superuser_url) as connection:
        return connection.execute(query.encode()).fetchall()


def files(office: Office) -> list[Path]:
    return [path for path in office.settings.blobs.rglob("*") if path.is_file()]


async def issued(office: Office) -> tuple[UUID, str]:
    dossier_id = await office.order()
    async with office.publisher(), office.certifier() as certifier:
        await certifier.certify(dossier_id)
    [(code,)] = rows(
        office, f"SELECT code FROM intake.certification WHERE dossier_id = '{dossier_id}'"
    )
    return dossier_id, str(code)


@asynccontextmanager
async def erasing(office: Office) -> AsyncIterator[tuple[Edges, Eraser]]:
    async with office.edges() as edges, open_eraser(edges) as eraser:
        yield edges, eraser


async def test_an_issued_copys_person_is_erased_in_both_rooms(office: Office) -> None:
    dossier_id, code = await issued(office)
    kept, _ = await issued(office)
    async with erasing(office) as (edges, eraser):
        first = await eraser.erase(code, DECISION)
        again = await eraser.erase(code, DECISION)
        assert (first.dossier, first.receipt) == (True, again.receipt)
        dossier = await edges.store.dossier(dossier_id)
        assert dossier.state is State.ISSUED
        assert dossier.erased_at is not None
        assert await edges.store.attachments(dossier_id) == []
        assert await edges.store.findings(dossier_id) is None
        with pytest.raises(DossierErased):
            await edges.store.blob_key(dossier_id)
        with pytest.raises(DossierErased):
            await edges.store.dossier_of_token(dossier_id, TOKEN)
        assert [event.kind for event in await edges.store.events(dossier_id)][-1] == "erased"
        found = await find_by_code(edges.registry, code)
    assert found is not None
    assert (found.facts, found.status.verdict) == (None, "valid")
    assert not any(dossier_id.hex in path.parts for path in files(office))
    assert (await office.copy(kept)).startswith(b"%PDF")
    assert rows(office, "SELECT count(*) FROM intake.erasure WHERE done_at IS NULL") == [(0,)]
    assert rows(office, "SELECT number FROM registry.book_person") == [(2,)]


async def test_what_cannot_be_erased_is_named_and_leaves_no_request(office: Office) -> None:
    await issued(office)
    async with erasing(office) as (_, eraser):
        with pytest.raises(UnknownCopy):
            await eraser.erase("000000-000000-000000", DECISION)
    assert rows(office, "SELECT count(*) FROM intake.erasure") == [(0,)]


async def test_a_copy_that_is_being_issued_is_not_erased_yet(office: Office) -> None:
    _, code = await issued(office)
    with psycopg.connect(office.database.superuser_url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            "UPDATE intake.certification SET released_at = NULL, salt = sha256('a'), facts = '{}'"
        )
    async with erasing(office) as (_, eraser):
        with pytest.raises(CopyNotReady):
            await eraser.erase(code, DECISION)


async def test_another_decision_finds_the_copy_erased_already(office: Office) -> None:
    _, code = await issued(office)
    other = msgspec.structs.replace(DECISION, decision="6/QĐ-UBND")
    async with erasing(office) as (_, eraser):
        await eraser.erase(code, DECISION)
        assert (await eraser.erase(code, other)).receipt is None
    assert rows(office, "SELECT decision FROM registry.entry WHERE kind = 'erased'") == [
        (DECISION.decision,)
    ]


async def test_two_who_erase_at_once_get_the_same_answer(office: Office) -> None:
    _, code = await issued(office)
    async with erasing(office) as (_, one), erasing(office) as (_, other):
        answers = await asyncio.gather(one.erase(code, DECISION), other.erase(code, DECISION))
    assert answers[0] == answers[1]
    assert files(office) == []
    assert rows(office, "SELECT count(*) FROM registry.entry WHERE kind = 'erased'") == [(1,)]


async def test_a_refusals_words_go_and_its_ground_stays(office: Office) -> None:
    async with office.edges() as edges:
        dossier_id = await _received(edges, (picture(),))
        await refuse(edges.store, edges.clock, OFFICER, dossier_id, ground=1, reason="Ông A sửa")
        detail = "SELECT detail FROM intake.dossier_event WHERE kind = 'refused'"
        with psycopg.connect(office.database.superuser_url, autocommit=True) as connection:
            for statement in (
                "UPDATE intake.dossier_event SET detail = detail - 'reason'",
                "DELETE FROM intake.dossier_event",
            ):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(statement.encode())
            connection.execute(
                "INSERT INTO intake.erasure (dossier_id, asked_at) VALUES (%s, now())",
                [dossier_id],
            )
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("UPDATE intake.dossier_event SET actor = 'nobody'")
            connection.execute("SELECT intake.erase_dossier(%s, now())", [dossier_id])
    assert rows(office, detail) == [({"ground": 1},)]


@pytest.mark.parametrize("state", ["opened", "submitted", "review", "certifying", "numbered"])
async def test_a_dossier_is_withdrawn_before_it_is_answered(office: Office, state: str) -> None:
    async with office.edges() as edges, _writer(office) as writer:
        dossier_id = await _dossier_in(office, edges, state)
        ordered = state in {"certifying", "numbered"}
        if state == "numbered":
            with pytest.raises(WrongState):
                await withdraw(edges, dossier_id, actor="citizen")
        await withdraw(edges, dossier_id, actor="citizen", registry=writer)
        await withdraw(edges, dossier_id, actor="citizen", registry=writer)
        assert (await edges.store.dossier(dossier_id)).state is State.WITHDRAWN
        assert files(office) == []
        if ordered:
            async with office.certifier() as certifier:
                with pytest.raises(NotOrdered):
                    await certifier.certify(dossier_id)
    voids = rows(office, "SELECT reason FROM registry.book_void")
    assert voids == ([(VOID_REASON,)] if state == "numbered" else [])
    assert rows(office, "SELECT count(*) FROM intake.certification WHERE salt IS NOT NULL") == [
        (0,)
    ]


async def test_an_answered_dossier_is_not_withdrawn(office: Office) -> None:
    dossier_id, _ = await issued(office)
    async with office.edges() as edges, _writer(office) as writer:
        with pytest.raises(WrongState):
            await withdraw(edges, dossier_id, actor="citizen", registry=writer)
    assert (await office.copy(dossier_id)).startswith(b"%PDF")


async def test_an_upload_that_comes_in_after_the_erasure_leaves_nothing(office: Office) -> None:
    async with office.edges() as edges:
        dossier_id = await _opened(office, edges)
        key = await edges.store.blob_key(dossier_id)
        await withdraw(edges, dossier_id, actor="citizen")
        late = msgspec.structs.replace(edges, store=_Remembering(edges.store, key))  # type: ignore[arg-type]
        with pytest.raises(DossierErased):
            await attach(
                late.store,
                edges.blobs,
                dossier_id=dossier_id,
                role="face",
                ordinal=0,
                content=picture(),
            )
    assert files(office) == []


class _Remembering:
    """A store as a slow request sees it: it had asked for the key before the erasure."""

    def __init__(self, store: object, key: bytes) -> None:
        self._store = store
        self._key = key

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    async def blob_key(self, _: UUID) -> bytes:
        return self._key


async def test_files_go_by_kind_when_their_time_is_over(office: Office) -> None:
    dossier_id, _ = await issued(office)
    waiting = await office.order()
    async with office.edges() as edges:
        await _attach_card(edges, dossier_id)
        faces = _later(edges, days=2)
        assert (await due(faces)).files == 1
        assert (await purge(faces)).files == 1
        assert await _roles(edges, dossier_id) == {"card_front", "copy", "page"}
        cards = _later(edges, days=8)
        assert (await purge(cards)).files == 1
        assert await _roles(edges, dossier_id) == {"copy", "page"}
        card = f"SELECT identity FROM intake.reading WHERE dossier_id = '{dossier_id}'"
        assert rows(office, card) == [(None,)]
        scans = _later(edges, days=31)
        assert (await purge(scans)).dossiers == 1
        assert await _roles(edges, dossier_id) == {"copy"}
        assert await edges.store.findings(dossier_id) is None
        assert await _roles(edges, waiting) == {"page"}, "it is not decided yet"
        assert msgspec.structs.asdict(await due(scans)) == {
            "files": 0,
            "dossiers": 0,
            "unfinished": 0,
            "erasures": 0,
        }
    assert (await office.copy(dossier_id)).startswith(b"%PDF")
    assert len(files(office)) == 2


async def test_a_dossier_that_is_never_handed_in_is_given_up(office: Office) -> None:
    async with office.edges() as edges:
        dossier_id = await _opened(office, edges)
        received = await _dossier_in(office, edges, "submitted")
        assert (await purge(_later(edges, days=0.9))).unfinished == 0
        assert (await purge(_later(edges, days=1.1))).unfinished == 1
        assert (await edges.store.dossier(dossier_id)).state is State.WITHDRAWN
        assert (await edges.store.dossier(received)).state is State.SUBMITTED
        assert not any(dossier_id.hex in path.parts for path in files(office))


async def test_an_operator_counts_what_is_due_and_removes_it(office: Office) -> None:
    async with office.edges() as edges:
        await _opened(office, edges)
    at_once = {"BANSAO_KEEP_UNFINISHED_HOURS": "0.000001"}
    assert _retention(office, at_once, "--dry-run")["unfinished"] == 1
    assert _retention(office, {}, "--dry-run")["unfinished"] == 0
    assert _retention(office, at_once)["unfinished"] == 1
    assert _retention(office, at_once)["unfinished"] == 0
    assert files(office) == []


def _retention(office: Office, settings: dict[str, str], *options: str) -> dict[str, int]:
    done = subprocess.run(
        [sys.executable, "-m", "bansao", "retention", "--json", *options],
        env=os.environ | office.environment | settings,
        capture_output=True,
        check=True,
    )
    counted: dict[str, int] = json.loads(done.stdout)
    return counted


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM intake.reading",
        "DELETE FROM intake.attachment",
        "DELETE FROM intake.erasure",
        "UPDATE intake.dossier SET blob_key = NULL",
        "UPDATE intake.dossier_event SET detail = '{}'",
        "SELECT intake.erase_dossier(id, now()) FROM intake.dossier",
        "UPDATE intake.erasure SET code = NULL",
    ],
)
async def test_intakes_role_erases_in_no_other_way(office: Office, statement: str) -> None:
    await office.order()
    with (
        psycopg.connect(office.database.role_url("intake_app")) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement.encode())


@asynccontextmanager
async def _writer(office: Office) -> AsyncIterator[Registry]:
    async with await Registry.connect(office.database.role_url("registry_writer")) as writer:
        yield writer


async def _opened(office: Office, edges: Edges) -> UUID:
    dossier_id = UUID(int=len(rows(office, "SELECT 1 FROM intake.dossier")) + 1)
    await open_dossier(
        edges.store,
        edges.clock,
        dossier_id=dossier_id,
        token=TOKEN,
        unit_code=OFFICER.unit_code,
        channel="kiosk",
        consent=True,
    )
    for role in ("scan", "card_front", "face"):
        await attach(
            edges.store,
            edges.blobs,
            dossier_id=dossier_id,
            role=role,
            ordinal=0,  # type: ignore[arg-type]
            content=picture(),
        )
    return dossier_id


async def _dossier_in(office: Office, edges: Edges, state: str) -> UUID:
    if state == "opened":
        return await _opened(office, edges)
    if state == "submitted":
        dossier_id = await _opened(office, edges)
        await submit(
            edges.store,
            edges.clock,
            edges.settings.dossier_number,
            dossier_id=dossier_id,
            contact_email="a@example.vn",
        )
        return dossier_id
    if state == "review":
        return await _received(edges, (picture(),))
    dossier_id = await office.order()
    if state == "numbered":
        async with office.certifier() as certifier:
            certifications = certifier._kept
            begun = await certifier._intend(dossier_id, await certifications.order(dossier_id))
            await certifier._number(begun)
    return dossier_id


async def _attach_card(edges: Edges, dossier_id: UUID) -> None:
    key = await edges.store.blob_key(dossier_id)
    async with edges.store.changing(dossier_id) as change:
        for role, text in (("card_front", "THẺ"), ("face", "MẶT")):
            content = picture(text)
            await change.attach(
                Attachment(
                    role=role,  # type: ignore[arg-type]
                    ordinal=0,
                    digest=edges.blobs.put(dossier_id, key, content),
                    media_type="image/jpeg",
                    size=len(content),
                )
            )


def _later(edges: Edges, *, days: float) -> Edges:
    now = edges.clock()
    return msgspec.structs.replace(edges, clock=lambda: now + timedelta(days=days))


async def _roles(edges: Edges, dossier_id: UUID) -> set[str]:
    return {file.role for file in await edges.store.attachments(dossier_id)}
