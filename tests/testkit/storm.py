"""Random kills under a running registry: appenders, publishers, a witness, their server and wires.

What every process tells is kept here, by the only party that is never killed.
"""

import asyncio
import collections
import contextlib
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

import httpx
import psycopg

from bansao.cluster import free_port
from bansao.postgres import Postgres
from bansao.witness import open_witness
from registry.append import Appender
from registry.clock import utc_now
from registry.log.cosignature import parse_cosigner
from registry.log.note import parse_verifier, sign_note
from registry.log.policy import Group, Policy, TrustedLog, Witness, policy_text
from tests.testkit import children
from tests.testkit.children import Child, Doubts, Failed, Has, Intends, Intent, Key, Signs, Told
from tests.testkit.copies import LOG_KEY, ORIGIN, VKEY
from tests.testkit.faults import (
    connected,
    kill_backend,
    kill_postmaster,
    restart,
    terminate_backends,
)
from tests.testkit.postgres import Database
from tests.testkit.wire import MOMENTS, Moment, Trap, Wire, open_wire

_APPENDERS: Final = 2
_PUBLISHERS: Final = 2
#: Receipts between two kills: each falls into work that goes on.
_PROGRESS: Final = 4
_PATIENCE: Final = 60.0


class Knowledge:
    """What callers know of their entries, and what the log's key has signed."""

    def __init__(self) -> None:
        self.acknowledged: dict[Key, int | None] = {}
        self.doubtful: set[Key] = set()
        self.signed: set[str] = set()
        self.failures: list[str] = []
        self.counts: collections.Counter[str] = collections.Counter()

    def hear(self, told: Told) -> None:
        match told:
            case Intends(intent):
                self.counts["asked again"] += intent.doubtful
            case Doubts(key):
                self.doubtful.add(key)
                self.counts["asked again"] += 1
            case Has(key, index, kept_before):
                if self.acknowledged.setdefault(key, index) != index:
                    self.failures.append(f"another receipt than the first: entry {index}")
                if kept_before is not None:
                    self.counts["found kept" if kept_before else "found not kept"] += 1
            case Signs(text):
                self.signed.add(text)
            case Failed(what):
                self.failures.append(what)

    def notes(self) -> list[str]:
        return [sign_note(text, ORIGIN, LOG_KEY) for text in self.signed]


class Appending:
    """A process of callers, and what it has begun and not ended."""

    def __init__(self, known: Knowledge, url: str, left: Iterable[Intent], seed: int) -> None:
        self._known = known
        self._open = {intent.key: intent for intent in left}
        work = (children.append_for_ever, url, list(self._open.values()), seed)
        self._child = Child(*work, hears=self._hear)

    def kill(self) -> list[Intent]:
        """What it leaves behind is in doubt from now on."""
        self._child.kill()
        self._known.doubtful |= self._open.keys()
        return [intent._replace(doubtful=True) for intent in self._open.values()]

    def _hear(self, told: Told) -> None:
        if isinstance(told, Intends):
            self._open[told.intent.key] = told.intent
        elif isinstance(told, Has):
            self._open.pop(told.key, None)
        self._known.hear(told)


class WitnessPlace(NamedTuple):
    """Where the witness keeps its key and memory, and listens."""

    directory: Path
    vkey: str
    port: int

    @classmethod
    def made(cls, directory: Path) -> "WitnessPlace":
        log = TrustedLog(parse_verifier(VKEY))
        with open_witness(directory, "witness.test/storm", [log]) as witness:
            return cls(directory, witness.vkey, free_port(None))

    @property
    def policy(self) -> str:
        """Nothing is published that this witness has not cosigned."""
        cosigner = parse_cosigner(self.vkey)
        witness = Witness("storm", cosigner, f"http://127.0.0.1:{self.port}")
        logs = (TrustedLog(parse_verifier(VKEY)),)
        return policy_text(Policy(logs, (witness,), (Group("all", 1, ("storm",)),), "all"))


