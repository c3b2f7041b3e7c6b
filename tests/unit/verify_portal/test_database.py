"""A replica's failures are nobody's but its own."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest
from structlog.testing import capture_logs

from registry.errors import (
    ChainBroken,
    NothingPublished,
    NotYetPublished,
    RegistryUnavailable,
    UnknownCheckpoint,
    UnknownCopy,
)
from registry.store import Store
from verify_portal import database
from verify_portal.database import Database, Replica
from verify_portal.errors import UnprovenEntry

T = TypeVar("T")


class MadeUpDatabase(Database):
    """A fake: it fails as it is told, or answers 7."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.failure = failure
        self.asked = 0

    async def ask(self, act: Callable[[Store], Awaitable[T]]) -> T:
        self.asked += 1
        if self.failure is not None:
            raise self.failure
        return 7  # type: ignore[return-value]

    async def renew(self) -> None:
        pass

    async def close(self) -> None:
        pass


async def anything(_: Store) -> int:
    raise AssertionError("the fake asks nothing")


@pytest.mark.parametrize(
    "ignorance",
    [NothingPublished(), NotYetPublished(), UnknownCheckpoint(), UnknownCopy()],
    ids=lambda one: type(one).__name__,
)
async def test_what_a_replica_does_not_know_is_no_failure(ignorance: Exception) -> None:
    replica = Replica(MadeUpDatabase(ignorance))
    assert await replica.ask(anything) is None
    assert not replica.rests


async def test_after_a_failure_nobody_waits_for_it_until_it_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(database, "REST_SECONDS", 0.01)
    server = MadeUpDatabase(RegistryUnavailable())
    replica = Replica(server)
    assert await replica.ask(anything) is None
    asked = server.asked
    assert await replica.ask(anything) is None
    assert server.asked == asked
    await asyncio.sleep(0.05)
    assert replica.rests
    server.failure = None
    async with asyncio.timeout(5):
        while replica.rests:  # noqa: ASYNC110 - it comes back by itself
            await asyncio.sleep(0.01)
    assert await replica.ask(anything) == 7
    await replica.close()


@pytest.mark.parametrize("contradiction", [ChainBroken(), UnprovenEntry(3)])
async def test_a_replica_that_contradicts_the_log_is_left_alone_and_told_of(
    contradiction: Exception,
) -> None:
    replica = Replica(MadeUpDatabase(contradiction))
    with capture_logs() as logs:
        assert await replica.ask(anything) is None
    assert replica.rests
    assert [line["log_level"] for line in logs] == ["critical"]
    await replica.close()
    assert len(asyncio.all_tasks()) == 1
