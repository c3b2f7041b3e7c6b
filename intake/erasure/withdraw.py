"""Giving a dossier up before it was answered: the citizen takes it back, or never hands it in."""

from uuid import UUID

from intake.certify.store import CertificationStore
from intake.dossier import Event, State
from intake.edges import Edges
from intake.erasure import store as erasures
from intake.erasure.files import drop_files
from intake.erasure.store import Request
from intake.errors import WrongState
from registry.book import void_number
from registry.errors import NumberIssued, UnknownReservation
from registry.store import Store as Registry

#: Stands in the book, in the language of the book.
VOID_REASON = "Hồ sơ được rút trước khi cấp bản sao"


async def withdraw(
    edges: Edges,
    dossier_id: UUID,
    *,
    actor: str,
    registry: Registry | None = None,
    void_reason: str = VOID_REASON,
    only_opened: bool = False,
) -> None:
    """End a dossier without an answer and erase it; again: what was left undone.

    Once signing was ordered, a number may stand in the book for it, which has to be voided: this
    wants `registry`, as registry_writer, and `void_reason` stands in the book. Raises WrongState
    without it, when the copy is entered or the dossier answered already, or `only_opened` and it
    was handed in; DossierNotFound, RegistryUnavailable.
    """
    certifications = CertificationStore(edges.store.engine)
    async with certifications.turn(dossier_id):
        begun = await certifications.find(dossier_id)
        if begun is not None and begun.released_at is None:
            await _void(dossier_id, registry, void_reason)
        async with edges.store.changing(dossier_id) as change:
            state = change.dossier.state
            if only_opened and state not in {State.OPENED, State.WITHDRAWN}:
                raise WrongState(state=state.value, act="withdrawn")
            if state is not State.WITHDRAWN:
                now = edges.clock()
                await change.record(Event(kind="withdrawn", at=now, actor=actor))
                await erasures.forget(change, Request(dossier_id=dossier_id, asked_at=now))
    await drop_files(edges, dossier_id)


async def _void(dossier_id: UUID, registry: Registry | None, reason: str) -> None:
    if registry is None:
        raise WrongState(state=State.CERTIFYING.value, act="withdrawn")
    try:
        await void_number(registry, original_id=dossier_id, reason=reason)
    except UnknownReservation:
        return
    except NumberIssued:
        raise WrongState(state=State.ISSUED.value, act="withdrawn") from None
