"""A log that has outgrown what a portal keeps of its tree costs time, never an answer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
import pytest
from msgspec.structs import replace

from benchmarks.bulk import ORIGIN, VKEY, Bulk
from registry.log.tiles import WIDTH
from tests.testkit.issued import CopyOffice, copy_office, signing_house
from verify_portal import copies
from verify_portal.batch.together import Answers
from verify_portal.portal import Portal
from verify_portal.question import CodeQuestion

__all__ = ["copy_office", "signing_house"]

TILES = 6
#: Some of every tile and of the entries behind the last full one; more than a batch asks for in one
#: query.
CODE_EVERY = 10


@asynccontextmanager
async def outgrown(
    office: CopyOffice, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Portal, list[str]]]:
    """A portal that keeps two tiles of a log of six, and the codes of its copies."""
    async with await Bulk.connect(office.database.superuser_url, code_every=CODE_EVERY) as bulk:
        await bulk.grow(TILES * WIDTH + 100)
    (office.settings.registry.trust / "log.vkey").write_text(VKEY)
    registry = replace(office.settings.registry, origin=ORIGIN)
    theirs = replace(office, settings=replace(office.settings, registry=registry))
    monkeypatch.setattr(copies, "MOST_TILES", 2)
    monkeypatch.setattr(copies, "MOST_TILES_AT", 2)
    async with theirs.portal() as portal:
        yield portal, bulk.codes


async def in_a_batch(portal: Portal, codes: list[str]) -> Answers:
    return await portal.together.answer([CodeQuestion(code=code) for code in codes])


async def test_single_lookups_are_answered_whichever_tiles_they_need(
    copy_office: CopyOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with outgrown(copy_office, monkeypatch) as (portal, codes):
        # Neighbours first: they leave their tiles behind for the rounds with all the others.
        for asked in (codes[:1], codes[::-1], codes):
            answers = await asyncio.gather(*(portal.by_code(code) for code in asked))
            assert {answer.verdict for answer in answers} == {"valid"}


async def test_a_batch_over_the_whole_book_is_answered(
    copy_office: CopyOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with outgrown(copy_office, monkeypatch) as (portal, codes):
        for asked in (codes[:1], codes[::-1], codes):
            told = await in_a_batch(portal, asked)
            assert told.summary == {"valid": len(asked)}


async def test_batches_and_single_lookups_leave_each_other_their_tiles(
    copy_office: CopyOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with outgrown(copy_office, monkeypatch) as (portal, codes):
        batches = [in_a_batch(portal, codes[start::3]) for start in range(3)]
        alone = [portal.by_code(code) for code in codes]
        told, answers = await asyncio.gather(asyncio.gather(*batches), asyncio.gather(*alone))
    assert {verdict for one in told for verdict in one.summary} == {"valid"}
    assert {answer.verdict for answer in answers} == {"valid"}


@pytest.mark.broken_registry
async def test_a_tile_that_was_changed_since_it_was_seen_takes_its_own_copies_along_alone(
    copy_office: CopyOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with outgrown(copy_office, monkeypatch) as (portal, codes):
        first, last = codes[:4], codes[-4:]
        for asked in (codes, codes[::-1], codes):
            await in_a_batch(portal, asked)
        with psycopg.connect(copy_office.database.superuser_url) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute(
                "UPDATE registry.tile SET hashes = substr(hashes, 1, 8160) || sha256('other') "
                "WHERE level = 0 AND index = 0"
            )
        told = await in_a_batch(portal, first + last)
    assert [answer.verdict for answer in told.answers] == ["unavailable"] * 4 + ["valid"] * 4
