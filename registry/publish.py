"""Publishing: a checkpoint is signed, then cosigned, and answers once the policy is met.

Each stage is a row that is durable before the next begins, so that whoever comes after a crash
goes on where it ended. With `quorum none` a witness delays a publication by one bounded attempt;
with a quorum that is not met, the publication before keeps answering.
"""

import asyncio
import logging
from collections.abc import Mapping
from typing import Final, Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.clock import Clock
from registry.cosigning import Cosigning, Standing, Submission, key_of
from registry.errors import ChainBroken, RegistryUnavailable
from registry.log.checkpoint import Checkpoint
from registry.log.note import NoteRefused, parse_verifier, verifier_line
from registry.log.policy import NO_QUORUM, Policy, PolicyRefused, policy_of_log
from registry.proving import consistency_proof
from registry.sign import Signed, sign
from registry.store import Store

_log = logging.getLogger(__name__)

#: Seconds for one witness's attempt: what a witness that is down may cost, and, where checkpoints
#: wait for witnesses anyway, what a slow one gets.
_PATIENCE: Final = 1.0
_PATIENCE_FOR_QUORUM: Final = 10.0


async def publish(
    store: Store, log_key: Ed25519PrivateKey, origin: str, clock: Clock
) -> Checkpoint:
    """Sign the log's present size and publish it, asking no witness; returns the newest checkpoint.

    Needs `registry_publisher`. An empty log gets a checkpoint of size 0. Raises ChainBroken, and
    signs nothing, when what is stored contradicts itself or the last checkpoint.
    """
    policy = policy_of_log(verifier_line(origin, log_key.public_key()))
    while True:
        signed = await sign(store, log_key, origin, clock, one_at_a_time=False)
        if not signed.published:
            await release(store, signed.checkpoint, policy, clock)
        if signed.whole:
            return signed.checkpoint


async def release(store: Store, checkpoint: Checkpoint, policy: Policy, clock: Clock) -> bool:
    """Publish a signed checkpoint if its note, as it would be served, meets the policy.

    Returns whether lookups answer by it, or by a larger one, now.
    """
    async with store.publishing() as publishing:
        if await publishing.published_size() >= checkpoint.size:
            return True
        newest = await publishing.newest_row()
        if newest and newest[0] > checkpoint.size:
            return False  # of what is not published, the map is kept for the newest alone
        note = await publishing.note_at(checkpoint.size) or ""
        try:
            if not policy.met_by(policy.cosigned_by(note)):
                return False
            policy.open_checkpoint(note)
        except NoteRefused as refusal:
            raise ChainBroken(f"checkpoint {checkpoint.size}: {refusal}") from None
        await publishing.insert_publication(checkpoint.size, clock())
    return True


class Publisher:
    """Takes checkpoints through their stages, one at a time. `async with Publisher(…)`.

    Without a policy no witness is asked. Several may run at once, in any number of processes.
    Raises PolicyRefused for a policy to which nothing that this key signs is valid.
    """

    def __init__(
        self,
        store: Store,
        log_key: Ed25519PrivateKey,
        origin: str,
        clock: Clock,
        policy: Policy | None = None,
    ) -> None:
        vkey = verifier_line(origin, log_key.public_key())
        self._policy = policy or policy_of_log(vkey)
        if parse_verifier(vkey) not in [log.verifier for log in self._policy.logs]:
            raise PolicyRefused(f"the policy does not trust {vkey}, so none of our checkpoints")
        self._store = store
        self._log_key = log_key
        self._origin = origin
        self._clock = clock
        self._witnesses = Cosigning(self._policy)
        #: The newest checkpoint and whether it is published, as of the last step.
        self.newest: Signed | None = None

    @property
    def standings(self) -> Mapping[str, Standing]:
        """What each witness did last, by its name in the policy."""
        return self._witnesses.standings

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._witnesses.close()

    async def advance(self) -> Checkpoint:
        """One step: sign what is new, ask witnesses, publish; returns the newest checkpoint.

        A checkpoint that waits for its quorum is asked for again and lets none after it be signed.
        Of a published one the missing cosignatures are still collected.
        """
        signed = await sign(
            self._store, self._log_key, self._origin, self._clock, one_at_a_time=True
        )
        self.newest = signed
        await self._collect(signed)
        if not signed.published:
            released = await release(self._store, signed.checkpoint, self._policy, self._clock)
            self.newest = Signed(signed.checkpoint, released)
        return signed.checkpoint

    async def keep_on(self, every: float = 0.5) -> None:
        """A step begins `every` seconds, until cancelled; whatever came meanwhile, it signs once.

        An unreachable database is waited for. ChainBroken ends it: nothing may be signed then.
        """
        loop = asyncio.get_running_loop()
        while True:
            next_step = loop.time() + every
            try:
                await self.advance()
            except RegistryUnavailable:
                _log.warning("not published: the database is not available")
            await asyncio.sleep(max(0.0, next_step - loop.time()))

    async def _collect(self, signed: Signed) -> None:
        due = self._witnesses.due()
        if not due:
            return
        checkpoint = signed.checkpoint
        async with self._store.attesting() as attesting:
            sizes = await attesting.cosigned_sizes([key_of(one) for one in due])
        already = {one.name for one in due if sizes.get(key_of(one)) == checkpoint.size}
        waits = not signed.published and self._policy.quorum != NO_QUORUM
        cosigned = await self._witnesses.collect(
            Submission(
                checkpoint,
                prove=lambda old: consistency_proof(self._store, old, checkpoint.size),
                signed=self._has_signed,
            ),
            [(one, sizes.get(key_of(one), 0)) for one in due if one.name not in already],
            enough=lambda got: waits and self._policy.met_by(already | {*got}),
            patience=_PATIENCE_FOR_QUORUM if waits else _PATIENCE,
        )
        if cosigned:
            async with self._store.attesting() as attesting:
                for one in cosigned:
                    await attesting.add_cosignature(checkpoint.size, *one, self._clock())

    async def _has_signed(self, size: int) -> bool:
        async with self._store.attesting() as attesting:
            return await attesting.has_signed(size)


async def keep_publishing(
    store: Store,
    log_key: Ed25519PrivateKey,
    origin: str,
    clock: Clock,
    every: float = 0.5,
    *,
    policy: Policy | None = None,
) -> None:
    """`Publisher.keep_on`, with a publisher of its own."""
    async with Publisher(store, log_key, origin, clock, policy) as publisher:
        await publisher.keep_on(every)
