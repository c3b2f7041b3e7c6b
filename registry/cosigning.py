"""Asking witnesses for their cosignatures (C2SP tlog-witness, the log's side of it, over HTTP).

Nothing that a witness answers is believed: its line counts once its signature holds, its answer is
read up to a bound in bytes and time. What it does is said in the log once, when it changes.
"""

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import httpx

from registry.errors import UnknownCheckpoint
from registry.log.checkpoint import MAX_SIZE, Checkpoint
from registry.log.cosignature import cosigned_at
from registry.log.note import NoteRefused, Signature, signature_line, split_note
from registry.log.policy import Policy, Witness
from registry.log.witnessing import AddCheckpoint, request_text

_log = logging.getLogger(__name__)

#: A line with an ML-DSA-44 signature has 3 KB; a witness may send one for each of its keys.
_LARGEST_ANSWER: Final = 64 * 1024
#: A witness that others submit to as well may move between its answer and our next question.
_ATTEMPTS: Final = 3
_LONGEST_BREAK: Final = 10.0
_SIZE: Final = re.compile(rb"(0|[1-9][0-9]{0,18})\n")

Key = tuple[str, bytes]
#: `overtaken`: another publisher of ours has shown it a larger checkpoint. `forked`: it has seen a
#: log of our key that is not the one we hold.
State = Literal["cosigned", "overtaken", "unreachable", "unwilling", "malformed", "forked"]
Proves = Callable[[int], Awaitable[Sequence[bytes]]]


class Cosignature(NamedTuple):
    """A verified line of a note, by the name and id of the key that made it."""

    name: str
    key_id: bytes
    line: str


class Submission(NamedTuple):
    """A checkpoint to be cosigned. `prove(old)` is the consistency proof from an earlier one, or
    raises UnknownCheckpoint; `signed(size)` whether this log has signed one of that size by now.
    """

    checkpoint: Checkpoint
    prove: Proves
    signed: Callable[[int], Awaitable[bool]]


@dataclass(slots=True)
class Standing:
    """What a witness did last, how often in a row it failed, when it is asked again."""

    state: State | None = None
    failures: int = 0
    due: float = 0.0


class _Failed(Exception):
    def __init__(self, state: State, told: str) -> None:
        super().__init__(told)
        self.state: State = state


