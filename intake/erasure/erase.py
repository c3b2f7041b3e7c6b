"""Erasing a person on request, over both rooms.

1. The request is stored. From here on a worker finishes what this process does not.
2. The registry enters `erased`; the facts, their salt and the person in the book's line go with it.
3. In intake everything personal of the dossier goes at once, the key of its files included: from
   here on the files are noise.
4. The files themselves are removed.

Every step may be repeated.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date

import msgspec
import structlog

from intake.dossier import Event
from intake.edges import Edges
from intake.erasure import store as erasures
from intake.erasure.files import drop_files
from intake.erasure.store import Request
from intake.errors import IntakeError
from intake.kiosk.errors import CopyNotReady
from registry.append import Appender
from registry.certified_copy import Receipt
from registry.errors import IllegalTransition, RegistryError, UnknownCopy
from registry.lookup import find_by_code
from registry.store import Store as Registry

_log = structlog.get_logger("intake.erasure")


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """Which decision erases, and whose it is; `reason` is public and names nobody."""

    decision: str
    decided_on: date
    decided_by: str
    entered_by: str
    reason: str = ""


class Erased(msgspec.Struct, frozen=True, kw_only=True):
    """`receipt` is of the entry `erased`; None when an earlier decision had erased the copy.

    `dossier` says whether intake had one.
    """

    receipt: Receipt | None
    dossier: bool


class Eraser:
    """Erases copies. `appender` writes as registry_writer."""

    def __init__(self, edges: Edges, appender: Appender) -> None:
        self._edges = edges
        self._appender = appender

    async def erase(self, code: str, decision: Decision) -> Erased:
        """Erase the person of a released copy. Again: the same answer, and what was left undone.

        Raises MalformedCode, UnknownCopy, NotYetPublished, CopyNotReady (it is being issued),
        MalformedEntry, RegistryUnavailable.
        """
        if await find_by_code(self._edges.registry, code) is None:
            raise UnknownCopy("no copy with this code is registered")
        held = await erasures.dossier_of_code(self._edges.store, code)
        if held is None:
            return Erased(receipt=await self._enter(code, decision), dossier=False)
        if not held.released:
            raise CopyNotReady
        request = Request(
            dossier_id=held.dossier_id,
            code=code,
            asked_at=self._edges.clock(),
            **msgspec.structs.asdict(decision),
        )
        await erasures.ask(self._edges.store, request)
        receipt = await self._enter(code, decision)
        await self._forget(request)
        await drop_files(self._edges, held.dossier_id)
        return Erased(receipt=receipt, dossier=True)

    async def resume(self) -> int:
        """Finish what earlier runs left unfinished; returns how many erasures that were.

        One that cannot be finished yet stays for the next time and does not stop the others.
        """
        done = 0
        for request in await erasures.unfinished(self._edges.store):
            try:
                if request.code is not None:
                    await self._enter(request.code, _decision(request))
                    await self._forget(request)
                await drop_files(self._edges, request.dossier_id)
            except (IntakeError, RegistryError, OSError) as failure:
                _log.warning("an erasure is unfinished", failure=type(failure).__name__)
            else:
                done += 1
        return done

    async def _enter(self, code: str, decision: Decision) -> Receipt | None:
        try:
            return await self._appender.erase(code, **msgspec.structs.asdict(decision))
        except IllegalTransition:
            found = await find_by_code(self._edges.registry, code)
            if found is None or found.facts is not None:
                raise
            return None

    async def _forget(self, request: Request) -> None:
        async with self._edges.store.changing(request.dossier_id) as change:
            if change.dossier.erased_at is None:
                event = Event(kind="erased", at=self._edges.clock(), actor="system")
                await change.record(event)
                await erasures.forget(change, request)


@asynccontextmanager
async def open_eraser(edges: Edges) -> AsyncIterator[Eraser]:
    """An eraser over intake's edges; the registry's writer is connected for the block."""
    url = edges.settings.registry.role_url("registry_writer")
    async with (
        await Registry.connect(url, connections=2) as writer,
        Appender(writer, edges.clock) as appender,
    ):
        yield Eraser(edges, appender)


def _decision(request: Request) -> Decision:
    return msgspec.convert(request, Decision, from_attributes=True)
