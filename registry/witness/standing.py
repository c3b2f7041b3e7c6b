"""How each log stands with the witness: what `/healthz` and the command line tell."""

import base64
from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from registry.witness.following import ALARMS, Follower, State
from registry.witness.witness import Witness


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """`size`, `root` (base64) and `cosigned_at` are of the newest checkpoint that we cosigned."""

    origin: str
    state: State
    told: str
    size: int | None = None
    root: str | None = None
    cosigned_at: datetime | None = None
    evidence: str | None = None

    @property
    def alarming(self) -> bool:
        """Whether an operator must look."""
        return self.state in ALARMS


def standings(witness: Witness, followers: Iterable[Follower]) -> list[Standing]:
    """One for each log, also for those that only submit; raises WitnessUnable."""
    sights = {follower.origin: follower.sight for follower in followers}
    found = []
    for origin in witness.origins:
        latest, evidence = witness.latest(origin), witness.fork(origin)
        sight = sights.get(origin)
        submitted: State = "cosigned" if latest else "waiting"
        standing = Standing(
            origin=origin,
            state=sight.state if sight else submitted,
            told=sight.told if sight else "it submits its checkpoints by itself",
        )
        if latest:
            standing = msgspec.structs.replace(
                standing,
                size=latest.checkpoint.size,
                root=base64.b64encode(latest.checkpoint.root_hash).decode("ascii"),
                cosigned_at=datetime.fromtimestamp(latest.at, UTC),
            )
        if evidence:
            standing = msgspec.structs.replace(
                standing, state="forked", told="it signed two histories", evidence=evidence
            )
        found.append(standing)
    return found