class Cosigning:
    """The witnesses of a policy that have an address; keeps connections open until `close()`.

    `standings` is by the policy's names.
    """

    def __init__(
        self,
        policy: Policy,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.witnesses = tuple(one for one in policy.witnesses if one.url)
        self.standings = {one.name: Standing() for one in self.witnesses}
        self._monotonic = monotonic
        self._http = httpx.AsyncClient(
            timeout=None,  # noqa: S113 - the attempt as a whole is bounded
            limits=httpx.Limits(keepalive_expiry=60.0),
            transport=transport,
            headers={"User-Agent": "bansao", "Accept-Encoding": "identity"},
        )

    async def close(self) -> None:
        await self._http.aclose()

    def due(self) -> list[Witness]:
        """Those that may be asked now: one that failed is left alone for a while."""
        now = self._monotonic()
        return [one for one in self.witnesses if self.standings[one.name].due <= now]

    async def collect(
        self,
        submission: Submission,
        asked: Sequence[tuple[Witness, int]],
        *,
        enough: Callable[[Collection[str]], bool],
        patience: float,
    ) -> list[Cosignature]:
        """Ask these witnesses at once; returns when all have answered or it is `enough`.

        Beside each, the size that it cosigned last as far as we know, else 0. `enough` is told
        policy names; who is cut off by it has not failed. `patience`: seconds for each attempt.
        """
        asking = {
            asyncio.create_task(self._ask(one, submission, old, patience)): one.name
            for one, old in asked
        }
        got: dict[str, Cosignature] = {}
        waiting = set(asking)
        try:
            while waiting and not enough(got):
                done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                answers = {asking[task]: task.result() for task in done}
                got |= {name: line for name, line in answers.items() if line is not None}
        finally:
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
        return list(got.values())

    async def _ask(
        self, witness: Witness, submission: Submission, old: int, patience: float
    ) -> Cosignature | None:
        """One bounded attempt; its failure is the witness's standing, never ours."""
        try:
            async with asyncio.timeout(patience):
                line = await self._submit(witness, submission, old)
        except TimeoutError:
            self._stand(witness, "unreachable", f"no answer in {patience:g} s")
        except httpx.HTTPError as error:
            self._stand(witness, "unreachable", type(error).__name__)
        except httpx.InvalidURL:
            self._stand(witness, "unreachable", "its address in the policy is no URL")
        except _Failed as failure:
            self._stand(witness, failure.state, str(failure))
        else:
            self._stand(witness, "cosigned", f"size {submission.checkpoint.size}")
            return line
        return None

    async def _submit(self, witness: Witness, submission: Submission, old: int) -> Cosignature:
        checkpoint = submission.checkpoint
        await _refuse_larger(submission, old)
        for _ in range(_ATTEMPTS):
            try:
                proof = tuple(await submission.prove(old))
            except UnknownCheckpoint:
                raise _Failed("forked", f"it cosigned size {old}, which we never signed") from None
            asked = request_text(AddCheckpoint(old, proof, checkpoint.note))
            status, body = await self._post(witness, asked)
            if status == 200:
                return _verified(witness, checkpoint, body)
            if status == 422:
                raise _Failed("forked", f"size {old}, which it cosigned, does not begin our log")
            if status != 409:
                raise _Failed("unwilling", f"it answers {status}")
            old = _conflict(checkpoint.size, old, body)
            await _refuse_larger(submission, old)
        raise _Failed("overtaken", "it moves faster than we ask")

    async def _post(self, witness: Witness, content: str) -> tuple[int, bytes]:
        url = f"{(witness.url or '').rstrip('/')}/add-checkpoint"
        body = b""
        async with self._http.stream("POST", url, content=content.encode()) as response:
            # As sent: a witness that compresses against our word is not unpacked either.
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > _LARGEST_ANSWER:
                    raise _Failed("malformed", "its answer is too long")
        return response.status_code, body

    def _stand(self, witness: Witness, state: State, told: str) -> None:
        standing = self.standings[witness.name]
        changed, standing.state = standing.state != state, state
        harmless = state in {"cosigned", "overtaken"}
        standing.failures = 0 if harmless else standing.failures + 1
        pause = min(_LONGEST_BREAK, 0.25 * 2 ** min(standing.failures, 10))
        standing.due = self._monotonic() + pause if standing.failures else 0.0
        if changed:
            worst = logging.ERROR if state == "forked" else logging.WARNING
            level = logging.INFO if harmless else worst
            _log.log(level, "witness %s: %s, %s", witness.name, state, told)


async def _refuse_larger(submission: Submission, cosigned: int) -> None:
    """A witness that is ahead of our checkpoint was shown a larger one: by another publisher of
    ours, unless the log holds none of that size; then it went back, or is another's.
    """
    if cosigned <= submission.checkpoint.size:
        return
    if await submission.signed(cosigned):
        raise _Failed("overtaken", f"it cosigned size {cosigned} of ours meanwhile")
    raise _Failed("forked", f"it cosigned size {cosigned}, which we never signed")


def _conflict(size: int, old: int, body: bytes) -> int:
    """The size that it cosigned, after a 409; raises _Failed when none can help."""
    named = _SIZE.fullmatch(body)
    cosigned = int(named[1]) if named else None
    if old == size and cosigned in {None, size}:
        raise _Failed("forked", f"it cosigned another root for size {size}")
    if cosigned is None or cosigned == old or cosigned > MAX_SIZE:
        raise _Failed("malformed", "it names no size to continue from")
    return cosigned


def _verified(witness: Witness, checkpoint: Checkpoint, body: bytes) -> Cosignature:
    """The line of this witness's key in its answer; lines of other keys are ignored."""
    text, _ = split_note(checkpoint.note)
    try:
        _, signatures = split_note(checkpoint.note + body.decode())
        ours = [one for one in signatures if (one.name, one.key_id) == key_of(witness)]
        times = [(cosigned_at(text, [one], witness.cosigner), one) for one in ours]
    except (NoteRefused, UnicodeDecodeError) as refusal:
        raise _Failed("malformed", f"its cosignature is refused: {refusal}") from None
    if not times:
        raise _Failed("malformed", "its answer holds no cosignature of its key")
    newest: Signature = max(times, key=lambda one: one[0] or 0)[1]
    return Cosignature(*key_of(witness), signature_line(newest))


def key_of(witness: Witness) -> Key:
    """What tells its signature lines from all others."""
    return witness.cosigner.name, witness.cosigner.key_id
