"""What a visitor is told while the replica lags, dies or answers alone."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import msgspec
import pytest

from bansao.postgres import Postgres
from registry.append import Appender
from registry.certified_copy import CertifiedCopy
from registry.clock import utc_now
from registry.code import new_code
from registry.errors import RegistryUnavailable
from registry.log.policy import policy_of_log
from registry.log.tiles import TilePath, split_hashes
from registry.log.tree import leaf_hash, root_of
from registry.settings import Settings as RegistrySettings
from schema.migrate import migrate
from tests.testkit import replica as standby
from tests.testkit.browser import ASSETS
from tests.testkit.copies import (
    ORIGIN,
    VKEY,
    decided,
    made_up_copy,
    publish_now,
    registered,
    reserved_copy,
    store_of,
)
from tests.testkit.postgres import TEMPLATE, Database, Server, audit_findings, open_directory
from tests.testkit.replica import database_on
from verify_portal.answer import Answer
from verify_portal.app import create_app
from verify_portal.batch.together import Together
from verify_portal.freshness import CONFIRM_SECONDS, MOST_LAG_SECONDS
from verify_portal.ledger import READER, Ledger
from verify_portal.measures import Measures
from verify_portal.portal import Portal
from verify_portal.question import Question, code_question, digest_question
from verify_portal.settings import Settings
from verify_portal.verify import verify_code, verify_digest


class Clock:
    """A clock for tests that moves only when told."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


class Pair(msgspec.Struct, frozen=True):
    """A primary and its replica, shared by this file's tests."""

    primary: Postgres
    replica: Postgres

    @property
    def server(self) -> Server:
        return Server(admin_url=self.primary.admin_url, secrets=self.primary.secrets)

    def heal(self) -> None:
        for server in (self.primary, self.replica):
            if not server.alive():
                standby.revive(server)
        standby.resume(self.replica)


class Site(msgspec.Struct, kw_only=True):
    """One test's database on both servers, and what the test does to them."""

    primary: Postgres
    replica: Postgres
    database: Database
    clock: Clock

    @property
    def copied(self) -> Database:
        """The database as the replica has it."""
        return database_on(self.replica, urlsplit(self.database.superuser_url).path[1:])

    async def issue(self) -> CertifiedCopy:
        (copy,) = await registered(self.database, 1)
        await publish_now(self.database)
        return copy

    async def revoke(self, copy: CertifiedCopy) -> None:
        async with (
            store_of(self.database, "registry_writer") as writer,
            Appender(writer, utc_now) as appender,
        ):
            await appender.revoke(copy.code, **decided())
        await publish_now(self.database)

    def catch_up(self) -> None:
        standby.catch_up(self.primary, self.replica)

    @asynccontextmanager
    async def ledger(self) -> AsyncIterator[Ledger]:
        ledger = Ledger(
            self.database.role_url(READER),
            policy=policy_of_log(VKEY),
            replica_url=self.copied.role_url(READER),
            monotonic=self.clock,
        )
        try:
            yield ledger
        finally:
            await ledger.close()


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    with open_directory() as directory, Postgres.join_or_start(directory) as primary:
        migrate(
            Server(admin_url=primary.admin_url, secrets=primary.secrets).named(TEMPLATE),
            primary.secrets,
        )
        with standby.replica_of(primary) as replica:
            yield Pair(primary, replica)


@pytest.fixture
def site(pair: Pair) -> Iterator[Site]:
    """Whatever the test did, primary and replica hold a clean registry afterwards."""
    database = pair.server.clone()
    site = Site(primary=pair.primary, replica=pair.replica, database=database, clock=Clock())
    yield site
    pair.heal()
    site.catch_up()
    for one in (site.database, site.copied):
        assert audit_findings(one) == []
    pair.server.drop(database)


async def told(ledger: Ledger, asked: CertifiedCopy | str) -> Answer:
    code = asked if isinstance(asked, str) else asked.code
    return await verify_code(code, ledger=ledger, clock=utc_now)


async def verdict(ledger: Ledger, asked: CertifiedCopy | str) -> str:
    return (await told(ledger, asked)).verdict