class Storm:
    """Made by `open_storm`. `kinds` are the names of what `harm` can do, with their weights."""

    def __init__(
        self, server: Postgres, wires: dict[str, Wire], witness: WitnessPlace, seed: int
    ) -> None:
        self.known = Knowledge()
        self.database = Database(superuser_url=server.admin_url, secrets=server.secrets)
        self._server = server
        self._wires = wires
        self._place = witness
        self._chance = random.Random(seed)  # noqa: S311 - to be repeated
        self._appenders = [self._appender([]) for _ in range(_APPENDERS)]
        self._publishers = [self._publisher() for _ in range(_PUBLISHERS)]
        self._witness = self._witnessing()
        self._harms = self._kinds()
        self.kinds = {name: weight for name, (weight, _) in self._harms.items()}

    def _kinds(self) -> dict[str, tuple[int, Callable[[], Awaitable[None]]]]:
        kinds: dict[str, tuple[int, Callable[[], Awaitable[None]]]] = {
            "appender killed": (14, self._kill_appender),
            "publisher killed": (10, self._kill_publisher),
            "appender and publisher killed": (6, self._kill_both),
            "witness killed": (3, self._kill_witness),
            "server killed": (5, self._kill_server),
            "server and appender killed": (3, self._kill_server_and_appender),
        }
        for role, wire in self._wires.items():
            who = role.removeprefix("registry_")
            kinds[f"{who}: connections reset"] = (4, partial(self._reset, wire))
            kinds[f"{who}: backends terminated"] = (4, partial(self._terminate, role))
            kinds[f"{who}: a backend killed"] = (2, partial(self._kill_backend, role))
            for moment in MOMENTS:
                name = f"{who}: reset {_WORDS[moment]} COMMIT"
                kinds[name] = (6, partial(self._cut_commit, wire, moment))
        return kinds

    async def harm(self, kind: str) -> None:
        """One kill, once there was progress since the last one."""
        await self._progress()
        await asyncio.sleep(self._chance.uniform(0, 0.03))
        await self._harms[kind][1]()

    async def _progress(self) -> None:
        wanted = len(self.known.acknowledged) + _PROGRESS
        await self._until(lambda: len(self.known.acknowledged) >= wanted, "nothing is appended")

    async def _until(self, holds: Callable[[], bool], else_said: str) -> None:
        deadline = time.monotonic() + _PATIENCE
        while not holds():
            assert not self.known.failures, self.known.failures
            assert time.monotonic() < deadline, else_said
            await asyncio.sleep(0.005)

    # What is started, and started anew.

    def _appender(self, left: list[Intent]) -> Appending:
        url = self._url("registry_writer")
        return Appending(self.known, url, left, self._chance.getrandbits(32))

    def _publisher(self) -> Child:
        url = self._url("registry_publisher")
        return Child(children.publish_for_ever, url, self._place.policy, hears=self.known.hear)

    def _witnessing(self) -> Child:
        place = (self._place.directory, VKEY, self._place.port)
        return Child(children.witness_for_ever, *place, hears=self.known.hear)

    def _url(self, role: str) -> str:
        return self._wires[role].url(self.database.role_url(role))

    # What is harmed.

    async def _kill_appender(self) -> None:
        at = self._chance.randrange(_APPENDERS)
        left = await asyncio.to_thread(self._appenders[at].kill)
        self._appenders[at] = self._appender(left)

    async def _kill_publisher(self) -> None:
        at = self._chance.randrange(_PUBLISHERS)
        await asyncio.to_thread(self._publishers[at].kill)
        self._publishers[at] = self._publisher()

    async def _kill_both(self) -> None:
        await asyncio.gather(self._kill_appender(), self._kill_publisher())

    async def _kill_witness(self) -> None:
        await asyncio.to_thread(self._witness.kill)
        self._witness = self._witnessing()

    async def _kill_server(self) -> None:
        kill_postmaster(self._server)
        await restart(self._server)

    async def _kill_server_and_appender(self) -> None:
        await asyncio.gather(self._kill_server(), self._kill_appender())

    async def _reset(self, wire: Wire) -> None:
        wire.cut_all()

    async def _terminate(self, role: str) -> None:
        await asyncio.to_thread(terminate_backends, self.database, role)

    async def _kill_backend(self, role: str) -> None:
        await asyncio.to_thread(kill_backend, self.database, role)

    async def _cut_commit(self, wire: Wire, moment: Moment) -> None:
        """Every other time nobody gets through for a while: what was kept cannot be looked up."""
        outage = self._chance.random() < 0.5

        async def shut() -> None:
            if outage:
                wire.shut()

        trap = Trap(lambda request: request.commits, moment, shut)
        wire.set(trap)
        await self._until(lambda: trap.sprung is not None, "nobody commits")
        await asyncio.sleep(0.1 * outage)
        wire.mend()

    # The end.

    async def settle(self) -> None:
        """Kill every caller; ask for each entry in doubt until it is not; hear the witness."""
        left = [intent for process in self._appenders for intent in process.kill()]
        url = self.database.role_url("registry_writer")
        async with await connected(url) as store, Appender(store, utc_now) as appender:
            for intent in left:
                await children.insist(appender, intent, self.known.hear)
        health = await self._witness_health()
        assert health.status_code == 200, health.text
        self.kill_all()
        assert self._published_alone() == [], "published without the witness"
        assert not self.known.failures, self.known.failures

    async def _witness_health(self) -> httpx.Response:
        """503 when it has seen a fork; it may have been started just now."""
        async with httpx.AsyncClient() as http:
            while True:
                with contextlib.suppress(httpx.TransportError):
                    return await http.get(f"http://127.0.0.1:{self._place.port}/healthz")
                await asyncio.sleep(0.1)

    def _published_alone(self) -> list[int]:
        with psycopg.connect(self.database.superuser_url) as connection:
            rows = connection.execute(
                "SELECT size FROM registry.publication EXCEPT SELECT size FROM registry.cosignature"
            )
            return [size for (size,) in rows]

    def kill_all(self) -> None:
        for appender in self._appenders:
            appender.kill()
        for process in [*self._publishers, self._witness]:
            process.kill()


_WORDS: Final[dict[Moment, str]] = {
    "before": "before",
    "sent": "with the",
    "after": "after the answered",
}


@contextlib.asynccontextmanager
async def open_storm(server: Postgres, directory: Path, seed: int) -> AsyncIterator[Storm]:
    """Two appending and two publishing processes and a witness, each on its wire."""
    async with contextlib.AsyncExitStack() as stack:
        wires = {
            role: await stack.enter_async_context(open_wire(server.admin_url))
            for role in ("registry_writer", "registry_publisher")
        }
        storm = Storm(server, wires, WitnessPlace.made(directory), seed)
        stack.callback(storm.kill_all)
        yield storm
