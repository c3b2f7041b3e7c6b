"""What is done every hour: files whose time is over go, and so does what was left lying.

Counts are all that is ever told of it.
"""

import contextlib

import msgspec

from intake.edges import Edges
from intake.erasure import store as erasures
from intake.erasure.erase import open_eraser
from intake.erasure.files import purge_files
from intake.erasure.withdraw import withdraw
from intake.errors import WrongState


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """`files` of `dossiers` whose time is over, dossiers `unfinished` for too long, and `erasures`
    that an earlier run could not finish.
    """

    files: int
    dossiers: int
    unfinished: int
    erasures: int


class Purged(Due, frozen=True, kw_only=True):
    """What was due and is gone; officers' `sessions` that were over."""

    sessions: int


async def due(edges: Edges) -> Due:
    """What `purge` would do now."""
    now, policy = edges.clock(), edges.settings.retention
    expired = await erasures.with_expired_files(edges.store, policy.expired(now))
    return Due(
        files=sum(map(len, expired.values())),
        dossiers=len(expired),
        unfinished=len(await erasures.abandoned(edges.store, now - policy.unfinished)),
        erasures=len(await erasures.unfinished(edges.store)),
    )


async def purge(edges: Edges) -> Purged:
    """Do what is due. May be repeated, and broken off at any point."""
    now, policy = edges.clock(), edges.settings.retention
    async with open_eraser(edges) as eraser:
        finished = await eraser.resume()
    expired = await erasures.with_expired_files(edges.store, policy.expired(now))
    for dossier_id, places in expired.items():
        await purge_files(edges, dossier_id, places)
    abandoned = await erasures.abandoned(edges.store, now - policy.unfinished)
    for dossier_id in abandoned:
        with contextlib.suppress(WrongState):  # handed in at the last moment
            await withdraw(edges, dossier_id, actor="system", only_opened=True)
    return Purged(
        files=sum(map(len, expired.values())),
        dossiers=len(expired),
        unfinished=len(abandoned),
        erasures=finished,
        sessions=await erasures.end_expired_sessions(edges.store, now),
    )
