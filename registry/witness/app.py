"""The witness over HTTP (C2SP tlog-witness), as a plain ASGI application.

POST /add-checkpoint                 a log asks for a cosignature
GET  /<SHA-256 of origin>/checkpoint the newest cosigned checkpoint, for peers and monitors
GET  /healthz                        200, or 503 naming the logs that raise an alarm
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from registry.errors import RegistryError, WitnessUnable
from registry.log.witnessing import CheckpointRefused, SizeConflict, parse_request
from registry.witness.evidence import origin_hash
from registry.witness.following import Follower
from registry.witness.standing import standings
from registry.witness.witness import Witness

_log = logging.getLogger(__name__)

#: A note with sixteen post-quantum signatures, the most that must be taken, has 80 KB.
MAX_BYTES: Final = 128 * 1024
_TEXT: Final = "text/plain; charset=utf-8"

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Answer(NamedTuple):
    """What is sent back."""

    status: int
    content: str
    content_type: str = _TEXT


class _BodyRefused(Exception):
    def __init__(self, status: int, told: str) -> None:
        super().__init__(told)
        self.status = status


class WitnessApp:
    """`patience`: seconds in which a request's body must have come."""

    def __init__(
        self, witness: Witness, followers: Sequence[Follower] = (), *, patience: float = 10.0
    ) -> None:
        self._witness = witness
        self._followers = followers
        self._patience = patience
        self._origins = {origin_hash(origin): origin for origin in witness.origins}

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise RuntimeError("the witness speaks HTTP only")
        try:
            answer = await self._answer(scope["method"], scope["path"], receive)
        except WitnessUnable as failure:
            _log.error("%s", failure)
            answer = Answer(503, "this witness cannot keep anything now\n")
        except RegistryError as failure:
            _log.error("%s", failure)
            answer = Answer(500, "this witness cannot sign; its operator knows why\n")
        await _send(answer, send, head=scope["method"] == "HEAD")

    async def _answer(self, method: str, path: str, receive: Receive) -> Answer:
        parts = path.strip("/").split("/")
        match method, parts:
            case "POST", ["add-checkpoint"]:
                return await self._add_checkpoint(receive)
            case (("GET" | "HEAD"), ["healthz"]):
                return await asyncio.to_thread(self._health)
            case (("GET" | "HEAD"), [origin, "checkpoint"]) if origin in self._origins:
                return await asyncio.to_thread(self._view, self._origins[origin])
            case (("GET" | "HEAD"), ["add-checkpoint"]):
                return Answer(405, "POST a checkpoint here\n")
            case (("GET" | "HEAD"), _):
                return Answer(404, "there is nothing here\n")
        return Answer(405, "not here\n")

    async def _add_checkpoint(self, receive: Receive) -> Answer:
        try:
            async with asyncio.timeout(self._patience):
                body = await _body(receive)
            request = parse_request(body.decode())
            return Answer(200, await asyncio.to_thread(self._witness.add_checkpoint, request))
        except SizeConflict as conflict:
            return Answer(409, f"{conflict.cosigned}\n", "text/x.tlog.size")
        except (CheckpointRefused, _BodyRefused) as refusal:
            return Answer(refusal.status, f"{refusal}\n")
        except UnicodeDecodeError:
            return Answer(400, "not UTF-8\n")
        except TimeoutError:
            return Answer(408, "the request took too long\n")

    def _view(self, origin: str) -> Answer:
        latest = self._witness.latest(origin)
        if latest is None:
            return Answer(404, "nothing of this log was cosigned yet\n")
        return Answer(200, latest.note)

    def _health(self) -> Answer:
        logs = standings(self._witness, self._followers)
        alarms = [log.origin for log in logs if log.alarming]
        story = {"status": "alarm" if alarms else "ok", "witness": self._witness.vkey, "logs": logs}
        content = msgspec.json.encode(story).decode() + "\n"
        return Answer(503 if alarms else 200, content, "application/json")


async def _body(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _BodyRefused(400, "the request broke off")
        body += message.get("body", b"")
        if len(body) > MAX_BYTES:
            raise _BodyRefused(413, f"more than {MAX_BYTES} bytes")
        if not message.get("more_body", False):
            return bytes(body)


async def _send(answer: Answer, send: Send, *, head: bool) -> None:
    content = answer.content.encode()
    headers = [
        (b"content-type", answer.content_type.encode()),
        (b"content-length", str(len(content)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]
    start = {"type": "http.response.start", "status": answer.status, "headers": headers}
    await send(start)
    await send({"type": "http.response.body", "body": b"" if head else content})
