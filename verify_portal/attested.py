"""What an answer says by this portal's own settings: whose signatures its checkpoint carries, and
where its status list is.

Every answer that names a checkpoint passes here, `unknown` too: none is given on a checkpoint whose
signatures do not hold.
"""

from datetime import UTC, datetime
from functools import lru_cache

import msgspec

from registry.log.code_map import committed_root
from registry.log.note import NoteRefused
from registry.log.policy import Policy
from registry.status_list import list_uri
from verify_portal.answer import Answer, CheckpointSeen, Cosigned, ListPlace
from verify_portal.errors import UnsignedCheckpoint


class Attesting:
    """Under one policy. Remembers the last few checkpoints: each is looked at very often."""

    def __init__(self, policy: Policy, portal_url: str) -> None:
        self._portal_url = portal_url
        self._signed = lru_cache(maxsize=8)(lambda seen: _signed(policy, seen))

    def attested(self, answer: Answer) -> Answer:
        """The answer with its witnesses; raises UnsignedCheckpoint."""
        seen, place = answer.checkpoint, answer.status_list
        if seen is not None:
            seen = self._signed(seen)
        if place is not None:
            place = ListPlace(
                list=place.list, idx=place.idx, uri=list_uri(self._portal_url, place.list)
            )
        return msgspec.structs.replace(answer, checkpoint=seen, status_list=place)


def _signed(policy: Policy, seen: CheckpointSeen) -> CheckpointSeen:
    """With its witnesses, and whether it commits to the map of codes."""
    try:
        commits = committed_root(policy.open_checkpoint(seen.note)) is not None
        times = policy.cosigned_by(seen.note)
    except NoteRefused as refusal:
        raise UnsignedCheckpoint(str(refusal)) from None
    cosigned = tuple(
        Cosigned(witness=name, at=datetime.fromtimestamp(at, UTC)) for name, at in times.items()
    )
    return msgspec.structs.replace(seen, cosigned=cosigned, commits_to_codes=commits)
