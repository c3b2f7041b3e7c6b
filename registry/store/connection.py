"""Connections and transactions."""

import contextlib
import logging
from collections.abc import AsyncIterator, Iterator
from typing import Final, Literal, Self
from urllib.parse import urlsplit

import asyncpg

from registry.errors import RegistryUnavailable
from registry.store.attesting import Attesting
from registry.store.authority import Authority
from registry.store.driver import Connection, read_any_time
from registry.store.entering import Entering
from registry.store.filing import Filing
from registry.store.listening import Listening
from registry.store.listing import Listing
from registry.store.numbering import Numbering
from registry.store.placing import Placing
from registry.store.publishing import Publishing
from registry.store.reading import Reading
from registry.store.refusals import translated
from registry.store.walking import Walking
from registry.store.writing import Writing

_log = logging.getLogger(__name__)

_SESSION: Final = {
    "application_name": "bansao registry",
    # A receipt promises durability, whatever the server's default is.
    "synchronous_commit": "on",
    "timezone": "UTC",
    # A process that hangs while it has its turn must not stop all others for ever.
    "idle_in_transaction_session_timeout": "60s",
    # Time-outs are ours: the server's own could cut a COMMIT's wait for a standby short.
    "statement_timeout": "0",
}
_CONNECT_SECONDS: Final = 10.0
_STATEMENT_SECONDS: Final = 60.0

Isolation = Literal["read_committed", "repeatable_read"]


