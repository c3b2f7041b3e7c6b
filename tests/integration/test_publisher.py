"""Signed, cosigned, published: what is asked of witnesses, and what lookups answer meanwhile."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Iterator
from unittest.mock import patch

import psycopg
import pytest

from registry.errors import ChainBroken, NothingPublished, NotYetPublished
from registry.log.checkpoint import Checkpoint
from registry.log.note import NoteRefused
from registry.log.policy import Policy, PolicyRefused, policy_of_log
from registry.log.proof_file import check_proof
from registry.lookup import find_by_code
from registry.proving import inclusion_proof, latest_checkpoint, tile
from registry.publish import Publisher, publish
from registry.sign import Signed, sign
from registry.store import Store
from tests.testkit.copies import (
    LOG_KEY,
    ORIGIN,
    VKEY,
    fixed_clock,
    publish_now,
    registered,
    store_of,
)
from tests.testkit.postgres import Database, Server
from tests.testkit.witnesses import FakeWitness, after, always, honest, policy_with, silent


@contextlib.asynccontextmanager
async def publishing(database: Database, policy: Policy) -> AsyncIterator[Publisher]:
    async with (
        store_of(database, "registry_publisher") as store,
        Publisher(store, LOG_KEY, ORIGIN, fixed_clock, policy) as publisher,
    ):
        yield publisher


@pytest.fixture
async def reader(database: Database) -> AsyncIterator[Store]:
    async with store_of(database, "registry_reader") as store:
        yield store


def count(database: Database, table: str) -> int:
    with psycopg.connect(database.role_url("registry_reader")) as connection:
        row = connection.execute(f"SELECT count(*) FROM registry.{table}".encode()).fetchone()
    assert row
    return int(row[0])


async def newest(reader: Store) -> Checkpoint:
    return await latest_checkpoint(reader)


async def until_cosigned(publisher: Publisher, reader: Store, policy: Policy, size: int) -> None:
    """Go on as the publisher's loop does; the test's time limit ends what never comes."""
    while True:
        await publisher.advance()
        checkpoint = await newest(reader)
        cosigned = policy.cosigned_by(checkpoint.note)
        if checkpoint.size == size and len(cosigned) == len(policy.witnesses):
            return
        await asyncio.sleep(0.05)


async def test_a_proof_carries_the_cosignature_that_the_policy_wants(
    database: Database, reader: Store
) -> None:
    [copy] = await registered(database, 1)
    with FakeWitness().running() as witness:
        policy = policy_with(witness, threshold=1)
        async with publishing(database, policy) as publisher:
            assert (await publisher.advance()).size == 1
    assert await find_by_code(reader, copy.code)
    text = await inclusion_proof(reader, 0)
    assert check_proof(text, policy).index == 0
    assert check_proof(text, policy_of_log(VKEY)).index == 0, "and is none the worse for others"
    with FakeWitness().running() as stranger, pytest.raises(NoteRefused):
        policy_with(stranger, threshold=1).open_checkpoint((await newest(reader)).note)


async def test_each_step_continues_at_what_the_witness_cosigned_last(
    database: Database, reader: Store
) -> None:
    """Also the publisher that comes after a restart; over one connection as long as it runs."""
    with FakeWitness().running() as witness:
        policy = policy_with(witness, threshold=1)
        async with publishing(database, policy) as publisher:
            for entries in (0, 3, 300):
                await registered(database, entries)
                await publisher.advance()
                await publisher.advance()
        assert len(witness.peers) == 1
        async with publishing(database, policy) as publisher:
            await registered(database, 1)
            await publisher.advance()
    assert [(one.old_size, len(one.proof) > 0) for one in witness.requests] == [
        (0, False),
        (0, False),
        (3, True),
        (303, True),
    ]
    assert (await newest(reader)).size == 304


async def test_a_witness_that_knows_more_than_our_table_names_the_size_itself(
    database: Database,
) -> None:
    """Its answer to an earlier publisher was lost on the way."""
    await registered(database, 2)
    with FakeWitness().running() as witness:
        policy = policy_with(witness, threshold=1)
        witness.manner = lambda fake, request: (honest(fake, request), None)[1]
        async with publishing(database, policy) as publisher:
            await publisher.advance()
        assert (count(database, "cosignature"), count(database, "publication")) == (0, 0)
        witness.manner = honest
        async with publishing(database, policy) as publisher:
            await publisher.advance()
    assert [one.old_size for one in witness.requests] == [0, 0, 2]
    assert count(database, "publication") == 1


async def test_an_unmet_quorum_leaves_the_older_publication_in_force(
    database: Database, reader: Store
) -> None:
    [first] = await registered(database, 1)
    with FakeWitness("a").running() as a, FakeWitness("b").running() as b:
        policy = policy_with(a, b, threshold=2)
        async with publishing(database, policy) as publisher:
            await publisher.advance()
            b.manner = always(500)
            [second] = await registered(database, 1)
            for _ in range(3):
                assert (await publisher.advance()).size == 2
            assert (await newest(reader)).size == 1
            assert await find_by_code(reader, first.code)
            with pytest.raises(NotYetPublished):
                await find_by_code(reader, second.code)
            assert await tile(reader, 0, 0, 2) is None, "nobody is served what is not published"
            await registered(database, 1)
            await publisher.advance()
            assert count(database, "checkpoint") == 2, "none is signed behind one that waits"
            assert count(database, "cosignature") == 3, "what came already is kept"
            b.manner = honest
            await until_cosigned(publisher, reader, policy, 2)
            assert await find_by_code(reader, second.code)
            await until_cosigned(publisher, reader, policy, 3)
    assert count(database, "checkpoint") == 3


async def test_two_of_three_do_not_wait_for_the_third(database: Database, reader: Store) -> None:
    await registered(database, 1)
    with (
        FakeWitness("a").running() as a,
        FakeWitness("b").running() as b,
        FakeWitness("c", manner=after(2)).running() as c,
    ):
        policy = policy_with(a, b, c, threshold=2)
        async with publishing(database, policy) as publisher:
            await publisher.advance()
            assert (await newest(reader)).size == 1
            assert set(policy.cosigned_by((await newest(reader)).note)) == {"a", "b"}
            c.manner = honest
            await until_cosigned(publisher, reader, policy, 1)
    assert set(policy.cosigned_by((await newest(reader)).note)) == {"a", "b", "c"}


async def test_a_slow_witness_gets_the_time_that_a_quorum_needs(
    database: Database, reader: Store
) -> None:
    await registered(database, 1)
    with FakeWitness(manner=after(1.5)).running() as witness:
        async with publishing(database, policy_with(witness, threshold=1)) as publisher:
            await publisher.advance()
    assert (await newest(reader)).size == 1


@pytest.mark.parametrize(
    "manner",
    [silent, after(1.5), always(200, b"garbage\n"), always(200, b"x" * 10_000_000), always(503)],
    ids=["silent", "slow", "garbage", "huge", "ill"],
)
async def test_without_a_quorum_no_witness_stops_a_publication(
    database: Database, reader: Store, manner: object
) -> None:
    await registered(database, 1)
    with FakeWitness("good").running() as good, FakeWitness("bad").running() as bad:
        bad.manner = manner  # type: ignore[assignment]
        policy = policy_with(good, bad)
        async with publishing(database, policy) as publisher:
            await publisher.advance()
            assert set(policy.cosigned_by((await newest(reader)).note)) == {"good"}
            bad.manner = honest
            await until_cosigned(publisher, reader, policy, 1)
    assert count(database, "checkpoint") == 1


async def test_a_witness_that_is_not_there_stops_nothing_and_is_asked_again(
    database: Database, reader: Store
) -> None:
    await registered(database, 1)
    witness = FakeWitness()
    with witness.running():
        pass
    policy = policy_with(witness)
    async with publishing(database, policy) as publisher:
        await publisher.advance()
        await publisher.advance()
        assert (await newest(reader)).size == 1
        assert publisher.standings[witness.name].failures == 1, "it is given time to come back"


@pytest.fixture
def other_history(server: Server) -> Iterator[Database]:
    """A second book of the same log key and origin."""
    other = server.clone()
    yield other
    server.drop(other)


@pytest.mark.parametrize(
    ("theirs", "signed", "size"),
    [(5, 0, 3), (3, 0, 5), (3, 0, 3), (3, 3, 5)],
    ids=["they saw more", "a size never signed", "another root", "no beginning of ours"],
)
async def test_a_witness_of_another_history_sounds_the_alarm_and_nothing_is_published(
    database: Database,
    other_history: Database,
    theirs: int,
    signed: int,
    size: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Somebody else with our key, or our own database restored from an old copy."""
    with FakeWitness().running() as witness:
        policy = policy_with(witness, threshold=1)
        await registered(other_history, theirs)
        async with publishing(other_history, policy) as publisher:
            await publisher.advance()
        if signed:
            await registered(database, signed)
            await publish_now(database)
        published = count(database, "publication")
        await registered(database, size - signed)
        async with publishing(database, policy) as publisher:
            for _ in range(2):
                assert (await publisher.advance()).size == size
                publisher.standings[witness.name].due = 0
            assert publisher.standings[witness.name].state == "forked"
    assert count(database, "publication") == published
    assert count(database, "cosignature") == 0
    [alarm] = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert "forked" in alarm.getMessage()


