"""A publisher is broken at every step: one tree a size, whatever was signed, cosigned, published.

The steps are the publisher's own requests to PostgreSQL, from taking its turn over each batch of
tiles, the signed row, the cosignatures to the publication; and the two ends of its talk with a
witness.
"""

import asyncio
import functools
import itertools
from collections.abc import Awaitable, Callable

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from registry.append import Appender
from registry.clock import utc_now
from registry.errors import RegistryUnavailable
from registry.log.checkpoint import Checkpoint, parse_checkpoint
from registry.log.code_map import committed_root
from registry.log.note import sign_note
from registry.log.policy import Policy
from registry.log.tiles import WIDTH
from registry.publish import Publisher
from registry.store import Store
from tests.testkit.attacked import unguarded
from tests.testkit.copies import LOG_KEY, ORIGIN, made_up_copy, reserved_copy
from tests.testkit.faults import terminate_backends, thorough
from tests.testkit.kept import kept
from tests.testkit.postgres import Database
from tests.testkit.wire import MOMENTS, Moment, Trap, Wire, open_wire
from tests.testkit.witnesses import Answer, FakeWitness, honest, policy_with

Fault = Callable[[Wire, Database], Awaitable[bool | None]]


async def reset(wire: Wire, database: Database) -> None:
    """One connection; the next one is fine."""


async def outage(wire: Wire, database: Database) -> None:
    """Nobody gets through any more."""
    wire.shut()


async def terminated(wire: Wire, database: Database) -> bool:
    await asyncio.to_thread(terminate_backends, database, "registry_publisher")
    return True


class WatchedKey:
    """The tests' log key, which remembers everything that it ever signed, stored or not."""

    def __init__(self) -> None:
        self.signed: list[str] = []

    def sign(self, text: bytes) -> bytes:
        self.signed.append(text.decode())
        return LOG_KEY.sign(text)

    def public_key(self) -> Ed25519PublicKey:
        return LOG_KEY.public_key()

    def notes(self) -> list[str]:
        return [sign_note(text, ORIGIN, LOG_KEY) for text in self.signed]


class Publishing:
    """One log under test: its publishers come and go, its key and its witness stay."""

    def __init__(self, database: Database, witness: FakeWitness, policy: Policy) -> None:
        self.database = database
        self.witness = witness
        self.policy = policy
        self.key = WatchedKey()
        self.published = 0

    async def grow(self, entries: int = WIDTH + 3) -> None:
        """More entries; unless said otherwise, the next checkpoint fills a tile and more."""
        url = self.database.role_url("registry_writer")
        async with await Store.connect(url) as store, Appender(store, utc_now) as appender:
            line = await reserved_copy(store)
            copies = [made_up_copy(line.book, line.number) for _ in range(entries)]
            await asyncio.gather(*(appender.register(copy) for copy in copies))

    def publisher(self, store: Store) -> Publisher:
        return Publisher(store, self.key, ORIGIN, utc_now, self.policy)  # type: ignore[arg-type]

    async def harmed(self, wire: Wire, trap: Trap, entries: int = WIDTH + 3) -> None:
        """The second step of a publisher meets the trap; the first connects and prepares."""
        url = wire.url(self.database.role_url("registry_publisher"))
        try:
            async with await Store.connect(url) as store, self.publisher(store) as publisher:
                await publisher.advance()
                await self.grow(entries)
                wire.set(trap)
                await publisher.advance()
        except RegistryUnavailable:
            if trap.sprung is None:
                raise
        finally:
            wire.mend()
        self.check_published()

    async def unharmed(self) -> Checkpoint:
        """A publisher that comes after: it ends what the one before has begun."""
        url = self.database.role_url("registry_publisher")
        async with await Store.connect(url) as store, self.publisher(store) as publisher:
            await publisher.advance()
            newest = await publisher.advance()
        assert self.check_published() == newest.size
        return newest

    def check_published(self) -> int:
        """What lookups answer by never goes back, and never has fewer witnesses than it must."""
        with psycopg.connect(self.database.superuser_url) as connection:
            rows = connection.execute("SELECT max(size) FROM registry.publication").fetchone()
            size = (rows and rows[0]) or 0
            lines = connection.execute(
                "SELECT count(*) FROM registry.cosignature WHERE size = %s", [size]
            ).fetchone()
        assert size >= self.published
        if size and self.policy.groups:
            assert lines == (1,)
        self.published = size
        return size

    async def check(self) -> None:
        """One tree a size among all that was ever signed, and one history for the witness."""
        roots = {(one.size, one.root_hash) for one in map(parse_checkpoint, self.key.notes())}
        assert len(roots) == len({size for size, _ in roots}), "two trees of one size were signed"
        await kept(self.database, [*self.key.notes(), *(one.note for one in self.witness.requests)])
        assert self.witness.seen
        assert self.witness.seen.size == self.published


