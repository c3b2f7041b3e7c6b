"""A dossier's states and the events that move it. Pure: no I/O, no clock.

opened ─submitted─► submitted ─reading─► reading ─read─► review ─decided─► certifying
                                                           │                   │
                                                        refused             issued

Until it is answered a dossier may be `withdrawn`; afterwards its files are `purged` by and by, and
what is personal about it may be `erased`.
"""

from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from msgspec import Struct

from intake.errors import WrongState

Channel = Literal["kiosk", "counter", "online", "vehicle"]
Role = Literal["scan", "card_front", "card_back", "face", "page", "copy"]

PAGES_A_SCAN = 1000


class State(StrEnum):
    OPENED = "opened"
    SUBMITTED = "submitted"
    READING = "reading"
    REVIEW = "review"
    CERTIFYING = "certifying"
    ISSUED = "issued"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


WAITING = (State.SUBMITTED, State.READING, State.REVIEW, State.CERTIFYING)
"""Received and not yet answered: what an officer's queue holds."""

_ANSWERED = frozenset({State.ISSUED, State.REFUSED})

# Every event that may befall a dossier, with the states in which it may and the state it leads to.
# None stays where it is: a failed job is recorded and tried again, it never moves a dossier.
_MOVES: dict[str, tuple[frozenset[State], State | None]] = {
    "submitted": (frozenset({State.OPENED}), State.SUBMITTED),
    "reading": (frozenset({State.SUBMITTED, State.READING}), State.READING),
    "read": (frozenset({State.READING}), State.REVIEW),
    "read_failed": (frozenset({State.SUBMITTED, State.READING}), None),
    "viewed": (_ANSWERED | {State.REVIEW, State.CERTIFYING, State.WITHDRAWN}, None),
    "corrected": (frozenset({State.REVIEW}), None),
    "decided": (frozenset({State.REVIEW}), State.CERTIFYING),
    "certify_failed": (frozenset({State.CERTIFYING}), None),
    "issued": (frozenset({State.CERTIFYING}), State.ISSUED),
    "refused": (frozenset({State.REVIEW}), State.REFUSED),
    "withdrawn": (frozenset({State.OPENED, *WAITING}), State.WITHDRAWN),
    "purged": (_ANSWERED, None),
    "erased": (_ANSWERED, None),
}


class Event(Struct, frozen=True, kw_only=True):
    """Something that happened to a dossier; `detail` holds no personal data, but for the `reason`
    of a refusal, which an officer wrote and an erasure takes.

    `actor` is an officer's user name, or "citizen", or "system".
    """

    kind: str
    at: datetime
    actor: str
    detail: dict[str, object] = {}


class Attachment(Struct, frozen=True, kw_only=True):
    """One file of a dossier; its bytes lie in the blob store under `digest` (SHA-256).

    A straightened page stands at `scan's ordinal * PAGES_A_SCAN + its place in that scan`, and
    `page` holds everything of its `Page` but the image.
    """

    role: Role
    ordinal: int
    digest: bytes
    media_type: str
    size: int
    page: dict[str, object] | None = None


class Dossier(Struct, frozen=True, kw_only=True):
    """What was asked for, where, and how far it has come. `number` exists once it was received.

    After `erased_at` nothing personal is left of it, nor its files.
    """

    id: UUID
    unit_code: str
    channel: Channel
    state: State
    updated_at: datetime
    number: str | None = None
    received_at: datetime | None = None
    document_type: str | None = None
    page_count: int | None = None
    requester_name: str | None = None
    contact_email: str | None = None
    erased_at: datetime | None = None


def after(state: State, kind: str) -> State:
    """The state that an event of this kind leads to; raises WrongState where it may not happen."""
    allowed, led_to = _MOVES[kind]
    if state not in allowed:
        raise WrongState(state=state.value, act=kind)
    return state if led_to is None else led_to
