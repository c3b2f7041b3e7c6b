"""What the queue's worker does, and what it records when that fails."""

from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from typing import Protocol
from uuid import UUID

import msgspec
import procrastinate
import structlog

from intake.certify.opening import open_certifier
from intake.dossier import Event
from intake.edges import Edges
from intake.erasure.retention import purge
from intake.errors import IntakeError, WrongState
from intake.examine import examine
from intake.jobs import create_queue
from intake.tesseract import default_tessdata

_log = structlog.get_logger("intake.work")


class Certifies(Protocol):
    """`intake.certify`: issues the dossier's copy; may be called again after any failure."""

    def certify(self, dossier_id: UUID) -> Awaitable[object]: ...


async def read_dossier(edges: Edges, dossier_id: UUID, *, last_attempt: bool = True) -> None:
    """Examine a submitted dossier; a failure is recorded and raised."""
    try:
        await examine(
            edges.store,
            edges.blobs,
            edges.clock,
            default_tessdata(),
            dossier_id=dossier_id,
            last_attempt=last_attempt,
        )
    except Exception as failure:
        await _record_failure(edges, dossier_id, "read_failed", failure)
        raise


async def certify_dossier(edges: Edges, certifier: Certifies, dossier_id: UUID) -> None:
    """Issue the copy that an officer ordered; a failure is recorded and raised."""
    try:
        await certifier.certify(dossier_id)
    except Exception as failure:
        await _record_failure(edges, dossier_id, "certify_failed", failure)
        raise


@asynccontextmanager
async def create_work(edges: Edges) -> AsyncIterator[procrastinate.App]:
    """The queue with these acts behind its jobs; `intake.jobs.working` runs it."""
    async with open_certifier(edges) as certifier:
        yield queue_for(edges, certifier)


def queue_for(edges: Edges, certifier: Certifies) -> procrastinate.App:
    """The queue, with a certifier that is ready."""

    async def read(dossier_id: UUID, *, last_attempt: bool) -> None:
        await read_dossier(edges, dossier_id, last_attempt=last_attempt)

    async def certify(dossier_id: UUID) -> None:
        await certify_dossier(edges, certifier, dossier_id)

    async def forget() -> None:
        _log.info("purged", **msgspec.structs.asdict(await purge(edges)))

    return create_queue(edges.settings.database_url, read, certify, forget)


async def _record_failure(edges: Edges, dossier_id: UUID, kind: str, failure: Exception) -> None:
    # Of a failure without words its name only: its text may hold what no register may hold.
    detail: dict[str, object] = {"failure": type(failure).__name__}
    if isinstance(failure, IntakeError):
        detail |= {"code": failure.code, "values": failure.values}
    event = Event(kind=kind, at=edges.clock(), actor="system", detail=detail)
    # Where another run has moved the dossier on meanwhile, there is nothing left to record.
    with suppress(WrongState):
        async with edges.store.changing(dossier_id) as change:
            await change.record(event)
