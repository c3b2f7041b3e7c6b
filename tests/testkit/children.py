"""Processes that append, publish and witness for ever, to be killed; each tells what it knows.

Whatever a process does that others may later hold it to, it tells before: what it is going to
append, what it is about to sign. What it was told, it tells at once.
"""

import asyncio
import logging
import multiprocessing
import random
from collections.abc import Callable, Iterable
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from threading import Thread
from typing import Any, Literal, NamedTuple

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from registry.append import Appender
from registry.certified_copy import CertifiedCopy, Receipt
from registry.clock import utc_now
from registry.code import code_hash
from registry.errors import RegistryUnavailable
from registry.log.policy import parse_policy
from registry.publish import Publisher
from registry.store import Store
from tests.testkit.copies import LOG_KEY, ORIGIN, decided, made_up_copy, reserved_copy

_CALLERS = 4  # in one process: they share transactions
_COPIES_OF_A_LINE = 20
#: A new process in milliseconds: it is forked from one that has imported everything.
_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(["pytest", "tests.testkit.children", "bansao.witness"])

Kind = Literal["issued", "revoked"]
#: Which entry: its kind and the hash of its code.
Key = tuple[Kind, bytes]


class Intent(NamedTuple):
    """One entry that somebody wants in the book. `doubtful`: it may be there already."""

    kind: Kind
    copy: CertifiedCopy
    doubtful: bool = False

    @property
    def key(self) -> Key:
        return self.kind, code_hash(self.copy.code)


class Intends(NamedTuple):
    intent: Intent


class Doubts(NamedTuple):
    """The caller was told that nobody knows; it asks again."""

    key: Key


class Has(msgspec.Struct, frozen=True):
    """A receipt. `kept_before`: for an entry that was in doubt, whether it was there already."""

    key: Key
    index: int
    kept_before: bool | None


class Signs(NamedTuple):
    """The log's key is asked to sign this text."""

    text: str


class Failed(NamedTuple):
    """Something happened that never should."""

    what: str


Told = Intends | Doubts | Has | Signs | Failed


class Child:
    """A running process; `hears` gets what it tells, in a thread, until it ends."""

    def __init__(
        self, work: Callable[..., None], *args: Any, hears: Callable[[Told], None]
    ) -> None:
        self._ear, mouth = _FORKING.Pipe(duplex=False)
        self._process: ForkServerProcess = _FORKING.Process(
            target=_tell_failures, args=(work, mouth, *args), daemon=True
        )
        self._process.start()
        mouth.close()
        self._listening = Thread(target=self._listen, args=(hears,), daemon=True)
        self._listening.start()

    def kill(self) -> None:
        """kill -9; afterwards everything that it had told has been heard."""
        self._process.kill()
        self._process.join()
        self._listening.join()

    def wait(self) -> None:
        """Until it has ended, in whatever way."""
        self._listening.join()

    def _listen(self, hears: Callable[[Told], None]) -> None:
        with self._ear:
            while True:
                try:
                    told = self._ear.recv()
                except (EOFError, OSError):  # it ended, perhaps in the middle of a word
                    return
                hears(told)


def _tell_failures(work: Callable[..., None], told: Connection, *args: Any) -> None:
    logging.disable()
    try:
        work(told, *args)
    except Exception as failure:  # noqa: BLE001 - the parent fails with it
        told.send(Failed(f"{work.__name__}: {failure!r}"))


def append_once(told: Connection, url: str, copy: CertifiedCopy) -> None:
    """One copy."""

    async def work() -> None:
        async with await Store.connect(url) as store, Appender(store, utc_now) as appender:
            intent = Intent("issued", copy)
            receipt = await act(appender, intent)
            told.send(Has(intent.key, receipt.index, kept_before=None))

    asyncio.run(work())


def append_for_ever(told: Connection, url: str, first: Iterable[Intent], seed: int) -> None:
    """Four callers who insist on a receipt; `first` are acts that another process left behind."""

    async def work() -> None:
        async with await _connected(url) as store, Appender(store, utc_now) as appender:
            caller = _Caller(store, appender, told, random.Random(seed))  # noqa: S311
            todo = list(first)
            await asyncio.gather(*(caller.work(todo) for _ in range(_CALLERS)))

    asyncio.run(work())


class _Caller:
    def __init__(
        self, store: Store, appender: Appender, told: Connection, chance: random.Random
    ) -> None:
        self._store = store
        self._appender = appender
        self._told = told
        self._chance = chance

    async def work(self, todo: list[Intent]) -> None:
        while todo:
            await insist(self._appender, todo.pop(), self._told.send)
        while True:
            line = await self._reserved()
            for _ in range(_COPIES_OF_A_LINE):
                copy = made_up_copy(line.book, line.number)
                await insist(self._appender, Intent("issued", copy), self._told.send)
                if self._chance.random() < 0.2:
                    await insist(self._appender, Intent("revoked", copy), self._told.send)

    async def _reserved(self) -> CertifiedCopy:
        while True:
            try:
                return await reserved_copy(self._store)
            except RegistryUnavailable:
                await asyncio.sleep(0.02)


async def insist(appender: Appender, intent: Intent, tell: Callable[[Told], None]) -> None:
    """Ask until there is a receipt."""
    tell(Intends(intent))
    doubtful = intent.doubtful
    while True:
        asked_at = utc_now()
        try:
            receipt = await act(appender, intent)
        except RegistryUnavailable:
            tell(Doubts(intent.key))
            doubtful = True
            await asyncio.sleep(0.02)
        else:
            kept_before = receipt.registered_at < asked_at if doubtful else None
            tell(Has(intent.key, receipt.index, kept_before))
            return


async def act(appender: Appender, intent: Intent) -> Receipt:
    """What was intended; the errors are the appender's."""
    if intent.kind == "issued":
        return await appender.register(intent.copy)
    code = intent.copy.code
    return await appender.revoke(code, **decided("7/QĐ-UBND"))


class TellingKey:
    """The tests' log key; tells what it signs before anybody can have it."""

    def __init__(self, told: Connection) -> None:
        self._told = told

    def sign(self, text: bytes) -> bytes:
        self._told.send(Signs(text.decode()))
        return LOG_KEY.sign(text)

    def public_key(self) -> Ed25519PublicKey:
        return LOG_KEY.public_key()


def publish_for_ever(told: Connection, url: str, policy: str) -> None:
    """One publisher of perhaps several; `policy` names the witness that it asks."""

    async def work() -> None:
        key: Any = TellingKey(told)
        async with (
            await _connected(url) as store,
            Publisher(store, key, ORIGIN, utc_now, parse_policy(policy)) as publisher,
        ):
            while True:
                try:
                    await publisher.advance()
                except RegistryUnavailable:
                    await asyncio.sleep(0.02)
                await asyncio.sleep(0.01)

    asyncio.run(work())


def witness_for_ever(told: Connection, directory: Path, vkey: str, port: int) -> None:
    """The real witness, asked by publishers."""
    from bansao.witness import open_witness, serve  # noqa: PLC0415 - a front door, slow to load
    from registry.log.note import parse_verifier  # noqa: PLC0415
    from registry.log.policy import TrustedLog  # noqa: PLC0415

    with open_witness(directory, None, [TrustedLog(parse_verifier(vkey))]) as witness:
        serve(witness, [], "127.0.0.1", port, 60.0, lambda: None)


async def _connected(url: str) -> Store:
    while True:
        try:
            return await Store.connect(url)
        except RegistryUnavailable:
            await asyncio.sleep(0.02)