def size_of(answer: Answer) -> int:
    assert answer.checkpoint is not None
    return answer.checkpoint.size


async def test_the_replica_answers_and_names_its_checkpoint(site: Site) -> None:
    copy = await site.issue()
    site.catch_up()
    async with site.ledger() as ledger:
        answer = await told(ledger, copy)
        assert (answer.verdict, size_of(answer)) == ("valid", 1)
        assert ledger.copies.answered == {"replica": 1, "primary": 0}
        assert (await ledger.standing()).reads == "replica"


async def test_a_lagging_replica_denies_nothing(site: Site) -> None:
    seen = await site.issue()
    site.catch_up()
    standby.pause(site.replica)
    unseen = await site.issue()
    async with site.ledger() as ledger:
        answer = await told(ledger, unseen)
        assert (answer.verdict, size_of(answer)) == ("valid", 2)
        by_digest = await verify_digest(unseen.pdf_digest.hex(), ledger=ledger, clock=utc_now)
        assert by_digest.verdict == "valid"
        nowhere = await told(ledger, new_code())
        assert (nowhere.verdict, size_of(nowhere)) == ("unknown", 2)

        standby.kill(site.primary)
        for code in (unseen.code, new_code()):
            assert await verdict(ledger, code) == "unavailable"
        # The replica knows this one, of a moment that the primary has said is past.
        assert await verdict(ledger, seen) == "unavailable"


async def test_a_revocation_that_the_replica_has_not_seen_is_told(site: Site) -> None:
    copy = await site.issue()
    site.catch_up()
    async with site.ledger() as ledger:
        assert await verdict(ledger, copy) == "valid"
        standby.pause(site.replica)
        await site.revoke(copy)
        site.clock.now += CONFIRM_SECONDS
        answer = await told(ledger, copy)
        assert (answer.verdict, size_of(answer)) == ("revoked", 2)
        assert ledger.copies.answered == {"replica": 1, "primary": 1}


async def test_valid_is_not_told_from_a_moment_that_nobody_confirms(site: Site) -> None:
    copy, revoked = await site.issue(), await site.issue()
    await site.revoke(revoked)
    site.catch_up()
    async with site.ledger() as ledger:
        assert await verdict(ledger, copy) == "valid"
        standby.pause(site.replica)
        await site.revoke(copy)
        standby.kill(site.primary)
        # The stated bound: what changed within it need not be known.
        assert await verdict(ledger, copy) == "valid"
        site.clock.now += MOST_LAG_SECONDS
        assert await verdict(ledger, copy) == "unavailable"
        # Nothing follows a revocation, so that one stays true however old it is.
        assert await verdict(ledger, revoked) == "revoked"


async def test_without_the_primary_its_log_is_still_served(site: Site) -> None:
    copy = await site.issue()
    await site.issue()
    site.catch_up()
    async with site.ledger() as ledger:
        checkpoint = await ledger.checkpoint()
        standby.kill(site.primary)
        answer = await told(ledger, copy)
        assert (answer.verdict, size_of(answer)) == ("valid", 2)
        assert await verdict(ledger, new_code()) == "unavailable"
        site.clock.now += 3600
        assert await ledger.checkpoint() == checkpoint
        assert root_of(await leaves(ledger)) == checkpoint.root_hash
        assert "c2sp.org/tlog-proof@v1" in await ledger.proof(1)


async def test_a_tile_or_checkpoint_is_the_logs_or_is_not_there(site: Site) -> None:
    await site.issue()
    site.catch_up()
    standby.pause(site.replica)
    await site.issue()
    async with site.ledger() as ledger:
        checkpoint = await ledger.checkpoint()
        assert checkpoint.size == 2
        assert root_of(await leaves(ledger)) == checkpoint.root_hash
        standby.kill(site.primary)
        # Not 404: the replica may just not have it. Nor an older checkpoint, which would look
        # like a log that went back.
        for ask in (leaves(ledger), ledger.checkpoint(), ledger.proof(1)):
            with pytest.raises(RegistryUnavailable):
                await ask
        assert await leaves(ledger, 1) == [leaf_hash(await first_entry(ledger))]


