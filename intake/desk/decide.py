"""The officer's decision: sign, or refuse on a legal ground. Nothing else may decide."""

from datetime import datetime
from uuid import UUID

from intake.desk.correction import Correction, normalised
from intake.desk.errors import FactsMissing, ReasonMissing
from intake.desk.officer import Officer
from intake.dossier import Dossier, Event, State
from intake.errors import DossierNotFound, WrongState
from intake.store import Change, Store
from registry.clock import Clock

GROUNDS = (1, 2, 3, 4, 5, 6)
"""Grounds for refusal of NĐ 23/2015 art. 22, by their number there."""
LONGEST_REASON = 2_000


async def correct(
    store: Store, clock: Clock, officer: Officer, dossier_id: UUID, correction: Correction
) -> Dossier:
    """Keep the officer's corrections without deciding; raises WrongState outside review."""
    async with store.changing(dossier_id) as change:
        _must_be_of_unit(change, officer)
        await _keep(change, clock, officer, normalised(correction))
    return change.dossier


async def sign_order(
    store: Store,
    clock: Clock,
    officer: Officer,
    dossier_id: UUID,
    correction: Correction,
    *,
    work_from: datetime | None = None,
) -> Dossier:
    """Order the copy signed with these facts: they are kept, and the signing is queued.

    A caller that certifies it itself lets the workers begin only at `work_from`. Raises
    FactsMissing, WrongState when the dossier is not, or no longer, to be decided.
    """
    facts = normalised(correction)
    if not facts.title or not facts.holder_name:
        raise FactsMissing
    async with store.changing(dossier_id) as change:
        _must_be_of_unit(change, officer)
        await _keep(change, clock, officer, facts)
        await change.record(
            Event(kind="decided", at=clock(), actor=officer.username, detail={"outcome": "sign"})
        )
        await change.defer("certify", not_before=work_from)
    return change.dossier


async def refuse(
    store: Store, clock: Clock, officer: Officer, dossier_id: UUID, *, ground: int, reason: str
) -> Dossier:
    """Refuse on a ground of art. 22, with a reason in writing that the citizen gets to read.

    Raises ReasonMissing, WrongState.
    """
    written = " ".join(reason.split())
    if ground not in GROUNDS or not written or len(written) > LONGEST_REASON:
        raise ReasonMissing
    async with store.changing(dossier_id) as change:
        _must_be_of_unit(change, officer)
        detail: dict[str, object] = {"ground": ground, "reason": written}
        return await change.record(
            Event(kind="refused", at=clock(), actor=officer.username, detail=detail)
        )


async def note_view(store: Store, clock: Clock, officer: Officer, dossier: Dossier) -> None:
    """Record that this officer saw the dossier for the first time: whose data were seen by whom."""
    if dossier.state in {State.SUBMITTED, State.READING}:
        return
    seen = [event.actor for event in await store.events(dossier.id) if event.kind == "viewed"]
    if officer.username not in seen:
        async with store.changing(dossier.id) as change:
            await change.record(Event(kind="viewed", at=clock(), actor=officer.username))


async def try_again(store: Store, officer: Officer, dossier_id: UUID) -> None:
    """Queue the work once more that the dossier is waiting for; raises WrongState if for none."""
    async with store.changing(dossier_id) as change:
        _must_be_of_unit(change, officer)
        match change.dossier.state:
            case State.SUBMITTED | State.READING:
                await change.defer("read")
            case State.CERTIFYING:
                await change.defer("certify")
            case state:
                raise WrongState(state=state.value, act="retry")


async def _keep(change: Change, clock: Clock, officer: Officer, correction: Correction) -> None:
    await change.keep_correction(correction)
    await change.record(
        Event(kind="corrected", at=clock(), actor=officer.username),
        document_type=correction.document_type,
    )


def _must_be_of_unit(change: Change, officer: Officer) -> None:
    if change.dossier.unit_code != officer.unit_code:
        raise DossierNotFound