class Store:
    """One role's connections. Made by `Store.connect`; close it, or use it as a context manager.

    Everything raises RegistryUnavailable when the database cannot be reached; the next call
    connects anew.
    """

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    @classmethod
    async def connect(cls, url: str, *, connections: int = 8, primary: bool = False) -> Self:
        """`url`: `postgresql://role:password@host:port/dbname`; fails unless one can log in.

        It may name several servers (`host:port,host:port`): each connection then goes to the one
        that is the primary at that time. `primary` refuses a standby also where `url` names it.
        """
        with translated():
            pool = await asyncpg.create_pool(
                url,
                init_size=1,
                min_size=0,
                max_size=connections,
                connection_class=Connection,
                init=read_any_time,
                reset=_keep_as_it_is,
                timeout=_CONNECT_SECONDS,
                command_timeout=_STATEMENT_SECONDS,
                server_settings=_SESSION,
                target_session_attrs="primary" if primary or _names_several(url) else None,
            )
        return cls(pool)

    async def close(self) -> None:
        await self._pool.close()

    async def renew(self) -> None:
        """Replace each open connection at its next use: to a host that vanished it looks alive."""
        await self._pool.expire_connections()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @contextlib.asynccontextmanager
    async def writing(self) -> AsyncIterator[Writing]:
        """A transaction that appends, committed at its end; `begin` waits for its turn.

        READ COMMITTED on purpose: what is read after the lock must see the last append.
        """
        async with self._writing() as writing:
            yield writing

    @contextlib.asynccontextmanager
    async def at_once(self) -> AsyncIterator[Writing]:
        """For an append in one statement: each is a transaction of its own."""
        async with self.statements() as connection:
            yield Writing(connection)

    @contextlib.asynccontextmanager
    async def statements(self) -> AsyncIterator["asyncpg.pool.PoolConnectionProxy"]:
        """For another room's tables; each statement is a durable transaction of its own."""
        with translated():
            async with self._pool.acquire() as connection:
                with _warnings_refused(connection):
                    yield connection

    @contextlib.asynccontextmanager
    async def numbering(self) -> AsyncIterator[Numbering]:
        """A transaction on the book's lines only; appends go on meanwhile."""
        async with self._transaction("read_committed") as connection:
            numbering = Numbering(connection)
            yield numbering
            await numbering.settle()

    @contextlib.asynccontextmanager
    async def placing(self) -> AsyncIterator[Placing]:
        """A transaction that takes a place in the status lists."""
        async with self._transaction("read_committed") as connection:
            placing = Placing(connection)
            yield placing
            await placing.settle()

    @contextlib.asynccontextmanager
    async def publishing(self) -> AsyncIterator[Publishing]:
        """A transaction that publishes; one at a time, over all processes."""
        async with self._transaction("read_committed") as connection:
            yield await Publishing.in_turn(connection)

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncIterator[Reading]:
        """Single statements, each seeing what is committed then."""
        with translated():
            async with self._pool.acquire() as connection:
                yield Reading(connection)

    @contextlib.asynccontextmanager
    async def reading_at_once(self) -> AsyncIterator[Reading]:
        """Several statements that see one moment."""
        async with self._transaction("repeatable_read", readonly=True) as connection:
            yield Reading(connection)

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[Listening]:
        """Hears of each publication; holds one connection meanwhile."""
        with translated():
            async with (
                self._pool.acquire() as connection,
                Listening.on(connection) as listening,
            ):
                yield listening

    @contextlib.asynccontextmanager
    async def attesting(self) -> AsyncIterator[Attesting]:
        """Single statements about signed checkpoints, of the role that publishes."""
        with translated():
            async with self._pool.acquire() as connection:
                yield Attesting(connection)

    @contextlib.asynccontextmanager
    async def listing(self) -> AsyncIterator[Listing]:
        """Single statements about status lists and published revocations."""
        with translated():
            async with self._pool.acquire() as connection:
                yield Listing(connection)

    @contextlib.asynccontextmanager
    async def walking(self) -> AsyncIterator[Walking]:
        """One moment of the whole database, however long it is looked at."""
        async with self._transaction("repeatable_read", readonly=True) as connection:
            yield Walking(connection)

    @contextlib.asynccontextmanager
    async def authority(self) -> AsyncIterator[Authority]:
        """One moment of the authority data."""
        async with self._transaction("repeatable_read", readonly=True) as connection:
            yield Authority(connection)

    @contextlib.asynccontextmanager
    async def entering(self) -> AsyncIterator[Entering]:
        """A transaction that enters authority data; one at a time, over all processes."""
        async with self._transaction("read_committed") as connection:
            yield await Entering.in_turn(connection)

    @contextlib.asynccontextmanager
    async def filing(self) -> AsyncIterator[Filing]:
        """One moment of the book's lines, for the role that prints them."""
        async with self._transaction("repeatable_read", readonly=True) as connection:
            yield Filing(connection)

    @contextlib.asynccontextmanager
    async def _writing(self) -> AsyncIterator[Writing]:
        async with self._transaction("read_committed") as connection:
            writing = Writing(connection)
            yield writing
            await writing.settle()

    @contextlib.asynccontextmanager
    async def _transaction(
        self, isolation: Isolation, *, readonly: bool = False
    ) -> AsyncIterator["asyncpg.pool.PoolConnectionProxy"]:
        with translated():
            async with self._pool.acquire() as connection:
                with _warnings_refused(connection):
                    async with connection.transaction(isolation=isolation, readonly=readonly):
                        yield connection


@contextlib.contextmanager
def _warnings_refused(connection: "asyncpg.pool.PoolConnectionProxy") -> Iterator[None]:
    """A COMMIT whose wait for a synchronous standby was cancelled is called a success, with a
    warning: it is kept here, and lost if this server is.
    """
    warnings: list[str] = []

    def hear(_: "asyncpg.Connection", message: asyncpg.PostgresLogMessage) -> None:
        if message.severity_en == "WARNING":
            warnings.append(message.sqlstate)

    connection.add_log_listener(hear)
    try:
        yield
    finally:
        connection.remove_log_listener(hear)
    if warnings:
        _log.warning("a transaction ended with warnings: SQLSTATE %s", ", ".join(warnings))
        raise RegistryUnavailable("whether the act outlives this server is not known")


def _names_several(url: str) -> bool:
    return "," in urlsplit(url).netloc


async def _keep_as_it_is(_: "asyncpg.Connection") -> None:
    """Spares the driver's reset, one round trip a use: transactions end here and leave nothing."""