async def test_a_batch_is_of_one_checkpoint_whoever_answers(site: Site) -> None:
    seen, ended = await site.issue(), await site.issue()
    site.catch_up()
    async with site.ledger() as ledger:
        questions = [*map(code_question, (seen.code, ended.code, new_code()))]
        questions.append(digest_question(seen.pdf_digest.hex()))
        assert await batch(ledger, questions) == (["valid", "valid", "unknown", "valid"], {2})
        assert ledger.copies.answered == {"replica": 2, "primary": 1}
        standby.pause(site.replica)
        await site.revoke(ended)
        assert await batch(ledger, questions) == (["valid", "revoked", "unknown", "valid"], {3})
        standby.resume(site.replica)
        site.catch_up()
        standby.kill(site.primary)
        # What the replica may affirm it does; what it does not know, nobody can deny.
        told = await batch(ledger, questions)
        assert told == (["valid", "revoked", "unavailable", "valid"], {3})


async def batch(ledger: Ledger, questions: list[Question]) -> tuple[list[str], set[int]]:
    """The verdicts, and the sizes of the checkpoints that they name."""
    answers = await Together(ledger, Measures(ledger), utc_now).answer(questions)
    verdicts = [answer.verdict for answer in answers.answers]
    return verdicts, {size_of(one) for one in answers.answers if one.checkpoint is not None}


async def leaves(ledger: Ledger, width: int = 2) -> list[bytes]:
    tile = await ledger.tile(TilePath(level=0, index=0, width=width))
    assert tile is not None
    return split_hashes(tile)


async def first_entry(ledger: Ledger) -> bytes:
    bundle = await ledger.tile(TilePath(level=None, index=0, width=1))
    assert bundle is not None
    return bundle[2:]  # behind its length


async def test_a_dead_replica_is_not_noticed_and_comes_back(site: Site) -> None:
    copy = await site.issue()
    site.catch_up()
    async with site.ledger() as ledger:
        assert await verdict(ledger, copy) == "valid"
        await asyncio.to_thread(standby.kill, site.replica)
        for _ in range(3):
            assert await verdict(ledger, copy) == "valid"
        assert await verdict(ledger, new_code()) == "unknown"
        assert (await ledger.standing()).entries_behind is None

        await asyncio.to_thread(standby.revive, site.replica)
        await until_replica_reads(ledger)
        before = ledger.copies.answered["replica"]
        assert await verdict(ledger, copy) == "valid"
        assert ledger.copies.answered["replica"] == before + 1


async def until_replica_reads(ledger: Ledger) -> None:
    async with asyncio.timeout(30):
        while (await ledger.standing()).reads != "replica":  # noqa: ASYNC110 - nobody tells us
            await asyncio.sleep(0.1)


async def test_with_both_dead_nothing_is_claimed(site: Site) -> None:
    copy = await site.issue()
    site.catch_up()
    async with site.ledger() as ledger:
        assert await verdict(ledger, copy) == "valid"
        await asyncio.to_thread(standby.kill, site.replica)
        await asyncio.to_thread(standby.kill, site.primary)
        assert await verdict(ledger, copy) == "unavailable"
        assert await verdict(ledger, new_code()) == "unavailable"
        await asyncio.to_thread(standby.revive, site.primary)
        assert await verdict(ledger, copy) == "valid"
        assert await verdict(ledger, new_code()) == "unknown"


async def test_a_replica_that_hangs_costs_one_visitor_one_second(site: Site) -> None:
    copy = await site.issue()
    silent = await asyncio.start_server(lambda *_: asyncio.sleep(3600), "127.0.0.1", 0)
    port = silent.sockets[0].getsockname()[1]
    primary_url = site.database.role_url(READER)
    replica_url = primary_url.replace(f":{site.primary.port}/", f":{port}/")
    ledger = Ledger(primary_url, policy=policy_of_log(VKEY), replica_url=replica_url)
    try:
        assert await verdict(ledger, copy) == "valid"
        start = time.monotonic()
        for _ in range(10):
            assert await verdict(ledger, copy) == "valid"
        # Ten time-outs would be ten seconds.
        assert time.monotonic() - start < 3
    finally:
        await ledger.close()
        silent.close()


