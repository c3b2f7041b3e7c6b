"""A log with all who use it, for the state machine: writers, publisher, witnesses, a replica.

Everything can be broken in the middle. Whoever is broken begins anew, as after a restart.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import psycopg

from registry.append import Appender
from registry.audit import Report, audit
from registry.certified_copy import CertifiedCopy, Receipt
from registry.clock import utc_now
from registry.errors import RegistryError, RegistryUnavailable
from registry.export import export_tiles
from registry.log.checkpoint import Checkpoint
from registry.log.note import parse_verifier
from registry.log.policy import Policy
from registry.proving import consistency_proof, inclusion_proof, latest_checkpoint
from registry.publish import Publisher
from registry.store import Store
from registry.tile_files import TileFiles
from registry.witness.following import Follower, Sight
from registry.witness.identity import open_identity
from registry.witness.witness import Witness
from tests.testkit.attacked import unguarded
from tests.testkit.copies import LOG_KEY, ORIGIN, VKEY, decided, reserved_copy
from tests.testkit.faults import terminate_backends
from tests.testkit.postgres import Database
from tests.testkit.wire import Trap, open_wire
from tests.testkit.witnesses import FakeWitness, policy_with
from verify_portal.ledger import Ledger

WRITER, PUBLISHER, READER = "registry_writer", "registry_publisher", "registry_reader"
#: What an appender answers to one of several calls.
Outcome = Receipt | RegistryError


class RunningLog:
    """Made by `running_log`. `submitted` is the witness that the policy's quorum wants."""

    def __init__(
        self, database: Database, replica: Database, submitted: FakeWitness, home: Path
    ) -> None:
        self.database = database
        self.policy: Policy = policy_with(submitted, threshold=1)
        self.ledger = Ledger(
            database.role_url(READER), policy=self.policy, replica_url=replica.role_url(READER)
        )
        self._replica = replica
        self._stores: dict[str, Store] = {}
        self._home = home
        identity = open_identity(home / "witness", "follower.example")
        self._memory = identity.memory
        watched = [parse_verifier(VKEY)]
        witness = Witness(identity, home / "witness", watched, utc_now)
        self._follower = Follower(witness, watched, str(home / "files"))

    async def close(self) -> None:
        await self.restart()
        self._memory.close()
        await self.ledger.close()

    async def reserve(self, count: int) -> list[CertifiedCopy]:
        store = await self._store(WRITER)
        return [await reserved_copy(store) for _ in range(count)]

    async def register(
        self, copies: Sequence[CertifiedCopy], trap: Trap | None = None
    ) -> list[Outcome]:
        """All at once; each call's own outcome. The trap breaks one of the requests."""
        async with (
            self._breakable(WRITER, trap) as store,
            Appender(store, utc_now) as appender,
        ):
            calls = [appender.register(copy) for copy in copies]
            outcomes = await asyncio.gather(*calls, return_exceptions=True)
        for outcome in outcomes:
            if not isinstance(outcome, Receipt | RegistryError):
                raise outcome
        return outcomes  # type: ignore[return-value]  # just seen

    async def change(
        self, copy: CertifiedCopy, act: str, decision: str, trap: Trap | None = None, **more: str
    ) -> Outcome:
        """`act` is a method of Appender, such as `revoke`; `more` what it wants besides."""
        async with (
            self._breakable(WRITER, trap) as store,
            Appender(store, utc_now) as appender,
        ):
            change = getattr(appender, act)
            try:
                receipt: Receipt = await change(copy.code, **decided(decision), **more)
            except RegistryError as refusal:
                return refusal
            return receipt

    async def publish(self, trap: Trap | None = None) -> None:
        """One step of the publisher, which may be broken."""
        async with (
            self._breakable(PUBLISHER, trap) as store,
            Publisher(store, LOG_KEY, ORIGIN, utc_now, self.policy) as publisher,
        ):
            try:
                await publisher.advance()
            except RegistryUnavailable:
                if trap is None:
                    raise

    async def drop_connections(self) -> None:
        """Each process learns it at its next use."""
        for role in (WRITER, PUBLISHER):
            await asyncio.to_thread(terminate_backends, self.database, role)

    async def restart(self) -> None:
        """Every process begins anew."""
        while self._stores:
            await self._stores.popitem()[1].close()

    async def newest(self) -> Checkpoint:
        """What lookups answer by; raises NothingPublished."""
        return await latest_checkpoint(await self._store(READER))

    async def consistency(self, old: int, new: int) -> list[bytes]:
        return await consistency_proof(await self._store(READER), old, new)

    async def proof(self, index: int) -> str:
        return await inclusion_proof(await self._store(READER), index)

    async def audit(self) -> Report:
        return await audit(await self._store(READER), self.policy)

    async def witness_looks(self) -> Sight:
        """The files are brought up to date, and a witness that only reads follows them."""
        files = self._home / "files"
        async with TileFiles.open(str(files), create=True) as place:
            await export_tiles(await self._store(READER), place, self.policy)
        return await self._follower.look()

    def replica_catches_up(self) -> None:
        """All tables of one moment; until the next time, it lags."""
        with (
            psycopg.connect(self.database.superuser_url) as primary,
            unguarded(self._replica) as replica,
        ):
            primary.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            with replica.transaction():
                for table in empty(replica):
                    copy_out = f"COPY registry.{table} TO STDOUT (FORMAT binary)".encode()
                    copy_in = f"COPY registry.{table} FROM STDIN (FORMAT binary)".encode()
                    with (
                        primary.cursor().copy(copy_out) as read,
                        replica.cursor().copy(copy_in) as write,
                    ):
                        for block in read:
                            write.write(block)

    async def _store(self, role: str) -> Store:
        if role not in self._stores:
            self._stores[role] = await Store.connect(self.database.role_url(role))
        return self._stores[role]

    @contextlib.asynccontextmanager
    async def _breakable(self, role: str, trap: Trap | None) -> AsyncIterator[Store]:
        """With a trap, a process of its own, whose connection goes over a wire."""
        if trap is None:
            yield await self._store(role)
            return
        url = self.database.role_url(role)
        async with open_wire(url) as wire, await Store.connect(wire.url(url)) as store:
            wire.set(trap)
            yield store


def begin_anew(*databases: Database) -> None:
    """As a new installation has them."""
    for database in databases:
        with unguarded(database) as connection, connection.transaction():
            empty(connection)
            connection.execute("INSERT INTO registry.head VALUES (true, 0, %s)", (bytes(32),))


def empty(connection: psycopg.Connection) -> list[str]:
    """Every table of the registry, emptied; returns their names."""
    rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'registry'")
    tables: list[str] = [row[0] for row in rows]
    names = ", ".join(f"registry.{table}" for table in tables)
    connection.execute(f"TRUNCATE {names}".encode())
    return tables
