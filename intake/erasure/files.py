"""Removing a dossier's files: all of them, or those whose time is over."""

import asyncio
from collections.abc import Collection
from uuid import UUID

from intake.dossier import Event, Role
from intake.edges import Edges
from intake.erasure import store as erasures


async def drop_files(edges: Edges, dossier_id: UUID) -> None:
    """The last step of an erasure: nobody has the files' key any more, now they go as well."""
    await asyncio.to_thread(edges.blobs.drop, dossier_id)
    await erasures.finish(edges.store, dossier_id, edges.clock())


async def purge_files(edges: Edges, dossier_id: UUID, places: Collection[tuple[Role, int]]) -> None:
    """Remove these files of a decided dossier, and those that were taken back.

    First nobody is shown them any more, then their bytes go, last the lines that name them: what a
    run leaves undone, the next one finds.
    """
    roles = sorted({role for role, _ in places})
    async with edges.store.changing(dossier_id) as change:
        if change.dossier.erased_at is not None:
            return
        for role in roles:
            for place in sorted(ordinal for of, ordinal in places if of == role):
                await change.withdraw(role, range(place, place + 1))
        if {"card_front", "card_back"} & set(roles):
            await erasures.forget_card(change)
        await change.record(
            Event(kind="purged", at=edges.clock(), actor="system", detail={"roles": roles})
        )
        gone = await change.unnamed(await erasures.withdrawn_digests(change))
    key = await edges.store.blob_key(dossier_id)
    for digest in gone:
        await asyncio.to_thread(edges.blobs.erase, dossier_id, key, digest)
    async with edges.store.changing(dossier_id) as change:
        await erasures.forget_withdrawn(change)
