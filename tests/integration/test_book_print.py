"""`bansao book` as a clerk uses it, over a real registry: a unit's month and nothing else."""

import asyncio
import hashlib
import json
import os
import stat
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import psycopg
import pypdfium2
import pytest

from intake.desk.store import enrol_unit
from intake.store import Store as Intake
from intake.store import Unit
from registry.append import Appender
from registry.book import reserve_number, void_number
from registry.clock import utc_now
from tests.testkit.copies import UNIT, made_up_columns, made_up_copy, store_of
from tests.testkit.postgres import Database

ROOT = Path(__file__).parents[2]
OWN = {name: value for name, value in os.environ.items() if not name.startswith("BANSAO_")}
#: 17:00 in Greenwich is midnight in Hanoi.
NOVEMBER = datetime(2026, 10, 31, 17, tzinfo=UTC)
LAST_OF_NOVEMBER = datetime(2026, 11, 30, 16, 59, 59, tzinfo=UTC)
DECEMBER = datetime(2026, 11, 30, 17, tzinfo=UTC)


@pytest.fixture
def environment(database: Database, tmp_path: Path) -> dict[str, str]:
    """Of an installation with two units, whose database is somebody else's."""

    async def enrol() -> None:
        store = await Intake.connect(database.superuser_url)
        for code, name in ((UNIT, "Ủy ban nhân dân phường Ba Đình"), ("00070", "Nơi khác")):
            await enrol_unit(store, Unit(code=code, name=name, watermark="TTPVHCC"))
        await store.close()

    asyncio.run(enrol())
    return OWN | {
        "BANSAO_DATA": str(tmp_path),
        "BANSAO_DATABASE_URL": database.url,
        "BANSAO_SECRETS": str(database.secrets),
    }


def bansao(environment: dict[str, str], *words: str) -> tuple[int, dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "bansao", *words, "--json"],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, json.loads(done.stdout)


class Counter:
    """Where numbers are taken and used up."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def _writer(self) -> AsyncIterator[Any]:
        async with (
            store_of(self._database, "registry_writer") as writer,
            Appender(writer, utc_now) as appender,
        ):
            yield writer, appender

    async def take(self, at: datetime, requester: str, copies: int, unit: str = UNIT) -> uuid.UUID:
        original = uuid.uuid4()
        async with self._writer() as (writer, appender):
            line = await reserve_number(
                writer,
                unit_code=unit,
                original_id=original,
                at=at,
                columns=made_up_columns(requester, copies=max(copies, 1)),
            )
            for _ in range(copies):
                copy = made_up_copy(line.book, line.number)
                assert copy.unit_code == unit
                await appender.register(copy)
        return original

    async def void(self, original: uuid.UUID) -> None:
        async with self._writer() as (writer, _):
            await void_number(writer, original_id=original, reason="Rút hồ sơ")


async def fill(database: Database) -> None:
    counter = Counter(database)
    await counter.take(datetime(2026, 10, 31, 16, 59, tzinfo=UTC), "Người tháng mười", 1)
    await counter.take(NOVEMBER, "Đặng Văn Ân", 3)
    await counter.void(await counter.take(NOVEMBER, "Bùi Thị Hoà", 0))
    await counter.take(LAST_OF_NOVEMBER, "=1+1", 0)
    await counter.take(DECEMBER, "Người tháng mười hai", 1)
    await counter.take(NOVEMBER, "Người nơi khác", 0, unit="00070")


@pytest.mark.parametrize("words", [("book", "print"), ("export", "book")])
def test_a_month_is_printed(
    database: Database, environment: dict[str, str], tmp_path: Path, words: tuple[str, str]
) -> None:
    asyncio.run(fill(database))
    pdf, xlsx = tmp_path / "book.pdf", tmp_path / "book.xlsx"
    code, told = bansao(
        environment,
        *(*words, "--unit", UNIT, "--month", "2026-11", "--pdf", str(pdf), "--xlsx", str(xlsx)),
    )
    assert code == 0, told
    counted = {"numbers": 3, "issued": 1, "void": 1, "open": 1, "copies": 3, "net": 4_000}
    assert counted.items() <= told.items()

    rows = openpyxl.load_workbook(xlsx).active.iter_rows(min_row=5, max_row=7, values_only=True)  # type: ignore[union-attr]
    assert [(row[1], row[3], row[8]) for row in rows] == [
        (2, "Đặng Văn Ân", 3),
        (3, "—", 0),
        (4, "=1+1", 0),
    ]
    with pypdfium2.PdfDocument(pdf) as document:
        printed = " ".join(page.get_textpage().get_text_bounded() for page in document)
    assert "Đặng Văn Ân" in printed
    assert "PHƯỜNG BA ĐÌNH" in printed
    for gone in ("tháng mười", "nơi khác", "Bùi Thị Hoà"):  # a void number is nobody's any more
        assert gone not in printed
    for file in (pdf, xlsx):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not list(tmp_path.glob("*.part")), "nothing is left half-written"


def test_a_volume_is_opened(environment: dict[str, str]) -> None:
    year = utc_now().year
    assert bansao(environment, "book", "volume", "--unit", UNIT)[1]["book"] == (
        f"01/{year}-SCTĐT/BS"
    )
    assert bansao(environment, "book", "volume", "--unit", UNIT)[1]["book"] == (
        f"02/{year}-SCTĐT/BS"
    )


def test_an_unknown_unit_is_named(environment: dict[str, str]) -> None:
    code, told = bansao(environment, "book", "volume", "--unit", "99999")
    assert (code, told["error"]["code"]) == (1, "no_such_unit")
    assert UNIT in told["error"]["message"]


def test_a_year_is_closed_once_every_number_has_ended(
    database: Database, environment: dict[str, str], tmp_path: Path
) -> None:
    asyncio.run(Counter(database).take(datetime(2025, 6, 1, tzinfo=UTC), "Đặng Văn Ân", 0))
    pdf = tmp_path / "closing.pdf"
    year = ("--unit", UNIT, "--year", "2025")
    close = ("book", "close", *year, "--by", "chairman", "--pdf", str(pdf))

    code, told = bansao(environment, *close)
    assert (code, told["error"]["code"]) == (1, "numbers_open")
    assert not pdf.exists()
    assert bansao(environment, "book", "void", *year, "--number", "1", "--reason", "bỏ dở")[0] == 0
    code, told = bansao(environment, *close)
    assert (code, told["numbers"], told["void"], told["copies"]) == (0, 1, 1, 0), told
    statement = pdf.read_bytes()
    pdf.unlink()
    assert bansao(environment, *close)[0] == 0
    assert pdf.read_bytes() == statement

    with psycopg.connect(database.role_url("registry_reader")) as connection:
        rows = connection.execute("SELECT pdf_digest FROM registry.entry").fetchall()
    assert rows == [(hashlib.sha256(statement).digest(),)]
    this_year = ("--unit", UNIT, "--year", str(utc_now().year), "--by", "chairman")
    code, told = bansao(environment, "book", "close", *this_year, "--pdf", str(pdf))
    assert (code, told["error"]["code"]) == (1, "year_not_over")
