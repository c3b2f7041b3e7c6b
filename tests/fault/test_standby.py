"""A primary dies and its synchronous standby goes on: what was acknowledged is there, in one chain.

Without synchronous replication the last moments before the death would be lost, and the log would
go on from an earlier size: a history that its witnesses refuse.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator

import msgspec
import psycopg
import pytest

from bansao.postgres import Postgres
from registry.append import Appender
from registry.audit import audit
from registry.certified_copy import CertifiedCopy, Receipt
from registry.clock import utc_now
from registry.code import code_hash
from registry.errors import NothingPublished, RegistryUnavailable
from registry.log.checkpoint import Checkpoint
from registry.log.policy import policy_of_log
from registry.log.proof import verify_consistency
from registry.proving import consistency_proof, inclusion_proof, latest_checkpoint
from registry.publish import publish
from registry.settings import Settings
from registry.sign import sign
from registry.store import Store
from tests.testkit import replica as standby
from tests.testkit.copies import LOG_KEY, ORIGIN, VKEY, publish_now, registered, reserved_copy
from tests.testkit.replica import database_on

COPIES = 120
BEFORE_THE_KILL = 40


class Site(msgspec.Struct, frozen=True):
    primary: Postgres
    standby: Postgres

    def url(self, role: str) -> str:
        """Whichever of the two is the primary, as BANSAO_DATABASE_URL may say it."""
        hosts = ",".join(f"127.0.0.1:{server.port}" for server in (self.primary, self.standby))
        secrets = self.primary.secrets
        settings = Settings(
            database_url=f"postgresql://{hosts}/bansao",
            secrets=secrets,
            trust=secrets,
            origin=ORIGIN,
        )
        return settings.role_url(role)


@pytest.fixture
def site(own_server: Postgres) -> Iterator[Site]:
    with standby.replica_of(own_server) as other:
        standby.commits_wait_for_standby(own_server)
        yield Site(own_server, other)


@pytest.mark.parametrize("behind", [False, True], ids=["in full flow", "just cut off"])
async def test_the_standby_goes_on_where_the_primary_died(site: Site, behind: bool) -> None:
    receipts: dict[bytes, Receipt] = {}
    in_the_middle, alone = asyncio.Event(), asyncio.Event()

    async with (
        await Store.connect(site.url("registry_writer")) as writer,
        Appender(writer, utc_now) as appender,
        publishing(site) as published,
    ):
        copies = [await reserved_copy(writer) for _ in range(COPIES)]

        async def insist(copy: CertifiedCopy) -> None:
            while True:
                with contextlib.suppress(RegistryUnavailable):
                    receipts[code_hash(copy.code)] = await appender.register(copy)
                    if len(receipts) == BEFORE_THE_KILL:
                        in_the_middle.set()
                    return
                await asyncio.sleep(0.1)

        async def in_groups() -> None:
            for at in range(0, COPIES, 8):
                if at == COPIES - 8:
                    await alone.wait()  # however fast the others were, these come in the middle
                await asyncio.gather(*(insist(copy) for copy in copies[at : at + 8]))

        callers = asyncio.create_task(in_groups())
        await in_the_middle.wait()
        if behind:
            await asyncio.to_thread(standby.cut_off, site.standby)
        alone.set()
        if behind:
            await asyncio.sleep(0.5)  # a receipt given now would be of what the primary alone has
        standby.kill(site.primary)
        acknowledged, seen = dict(receipts), list(published)
        assert len(acknowledged) < COPIES, "the kill must come in the middle"
        await asyncio.to_thread(standby.promote, site.standby)
        async with asyncio.timeout(120):
            await callers

    found, newest = await kept(site.standby)
    assert len(found) == COPIES
    for hashed, receipt in receipts.items():
        assert found[hashed] == receipt.index
    for hashed, receipt in acknowledged.items():
        assert receipts[hashed] == receipt
    assert seen, "something must have been published before the kill"
    await verify_extended(site.standby, seen, newest)


@contextlib.asynccontextmanager
async def publishing(site: Site) -> AsyncIterator[list[Checkpoint]]:
    """Checkpoints as they are published, by a publisher that outlives the primary."""
    published: list[Checkpoint] = []

    async def go_on() -> None:
        async with await Store.connect(site.url("registry_publisher")) as store:
            while True:
                with contextlib.suppress(RegistryUnavailable):
                    checkpoint = await publish(store, LOG_KEY, ORIGIN, utc_now)
                    published.append(checkpoint)
                await asyncio.sleep(0.02)

    publisher = asyncio.create_task(go_on())
    try:
        yield published
    finally:
        publisher.cancel()
        await asyncio.wait({publisher})


async def kept(server: Postgres) -> tuple[dict[bytes, int], Checkpoint]:
    """Index by code hash of the whole book, and its newest checkpoint; both audited."""
    newest = await publish_now(database_on(server))
    async with await Store.connect(database_on(server).role_url("registry_reader")) as reader:
        assert (await audit(reader, policy_of_log(VKEY))).findings == []
    with psycopg.connect(server.admin_url) as connection:
        found = connection.execute("SELECT code_hash, index FROM registry.entry").fetchall()
    assert len({hashed for hashed, _ in found}) == len(found)
    return {bytes(hashed): index for hashed, index in found}, newest


async def verify_extended(server: Postgres, old: list[Checkpoint], newest: Checkpoint) -> None:
    """As a witness does that has cosigned each of the old ones."""
    async with await Store.connect(database_on(server).role_url("registry_reader")) as reader:
        for checkpoint in old:
            if not 0 < checkpoint.size < newest.size:
                continue
            proof = await consistency_proof(reader, checkpoint.size, newest.size)
            verify_consistency(
                checkpoint.size, newest.size, proof, checkpoint.root_hash, newest.root_hash
            )


async def test_a_primary_that_comes_back_alone_acknowledges_nothing(site: Site) -> None:
    """Two servers take themselves for the primary; only one of them can give receipts."""
    async with await Store.connect(database_on(site.primary).role_url("registry_writer")) as writer:
        copy = await reserved_copy(writer)
    standby.kill(site.primary)
    standby.promote(site.standby)
    standby.revive(site.primary)
    async with (
        await Store.connect(database_on(site.primary).role_url("registry_writer")) as stray,
        Appender(stray, utc_now) as appender,
    ):
        refused = asyncio.create_task(appender.register(copy))
        await until_a_commit_waits(site.primary)
        assert not refused.done()
        standby.kill(site.primary)
        with pytest.raises(RegistryUnavailable):
            await refused
    async with (
        await Store.connect(site.url("registry_writer")) as writer,
        Appender(writer, utc_now) as appender,
    ):
        receipt = await appender.register(copy)
    found, _ = await kept(site.standby)
    assert found == {code_hash(copy.code): receipt.index}


@pytest.mark.parametrize("end", ["pg_cancel_backend", "pg_terminate_backend"])
@pytest.mark.parametrize("before", [0, 1])
async def test_ending_a_commits_wait_for_the_standby_acknowledges_nothing(
    site: Site, end: str, before: int
) -> None:
    """PostgreSQL keeps and shows the transaction; cancelled, it even calls the COMMIT a success.

    An appender's first append is a transaction of several statements, the next one a statement.
    """
    async with (
        await Store.connect(database_on(site.primary).role_url("registry_writer")) as writer,
        Appender(writer, utc_now) as appender,
    ):
        copy = await reserved_copy(writer)
        for _ in range(before):
            await appender.register(await reserved_copy(writer))
        standby.kill(site.standby)
        registered = asyncio.create_task(appender.register(copy))
        waiting = await until_a_commit_waits(site.primary)
        standby.told(site.primary, f"SELECT {end}({waiting.partition(' ')[0]})")
        await until_a_commit_waits(site.primary, other_than=waiting)
        assert not registered.done()
        standby.revive(site.standby)
        async with asyncio.timeout(60):
            receipt = await registered
    standby.kill(site.primary)
    standby.promote(site.standby)
    found, _ = await kept(site.standby)
    assert len(found) == before + 1
    assert found[code_hash(copy.code)] == receipt.index == before
    async with await Store.connect(site.url("registry_reader")) as reader:
        assert await inclusion_proof(reader, receipt.index)


async def test_a_checkpoint_that_the_standby_lacks_is_shown_to_nobody(site: Site) -> None:
    """The standby would sign another tree of its size, and witnesses refuse the log for ever."""
    database = database_on(site.primary)
    await registered(database, 1)
    async with (
        await Store.connect(database.role_url("registry_publisher")) as publisher,
        await Store.connect(database.role_url("registry_reader")) as reader,
    ):
        standby.kill(site.standby)
        cut_short = asyncio.create_task(signed(publisher))
        waiting = await until_a_commit_waits(site.primary)
        standby.told(site.primary, f"SELECT pg_terminate_backend({waiting.partition(' ')[0]})")
        with pytest.raises(RegistryUnavailable):
            await cut_short
        again = asyncio.create_task(signed(publisher))
        await until_a_commit_waits(site.primary, other_than=waiting)
        assert not again.done()
        with pytest.raises(NothingPublished):
            await latest_checkpoint(reader)
        standby.revive(site.standby)
        async with asyncio.timeout(60):
            checkpoint = await again
    standby.kill(site.primary)
    standby.promote(site.standby)
    _, newest = await kept(site.standby)
    assert newest == checkpoint


async def signed(publisher: Store) -> Checkpoint:
    """What witnesses are shown next."""
    return (await sign(publisher, LOG_KEY, ORIGIN, utc_now, one_at_a_time=True)).checkpoint


async def until_a_commit_waits(server: Postgres, other_than: str = "") -> str:
    """Process id and start of a COMMIT that waits for the standby."""
    waiting = "SELECT pid || ' ' || query_start FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
    async with asyncio.timeout(60):
        while True:
            found = await asyncio.to_thread(standby.told, server, waiting)
            if found not in {None, other_than}:
                return str(found)
            await asyncio.sleep(0.02)