_QUICK = {(1, outage, "after"), (0, terminated, "sent")}
_CASES = [
    pytest.param(*case, marks=() if case in _QUICK else thorough)
    for case in itertools.product((0, 1), (reset, outage, terminated), MOMENTS)
]


@pytest.mark.parametrize(("threshold", "fault", "moment"), _CASES)
async def test_a_publisher_harmed_at_every_step(
    database: Database, threshold: int, fault: Fault, moment: Moment
) -> None:
    with FakeWitness().running() as witness:
        log = Publishing(database, witness, policy_with(witness, threshold=threshold))
        async with open_wire(database.role_url("registry_publisher")) as wire:
            harm = functools.partial(fault, wire, database)
            assert await _every_step(log, wire, moment, harm) > 10
        await log.check()


async def _every_step(
    log: Publishing, wire: Wire, moment: Moment, harm: Callable[[], Awaitable[bool | None]]
) -> int:
    step = 0
    while True:
        trap = Trap(step, moment, harm)
        await log.harmed(wire, trap)
        await log.unharmed()
        if trap.sprung is None:
            return step
        step += 1


class Forgetful(Publishing):
    """Loses the map of codes each time before it is harmed: it is built anew, across the harm."""

    async def grow(self, entries: int = 3) -> None:
        await super().grow(entries)
        with unguarded(self.database) as connection:
            connection.execute("DELETE FROM registry.map_page")

    async def harmed(self, wire: Wire, trap: Trap, entries: int = 3) -> None:
        await super().harmed(wire, trap, entries)


@pytest.mark.parametrize(
    ("fault", "moment"), [(terminated, "sent"), pytest.param(outage, "after", marks=thorough)]
)
async def test_a_publisher_harmed_while_it_builds_the_map_anew(
    database: Database, fault: Fault, moment: Moment
) -> None:
    with FakeWitness().running() as witness:
        log = Forgetful(database, witness, policy_with(witness))
        await log.grow(WIDTH + 3)
        async with open_wire(database.role_url("registry_publisher")) as wire:
            harm = functools.partial(fault, wire, database)
            assert await _every_step(log, wire, moment, harm) > 10
        assert committed_root(await log.unharmed())
        await log.check()


async def test_another_publisher_comes_at_every_step(database: Database) -> None:
    """It waits for its turn or ends what the first one began; both then go on."""
    others: list[asyncio.Task[Checkpoint]] = []

    async def come() -> bool:
        others.append(asyncio.create_task(log.unharmed()))
        await asyncio.wait(others[-1:], timeout=0.1)
        return True

    with FakeWitness().running() as witness:
        log = Publishing(database, witness, policy_with(witness, threshold=1))
        async with open_wire(database.role_url("registry_publisher")) as wire:
            trap: Trap | None = None
            while trap is None or trap.sprung:
                trap = Trap(len(others), "after", come)
                await log.harmed(wire, trap, entries=3)
                await asyncio.gather(*others)
        assert len(others) > 10
        await log.check()


async def test_a_cosignature_whose_answer_is_lost_is_asked_for_again(database: Database) -> None:
    """The witness has it and moves on; the publisher proves from where the witness stands."""

    def deaf(witness: FakeWitness, request: object) -> Answer:
        honest(witness, witness.requests[-1])
        return None

    with FakeWitness().running() as witness:
        log = Publishing(database, witness, policy_with(witness, threshold=1))
        await log.grow()
        await log.unharmed()
        for _ in range(3):
            await log.grow()
            witness.manner = deaf
            url = database.role_url("registry_publisher")
            async with await Store.connect(url) as store, log.publisher(store) as publisher:
                await publisher.advance()
            before = log.published
            assert log.check_published() == before, "published without its quorum"
            witness.manner = honest
            await log.unharmed()
        await log.check()
