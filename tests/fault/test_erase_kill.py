"""`kill -9` of the erasing process at every step: whoever comes next finishes what it left."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from intake.dossier import State
from intake.erasure.erase import open_eraser
from intake.erasure.retention import purge
from intake.erasure.withdraw import withdraw
from registry.lookup import find_by_code
from registry.store import Store as Registry
from tests.fault.erase_child import DECISION, ERASING, WITHDRAWING
from tests.testkit.certifying import Office, office, tsa_secrets

__all__ = ["office", "tsa_secrets"]

ROOT = Path(__file__).parents[2]


def moments(steps: dict[str, object]) -> list[tuple[str, str]]:
    """The end of one step is the beginning of the next."""
    return [("before", next(iter(steps))), *(("after", step) for step in steps)]


def killed(office: Office, subject: str, moment: str, step: str) -> None:
    child = [sys.executable, "-m", "tests.fault.erase_child", subject, moment, step]
    died = subprocess.run(
        child, cwd=ROOT, env=os.environ | office.environment, capture_output=True, check=False
    )
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()


def one(office: Office, query: str) -> object:
    with psycopg.connect(office.database.superuser_url) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def files(office: Office) -> list[Path]:
    return [path for path in office.settings.blobs.rglob("*") if path.is_file()]


@pytest.mark.parametrize(("moment", "step"), moments(ERASING))
async def test_a_killed_erasure_is_finished_by_the_worker(
    office: Office, moment: str, step: str
) -> None:
    dossier_id = await office.order()
    async with office.publisher():
        async with office.certifier() as certifier:
            await certifier.certify(dossier_id)
        code = str(one(office, "SELECT code FROM intake.certification"))
        await asyncio.to_thread(killed, office, code, moment, step)

        async with office.edges() as edges:
            asked = (moment, step) != ("before", "ask")
            if not asked:  # nobody was told that it would be erased
                assert (await edges.store.dossier(dossier_id)).erased_at is None
                async with open_eraser(edges) as eraser:
                    await eraser.erase(code, DECISION)
            finished = (await purge(edges)).erasures
            assert finished == (1 if asked and step != "finish" else 0)
            assert (await edges.store.dossier(dossier_id)).erased_at is not None
            found = await find_by_code(edges.registry, code)
    assert found is not None
    assert found.facts is None
    assert files(office) == []
    for leftover in (
        "registry.copy",
        "registry.book_person",
        "intake.reading",
        "intake.attachment",
        "intake.erasure WHERE done_at IS NULL",
    ):
        assert one(office, f"SELECT count(*) FROM {leftover}") == 0
    assert one(office, "SELECT count(*) FROM registry.entry WHERE kind = 'erased'") == 1
    assert one(office, "SELECT count(*) FROM intake.dossier_event WHERE kind = 'erased'") == 1


@pytest.mark.parametrize(("moment", "step"), moments(WITHDRAWING))
async def test_a_killed_withdrawal_is_finished_by_whoever_comes_next(
    office: Office, moment: str, step: str
) -> None:
    dossier_id = await _numbered(office)
    await asyncio.to_thread(killed, office, str(dossier_id), moment, step)
    async with office.edges() as edges:
        answered = (moment, step) in {("after", "drop"), ("after", "finish")}
        await purge(edges)
        if not answered and files(office):  # the citizen was not answered and asks again
            url = office.database.role_url("registry_writer")
            async with await Registry.connect(url) as writer:
                await withdraw(edges, dossier_id, actor="citizen", registry=writer)
        assert (await edges.store.dossier(dossier_id)).state is State.WITHDRAWN
    assert files(office) == []
    assert one(office, "SELECT count(*) FROM registry.book_void") == 1
    assert one(office, "SELECT count(*) FROM intake.erasure WHERE done_at IS NULL") == 0


async def _numbered(office: Office) -> UUID:
    dossier_id = await office.order()
    async with office.certifier() as certifier:
        kept = certifier._kept
        await certifier._number(await certifier._intend(dossier_id, await kept.order(dossier_id)))
    return dossier_id
