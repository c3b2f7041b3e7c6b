"""An append is broken at every step: what was acknowledged is there once, at its index.

The steps are the appender's own requests to PostgreSQL, whatever they are: cut at the first, the
second, … until an append gets through unharmed.
"""

import asyncio
import contextlib
import functools
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import NamedTuple

import pytest

from registry.append import Appender
from registry.certified_copy import CertifiedCopy, Receipt
from registry.clock import utc_now
from registry.code import code_hash
from registry.errors import RegistryUnavailable
from registry.store import Store
from tests.testkit.copies import decided, reserved_copy
from tests.testkit.faults import terminate_backends
from tests.testkit.kept import kept, stored
from tests.testkit.postgres import Database
from tests.testkit.wire import MOMENTS, Moment, Trap, Wire, open_wire

Act = Callable[[Appender, CertifiedCopy], Awaitable[Receipt]]
Fault = Callable[[Wire, Database], Awaitable[bool | None]]


async def register(appender: Appender, copy: CertifiedCopy) -> Receipt:
    return await appender.register(copy)


async def revoke(appender: Appender, copy: CertifiedCopy) -> Receipt:
    return await appender.revoke(copy.code, **decided("7/QĐ-UBND"))


#: What each act leaves in the book.
KINDS: dict[Act, str] = {register: "issued", revoke: "revoked"}


async def reset(wire: Wire, database: Database) -> None:
    """One connection; the next one is fine."""


async def outage(wire: Wire, database: Database) -> None:
    """Nobody gets through any more."""
    wire.shut()


async def terminated(wire: Wire, database: Database) -> bool:
    await asyncio.to_thread(terminate_backends, database, "registry_writer")
    return True


class Tried(NamedTuple):
    """An act that was harmed; `kept`: its entry was in the book when the caller was answered."""

    copy: CertifiedCopy
    receipt: Receipt | None
    kept: bool


@contextlib.asynccontextmanager
async def appending(url: str) -> AsyncIterator[tuple[Store, Appender]]:
    async with await Store.connect(url) as store, Appender(store, utc_now) as appender:
        yield store, appender


async def every_step(database: Database, act: Act, fault: Fault, moment: Moment) -> list[Tried]:
    """Acts, one after the other; the n-th of them is harmed at its n-th request."""
    url = database.role_url("registry_writer")
    tried: list[Tried] = []
    async with open_wire(url) as wire, appending(url) as (store, unharmed):
        while True:
            await store.renew()  # the last fault may have cut its connections
            copies = [await reserved_copy(store) for _ in range(2)]
            if act is revoke:
                await asyncio.gather(*(unharmed.register(copy) for copy in copies))
            step = Trap(len(tried), moment, functools.partial(fault, wire, database))
            receipt = await harmed(wire, database, act, copies, step)
            if step.sprung is None:
                return tried
            one = Tried(copies[1], receipt, kept=is_kept(database, act, copies[1]))
            await insist(unharmed, act, one)
            tried.append(one)


async def harmed(
    wire: Wire, database: Database, act: Act, copies: Sequence[CertifiedCopy], trap: Trap
) -> Receipt | None:
    """The second of two acts meets the trap: the first makes the connection's acquaintance."""
    url = wire.url(database.role_url("registry_writer"))
    try:
        async with appending(url) as (_, appender):
            await act(appender, copies[0])
            wire.set(trap)
            return await act(appender, copies[1])
    except RegistryUnavailable:
        return None
    finally:
        wire.mend()


def is_kept(database: Database, act: Act, copy: CertifiedCopy) -> bool:
    wanted = (KINDS[act], code_hash(copy.code))
    return any((one.kind, one.code_hash) == wanted for one in stored(database))


async def insist(unharmed: Appender, act: Act, tried: Tried) -> None:
    """A caller that was told nothing asks again; so may one that was told something."""
    again = await act(unharmed, tried.copy)
    assert tried.receipt in (None, again)


@pytest.mark.parametrize("fault", [reset, outage, terminated])
@pytest.mark.parametrize("act", [register, revoke])
async def test_an_append_harmed_at_every_step(database: Database, act: Act, fault: Fault) -> None:
    tried = {moment: await every_step(database, act, fault, moment) for moment in MOMENTS}

    entries = await kept(database)
    everything = list(itertools.chain(*tried.values()))
    for one in everything:
        found = [
            entry.index
            for entry in entries
            if (entry.kind, entry.code_hash) == (KINDS[act], code_hash(one.copy.code))
        ]
        assert len(found) == 1
        if one.receipt:
            assert one.kept, "a receipt for what was not kept"
            assert one.receipt.index == found[0]
    if fault is outage:
        # The one step that keeps the entry: lost before it, the entry is not there; lost after it,
        # the entry is there although its caller heard nothing.
        before = [one.kept for one in tried["before"]]
        after = [one.kept for one in tried["after"]]
        assert before[0] is False
        assert after == sorted([*before[1:], True])
        assert not any(one.receipt for one in tried["before"])
    else:
        assert all(one.receipt for one in everything), "one broken connection is made good"


@pytest.mark.parametrize("act", [register, revoke])
async def test_a_kept_act_whose_fate_cannot_be_looked_up_is_not_refused(
    database: Database, act: Act
) -> None:
    """The answer to COMMIT is lost, and the connection on which it is looked up as well."""
    url = database.role_url("registry_writer")
    async with open_wire(url) as wire, appending(wire.url(url)) as (store, appender):
        copy = await reserved_copy(store)
        if act is revoke:
            await appender.register(copy)
        look_up = Trap(0, "before")

        async def again() -> None:
            wire.set(look_up)

        wire.set(Trap(lambda request: request.commits, "after", again))
        try:
            receipt = await act(appender, copy)
        except RegistryUnavailable:
            pass  # nobody knows: true as well
        else:
            assert stored(database)[receipt.index].kind == KINDS[act]
        assert look_up.sprung
        assert is_kept(database, act, copy)
    await kept(database)
