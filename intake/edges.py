"""Everything outside that intake's acts need, made once a process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec

from intake.blobs import Blobs
from intake.settings import Settings
from intake.store import Store
from registry.clock import Clock
from registry.store import Store as Registry


class Edges(msgspec.Struct, frozen=True, kw_only=True):
    """`registry` reads as registry_reader: the proofs of issued copies come from there."""

    settings: Settings
    store: Store
    registry: Registry
    blobs: Blobs
    clock: Clock


@asynccontextmanager
async def open_edges(settings: Settings, clock: Clock) -> AsyncIterator[Edges]:
    """Connected edges, closed at the end of the block."""
    store = await Store.connect(settings.database_url)
    try:
        registry = await Registry.connect(settings.registry.role_url("registry_reader"))
        try:
            yield Edges(
                settings=settings,
                store=store,
                registry=registry,
                blobs=Blobs(settings.blobs),
                clock=clock,
            )
        finally:
            await registry.close()
    finally:
        await store.close()
