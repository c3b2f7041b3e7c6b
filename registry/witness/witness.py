"""The witness itself: what it says to a checkpoint, and when it raises the alarm.

Everything here is synchronous and ends on disk; the web application and the follower call it from
threads of their own.
"""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from registry.clock import Clock
from registry.errors import WitnessMemoryLost, WitnessUnable
from registry.log.checkpoint import Checkpoint
from registry.log.cosignature import cosign, parse_cosigner, valid_cosignatures
from registry.log.note import NoteRefused, Verifier
from registry.log.proof import ProofRefused, proven_beginning
from registry.log.witnessing import (
    AddCheckpoint,
    InconsistentTree,
    LogForked,
    SizeConflict,
    TwoRoots,
    judge,
    signed_checkpoint,
)
from registry.witness.evidence import Fork, keep_fork, keep_rollback
from registry.witness.identity import Identity
from registry.witness.memory import Cosigned

_log = logging.getLogger(__name__)
EVIDENCE: Final = "evidence"


class Witness:
    """`verifiers` are the keys of the logs that it watches, each named after its log's origin."""

    def __init__(
        self, identity: Identity, directory: Path, verifiers: Sequence[Verifier], clock: Clock
    ) -> None:
        self.vkey = identity.vkey
        self.origins = sorted({verifier.name for verifier in verifiers})
        self._key = identity.key
        self._cosigner = parse_cosigner(identity.vkey)
        self._memory = identity.memory
        self._evidence = directory / EVIDENCE
        self._verifiers = verifiers
        self._clock = clock
        # A fork counts from when it was seen, even if the disk is too full to remember it.
        self._forked: dict[str, str] = {}

    def add_checkpoint(self, request: AddCheckpoint) -> str:
        """The cosignature's line for a checkpoint that continues what was cosigned before.

        It is remembered, on disk, when this returns. Raises a CheckpointRefused, WitnessUnable,
        WitnessMemoryLost.
        """
        checkpoint = signed_checkpoint(request.note, self._verifiers)
        try:
            return self._cosign(checkpoint, request)
        except (SizeConflict, TwoRoots, InconsistentTree) as refusal:
            _log.info("%s: size %d refused: %s", checkpoint.origin, checkpoint.size, refusal)
            fork = self._fork_in(request, checkpoint)
            if fork is not None and self.fork(checkpoint.origin) is None:
                self.report_fork(fork)
            raise

    def _cosign(self, checkpoint: Checkpoint, request: AddCheckpoint) -> str:
        with self._memory.turn(checkpoint.origin) as turn:
            if turn.fork or checkpoint.origin in self._forked:
                raise LogForked(f"{checkpoint.origin} has forked: it is not cosigned any more")
            seen = turn.latest.checkpoint if turn.latest else None
            self._refuse_amnesia(request.note, checkpoint, seen)
            judge(seen, request, self._verifiers)
            now = int(self._clock().timestamp())
            line = cosign(checkpoint.note, self._cosigner.name, self._key, now)
            if seen is None or checkpoint.size > seen.size:
                turn.keep(Cosigned(checkpoint, line, now))
        return line

    def _fork_in(self, request: AddCheckpoint, checkpoint: Checkpoint) -> Fork | None:
        """What a refused request itself proves.

        Anybody may send nonsense, but not two roots that the log signed for one size, nor a proof
        that leads to the root which it signed last.
        """
        same_size = self.cosigned_at(checkpoint.origin, checkpoint.size)
        if same_size is not None:
            root = checkpoint.root_hash
            two_roots = root != same_size.checkpoint.root_hash
            return Fork(same_size.checkpoint, checkpoint, root, ()) if two_roots else None
        seen = self.cosigned_at(checkpoint.origin, request.old_size)
        if seen is None:
            return None
        first = seen.checkpoint
        try:
            root = proven_beginning(
                first.size, checkpoint.size, request.proof, checkpoint.root_hash
            )
        except ProofRefused:
            return None
        return None if root == first.root_hash else Fork(first, checkpoint, root, request.proof)

    def _refuse_amnesia(self, note: str, checkpoint: Checkpoint, seen: Checkpoint | None) -> None:
        """Our own cosignature on more than we remember: an old copy of the memory was put back."""
        if seen is not None and checkpoint.size <= seen.size:
            return
        try:
            ours = valid_cosignatures(note, [self._cosigner])
        except NoteRefused:
            return  # anybody can write a false line
        if ours:
            raise WitnessMemoryLost(
                f"size {checkpoint.size} of {checkpoint.origin} carries this witness's own "
                "cosignature, which its memory does not know: it is an old copy. Begin anew with "
                "another directory, and have the new key put into the policies"
            )

    def latest(self, origin: str) -> Cosigned | None:
        """The largest checkpoint cosigned for a log."""
        return self._memory.latest(origin)

    def cosigned_at(self, origin: str, size: int) -> Cosigned | None:
        """What was cosigned for one size, unless that is long ago."""
        return self._memory.at_size(origin, size)

    def fork(self, origin: str) -> str | None:
        """Where the evidence of a log's fork lies; None for an honest log."""
        return self._forked.get(origin) or self._memory.fork(origin)

    def report_fork(self, fork: Fork) -> None:
        """Keep the evidence, say it loudly, and cosign nothing of this log from now on.

        Raises WitnessUnable when the disk takes no evidence; the notes stand in the log then.
        """
        origin = fork.first.origin
        first, second = fork.first, fork.second
        self._forked[origin] = str(self._evidence)
        _log.error(
            "FORK: %s signed size %d and size %d, which contradict each other. The notes:\n%s\n%s",
            *(origin, first.size, second.size, first.note, second.note),
        )
        try:
            place = str(keep_fork(self._evidence, fork))
        except OSError as error:
            raise WitnessUnable(f"the evidence of a fork is not kept: {error}") from error
        self._forked[origin] = place
        self._memory.remember_fork(origin, place, int(self._clock().timestamp()))
        _log.error("FORK: %s: evidence in %s", origin, place)

    def report_rollback(self, cosigned: Checkpoint, served: Checkpoint) -> None:
        """Keep both notes and say it loudly; the log may still come back."""
        try:
            place = keep_rollback(self._evidence, cosigned, served)
        except OSError as error:
            raise WitnessUnable(f"the evidence of a rollback is not kept: {error}") from error
        _log.error(
            "ROLLBACK: %s serves size %d after size %d, and nothing shows that they belong "
            "together: evidence in %s",
            *(served.origin, served.size, cosigned.size, place),
        )

    def forgive_fork(self, origin: str) -> bool:
        """An operator decided that the log is watched again from where it was; evidence stays."""
        self._forked.pop(origin, None)
        return self._memory.forgive_fork(origin)
