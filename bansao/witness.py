"""The witness as a process: its web application, its followers, its end."""

import asyncio
import logging
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from bansao.errors import ChildDied, PortTaken
from bansao.ports import is_free
from registry.clock import utc_now
from registry.log.note import Verifier
from registry.log.policy import TrustedLog
from registry.witness.app import WitnessApp
from registry.witness.following import PATIENCE, Follower, keep_following
from registry.witness.identity import open_identity
from registry.witness.standing import Standing, standings
from registry.witness.witness import Witness

# More requests than this at once wait outside: each may hold 128 KB for ten seconds.
_MOST_REQUESTS = 256


@contextmanager
def open_witness(
    directory: Path, name: str | None, logs: Sequence[TrustedLog]
) -> Iterator[Witness]:
    """The witness of this directory, which it makes; raises WitnessMemoryLost."""
    identity = open_identity(directory, name)
    with identity.memory:
        yield Witness(identity, directory, [log.verifier for log in logs], utc_now)


def followers(
    witness: Witness, logs: Sequence[TrustedLog], peers: Sequence[str], patience: int = PATIENCE
) -> list[Follower]:
    """One for each log that has an address."""
    keys: dict[str, list[Verifier]] = {}
    addresses: dict[str, str] = {}
    for log in logs:
        keys.setdefault(log.verifier.name, []).append(log.verifier)
        if log.url:
            addresses.setdefault(log.verifier.name, log.url)
    return [
        Follower(witness, keys[origin], address, peers=peers, patience=patience)
        for origin, address in addresses.items()
    ]


def look_once(witness: Witness, logs: Sequence[TrustedLog], peers: Sequence[str]) -> list[Standing]:
    """One look at each log. A doubt is an alarm at once, since nobody looks again."""
    following = followers(witness, logs, peers, patience=1)

    async def look(follower: Follower) -> None:
        await follower.look()
        await follower.close()

    async def look_at_all() -> None:
        await asyncio.gather(*(look(follower) for follower in following))

    asyncio.run(look_at_all())
    return standings(witness, following)


def serve(
    witness: Witness,
    following: Sequence[Follower],
    host: str,
    port: int,
    seconds: float,
    ready: Callable[[], None],
) -> None:
    """Answer and follow until SIGTERM or Ctrl-C; `ready` is called once it listens."""
    if not is_free(host, port):
        raise PortTaken(f"port {port} of {host} is taken: choose another with --listen")
    logging.getLogger("_granian").setLevel(logging.ERROR)  # it warns of being embedded
    asyncio.run(_serve(witness, following, host, port, seconds, ready))


async def _serve(
    witness: Witness,
    following: Sequence[Follower],
    host: str,
    port: int,
    seconds: float,
    ready: Callable[[], None],
) -> None:
    from granian.constants import Interfaces
    from granian.server.embed import Server

    # In this process: the state of the followers is what /healthz tells.
    server = Server(
        WitnessApp(witness, following),
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        websockets=False,
        backpressure=_MOST_REQUESTS,
        log_enabled=False,
    )
    stop: Callable[[], None] = server.stop
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    serving = asyncio.create_task(server.serve())
    tasks = [asyncio.create_task(keep_following(one, seconds)) for one in following]
    loop.call_soon(ready)
    await asyncio.wait([serving, *tasks], return_when=asyncio.FIRST_COMPLETED)
    stop()
    for task in tasks:
        task.cancel()
    with suppress(asyncio.CancelledError):
        await asyncio.gather(serving, *tasks)
    if not server.interrupt_signal:
        raise ChildDied("the witness's web server ended by itself")
