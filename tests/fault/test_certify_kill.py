"""`kill -9` of the certifying process at every step: the copy is issued once, with what it had."""

import asyncio
import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from intake.dossier import State
from tests.fault.certify_child import OWNERS
from tests.testkit.certifying import Office, office, tsa_secrets

__all__ = ["office", "tsa_secrets"]

ROOT = Path(__file__).parents[2]
# The end of one step is the beginning of the next.
MOMENTS = [("before", next(iter(OWNERS))), *(("after", step) for step in OWNERS)]


def killed(office: Office, dossier_id: UUID, moment: str, step: str) -> None:
    child = [sys.executable, "-m", "tests.fault.certify_child", str(dossier_id), moment, step]
    died = subprocess.run(
        child, cwd=ROOT, env=os.environ | office.environment, capture_output=True, check=False
    )
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()


def promised(office: Office) -> list[tuple[object, ...]]:
    """What an earlier run has promised to the dossier: code, number."""
    with psycopg.connect(office.database.superuser_url) as connection:
        return connection.execute("SELECT code, number FROM intake.certification").fetchall()


def count(office: Office, table: str) -> int:
    with psycopg.connect(office.database.superuser_url) as connection:
        row = connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.parametrize(("moment", "step"), MOMENTS)
async def test_a_killed_certification_is_finished_once(
    office: Office, moment: str, step: str
) -> None:
    dossier_id = await office.order()
    async with office.publisher():
        # In a thread: the publisher goes on in this one.
        await asyncio.to_thread(killed, office, dossier_id, moment, step)

        before = promised(office)
        released = (moment, step) == ("after", "_release")
        async with office.edges() as edges:
            state = (await edges.store.dossier(dossier_id)).state
        assert (state is State.ISSUED) is released
        if not released:
            with pytest.raises(IndexError):
                await office.copy(dossier_id)

        async with office.certifier() as certifier:
            receipt = await certifier.certify(dossier_id)

    [(code, number)] = promised(office)
    for earlier_code, earlier_number in before:
        assert code == earlier_code
        assert number == (earlier_number or 1)
    assert hashlib.sha256(await office.copy(dossier_id)).digest() == receipt.pdf_digest
    assert count(office, "registry.entry") == 1
    assert count(office, "registry.book_number") == 1
    assert count(office, "intake.dossier_event WHERE kind = 'issued'") == 1