@contextlib.asynccontextmanager
async def delayed(database: Database, witness: FakeWitness) -> AsyncIterator[Publisher]:
    """A publisher whose next step is the one it began before another had size 2 cosigned."""
    policy = policy_with(witness, threshold=1)
    await registered(database, 1)
    async with publishing(database, policy) as publisher:
        first = await publisher.advance()
        await registered(database, 1)
        async with publishing(database, policy) as faster:
            assert (await faster.advance()).size == 2
        with patch("registry.publish.sign", return_value=Signed(first, published=True)):
            yield publisher


async def test_a_publisher_that_is_delayed_takes_the_other_for_no_fork(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    with FakeWitness().running() as witness:
        async with delayed(database, witness) as publisher:
            assert (await publisher.advance()).size == 1
            assert publisher.standings[witness.name].state == "overtaken"
        assert [one.levelname for one in caplog.records if one.levelno > logging.INFO] == []


@pytest.mark.broken_registry
async def test_checkpoints_that_are_gone_sound_the_alarm_though_cosignatures_stay(
    database: Database,
) -> None:
    with FakeWitness().running() as witness:
        async with delayed(database, witness) as publisher:
            with psycopg.connect(database.superuser_url) as connection:
                connection.execute("SET session_replication_role = replica")
                connection.execute("DELETE FROM registry.publication WHERE size = 2")
                connection.execute("DELETE FROM registry.checkpoint WHERE size = 2")
            await publisher.advance()
            assert publisher.standings[witness.name].state == "forked"


async def test_a_publisher_that_died_after_signing_is_continued(
    database: Database, reader: Store
) -> None:
    await registered(database, 2)
    with FakeWitness().running() as witness:
        policy = policy_with(witness, threshold=1)
        async with store_of(database, "registry_publisher") as store:
            signed = await sign(store, LOG_KEY, ORIGIN, fixed_clock, one_at_a_time=True)
        await registered(database, 2)
        async with publishing(database, policy) as publisher:
            assert (await publisher.advance()).note == signed.checkpoint.note
            assert (await newest(reader)).size == 2
            assert (await publisher.advance()).size == 4
    assert (await newest(reader)).size == 4


async def test_a_publisher_that_died_before_publishing_asks_nobody_again(
    database: Database, reader: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await registered(database, 2)

    async def die(*_: object) -> bool:
        raise KeyboardInterrupt

    with FakeWitness().running() as witness:
        policy = policy_with(witness, threshold=1)
        with monkeypatch.context() as context:
            context.setattr("registry.publish.release", die)
            with pytest.raises(KeyboardInterrupt):
                async with publishing(database, policy) as publisher:
                    await publisher.advance()
        assert (count(database, "cosignature"), count(database, "publication")) == (1, 0)
        with pytest.raises(NothingPublished):
            await newest(reader)
        async with publishing(database, policy) as publisher:
            await publisher.advance()
        assert len(witness.requests) == 1
    assert (await newest(reader)).size == 2


async def test_a_hundred_appends_cost_one_checkpoint(database: Database, reader: Store) -> None:
    """And what comes while a witness is asked costs the next one."""
    await registered(database, 50)
    arrived = asyncio.Event()
    loop = asyncio.get_running_loop()

    def holding(fake: FakeWitness, request: object) -> object:
        loop.call_soon_threadsafe(arrived.set)
        return after(0.5)(fake, request)  # type: ignore[arg-type]

    with FakeWitness().running() as witness:
        witness.manner = holding  # type: ignore[assignment]
        async with publishing(database, policy_with(witness, threshold=1)) as publisher:
            step = asyncio.create_task(publisher.advance())
            await arrived.wait()
            for _ in range(5):
                await registered(database, 10)
            assert (await step).size == 50
            assert (await publisher.advance()).size == 100
            assert (await publisher.advance()).size == 100
    assert count(database, "checkpoint") == 2
    assert (await newest(reader)).size == 100


async def test_an_empty_log_is_cosigned_once(database: Database, reader: Store) -> None:
    with FakeWitness().running() as witness:
        policy = policy_with(witness, threshold=1)
        async with publishing(database, policy) as publisher:
            for _ in range(3):
                await publisher.advance()
        assert len(witness.requests) == 1
    assert policy.open_checkpoint((await newest(reader)).note).size == 0


async def test_a_policy_that_does_not_trust_this_log_is_refused_before_anything_is_signed(
    database: Database,
) -> None:
    async with store_of(database, "registry_publisher") as store:
        with FakeWitness().running() as witness:
            policy = policy_with(witness, threshold=1)
        with pytest.raises(PolicyRefused):
            Publisher(store, LOG_KEY, "other.example/log", fixed_clock, policy)
    assert count(database, "checkpoint") == 0


@pytest.mark.broken_registry
async def test_a_forged_cosignature_in_the_database_publishes_nothing(database: Database) -> None:
    await registered(database, 1)
    with FakeWitness().running() as witness:
        policy = policy_with(witness, threshold=1)
        witness.manner = always(500)
        async with publishing(database, policy) as publisher:
            await publisher.advance()
            with FakeWitness("forger").running() as forger:
                forger.name = witness.name
                await _forge(database, witness, forger)
            with pytest.raises(ChainBroken, match="checkpoint 1"):
                await publisher.advance()
    assert count(database, "publication") == 0


async def _forge(database: Database, witness: FakeWitness, forger: FakeWitness) -> None:
    """A line of the forger's key that bears the witness's name and key id."""
    import base64  # noqa: PLC0415

    key_id = witness.cosigner.key_id
    stamped = base64.b64encode(key_id + bytes(8) + forger.key.sign(b"x")).decode()
    line = f"\u2014 {witness.name} {stamped}\n"
    async with store_of(database, "registry_publisher") as store, store.attesting() as attesting:
        await attesting.add_cosignature(1, witness.name, key_id, line, fixed_clock())


async def test_publishing_by_hand_asks_nobody(database: Database, reader: Store) -> None:
    await registered(database, 1)
    async with store_of(database, "registry_publisher") as store:
        checkpoint = await publish(store, LOG_KEY, ORIGIN, fixed_clock)
    assert (await newest(reader)).note == checkpoint.note


async def test_the_database_itself_refuses_a_stage_out_of_turn(database: Database) -> None:
    for _ in range(2):
        await registered(database, 1)
        await publish_now(database)
    publication = "INSERT INTO registry.publication VALUES (%s, now())"
    cosignature = "INSERT INTO registry.cosignature VALUES (%s, 'w', '\\x01020304', %s, now())"
    token = "INSERT INTO registry.checkpoint_time VALUES (%s, %s, now())"
    line = "\u2014 w AAAA\n"
    with psycopg.connect(database.role_url("registry_publisher"), autocommit=True) as connection:
        for statement, values, state in (
            (publication, (1,), "RG008"),
            (publication, (2,), "RG008"),
            (publication, (3,), "23503"),
            (cosignature, (3, line), "23503"),
            (cosignature, (2, line[:-1]), "23514"),
            (cosignature, (2, line + line), "23514"),
            (cosignature, (2, "\n" + line), "23514"),
            (cosignature, (2, "text\n"), "23514"),
            (token, (3, b"x"), "23503"),
            (token, (2, b""), "23514"),
        ):
            with pytest.raises(psycopg.Error) as refused:
                connection.execute(statement.encode(), values)
            assert refused.value.sqlstate == state, (statement, values)
