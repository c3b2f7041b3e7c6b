"""What an answer says by this portal's own settings: whose signatures its checkpoint carries, and
where its status list is.

Every answer that names a checkpoint passes here, `unknown` too: none is given on a checkpoint whose
signatures do not hold.
"""

from datetime import UTC, datetime
from functools import lru_cache

import msgspec

from registry.log.note import NoteRefused
from registry.log.policy import Policy
from registry.status_list import list_uri
from verify_portal.answer import Answer, Cosigned, ListPlace
from verify_portal.errors import UnsignedCheckpoint


class Attesting:
    """Under one policy. Remembers the last few checkpoints: each is looked at very often."""

    def __init__(self, policy: Policy, portal_url: str) -> None:
        self._portal_url = portal_url
        self._witnesses = lru_cache(maxsize=8)(lambda note: _cosigned(policy, note))

    def attested(self, answer: Answer) -> Answer:
        """The answer with its witnesses; raises UnsignedCheckpoint."""
        seen, place = answer.checkpoint, answer.status_list
        if seen is not None:
            seen = msgspec.structs.replace(seen, cosigned=self._witnesses(seen.note))
        if place is not None:
            place = ListPlace(
                list=place.list, idx=place.idx, uri=list_uri(self._portal_url, place.list)
            )
        return msgspec.structs.replace(answer, checkpoint=seen, status_list=place)


def _cosigned(policy: Policy, note: str) -> tuple[Cosigned, ...]:
    try:
        policy.open_checkpoint(note)
        times = policy.cosigned_by(note)
    except NoteRefused as refusal:
        raise UnsignedCheckpoint(str(refusal)) from None
    return tuple(
        Cosigned(witness=name, at=datetime.fromtimestamp(at, UTC)) for name, at in times.items()
    )