async def test_a_standby_in_the_primarys_place_denies_nothing(site: Site) -> None:
    """As when the address of the wrong server stands in BANSAO_DATABASE_URL."""
    await site.issue()
    site.catch_up()
    ledger = Ledger(site.copied.role_url(READER), policy=policy_of_log(VKEY))
    assert await verdict(ledger, new_code()) == "unavailable"
    await ledger.close()


async def test_connections_are_few_and_given_back(site: Site) -> None:
    copies = [await site.issue() for _ in range(3)]
    site.catch_up()
    used = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'registry_reader'"
    async with site.ledger() as ledger:
        for _ in range(3):
            asked = [*copies, *(new_code() for _ in range(20))]
            await asyncio.gather(*(verdict(ledger, one) for one in asked))
            site.clock.now += MOST_LAG_SECONDS
        for server in (site.primary, site.replica):
            assert 0 < standby.told(server, used) <= 8
    await asyncio.sleep(0.2)
    assert [standby.told(server, used) for server in (site.primary, site.replica)] == [0, 0]


async def test_whoever_writes_to_a_replica_may_try_again_elsewhere(site: Site) -> None:
    copy = await site.issue()
    site.catch_up()
    async with store_of(site.copied, "registry_writer") as writer:
        with pytest.raises(RegistryUnavailable):
            await reserved_copy(writer)
        async with Appender(writer, utc_now) as appender:
            with pytest.raises(RegistryUnavailable):
                await appender.register(made_up_copy(copy.book, copy.number))
    await registered(site.database, 1)
    site.catch_up()
    with pytest.raises(RegistryUnavailable):
        await publish_now(site.copied)


async def test_operators_see_who_answers_and_how_far_the_replica_is(
    site: Site, tmp_path: Path
) -> None:
    copy = await site.issue()
    site.catch_up()
    async with portal_of(site, tmp_path) as http:
        assert (await http.get(f"/v1/copies/{copy.code}")).json()["verdict"] == "valid"
        ready = (await http.get("/readyz")).json()
        assert ready == {
            "status": "ready",
            "reads": "replica",
            "entries_behind": 0,
            "seconds_behind": 0.0,
        }
        standby.pause(site.replica)
        for _ in range(2):
            await site.issue()
        behind = await until_two_behind(http)
        assert (behind.status_code, behind.json()["reads"]) == (200, "primary")
        assert (await http.get("/readyz")).json()["seconds_behind"] > 0
        text = (await http.get("/metrics")).text
        assert 'bansao_portal_lookups_total{server="replica"} 1.0' in text
        assert "bansao_portal_reads_replica 0.0" in text
        assert "bansao_portal_replica_behind_entries 2.0" in text
        standby.kill(site.replica)
        await asyncio.sleep(0.3)  # for which the last state is told
        alone = await http.get("/readyz")
        assert (alone.status_code, alone.json()["entries_behind"]) == (200, None)
        assert "bansao_portal_replica_behind_entries NaN" in (await http.get("/metrics")).text


async def until_two_behind(http: httpx.AsyncClient) -> httpx.Response:
    async with asyncio.timeout(30):
        while True:
            ready = await http.get("/readyz")
            if ready.json()["entries_behind"] == 2:
                return ready
            await asyncio.sleep(0.1)


@asynccontextmanager
async def portal_of(site: Site, directory: Path) -> AsyncIterator[httpx.AsyncClient]:
    (directory / "root.pem").write_text("nobody's signature is checked here")
    (directory / "log.vkey").write_text(VKEY)
    registry = RegistrySettings(
        database_url=site.database.url,
        secrets=site.database.secrets,
        trust=directory,
        origin=ORIGIN,
    )
    settings = Settings(
        registry=registry,
        assets=ASSETS,
        blobs=directory,
        portal_url="http://portal.test",
        log_level="INFO",
        replica_url=site.copied.url,
    )
    portal = Portal.open(settings)
    transport = httpx.ASGITransport(app=create_app(settings, portal))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url=settings.portal_url) as http:
        yield http
    await portal.close()
