"""A process that certifies one dossier and kills itself, as `kill -9` would, at a named moment.

    python certify_child.py DOSSIER before|after STEP

STEP is a function that certifying goes through; this script, and nothing in the product, wraps it.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from typing import Any
from uuid import UUID

from intake.blobs import Blobs
from intake.certify import certify as room
from intake.certify.certify import Certifier
from intake.certify.opening import open_certifier
from intake.certify.store import CertificationStore
from intake.edges import open_edges
from intake.settings import Settings
from registry.append import Appender
from registry.clock import utc_now

OWNERS: dict[str, Any] = {
    "begin": CertificationStore,
    "reserve_number": room,
    "keep_number": CertificationStore,
    "lay_out": room,
    "sign": room,
    "put": Blobs,
    "keep_file": CertificationStore,
    "register": Appender,
    "keep_receipt": CertificationStore,
    "_await_checkpoint": Certifier,
    "_release": Certifier,
}


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def deadly(step: Callable[..., Any], moment: str) -> Callable[..., Any]:
    async def awaited(*args: Any, **named: Any) -> Any:
        if moment == "before":
            die()
        await step(*args, **named)
        die()

    def called(*args: Any, **named: Any) -> Any:
        if moment == "before":
            die()
        step(*args, **named)
        die()

    return awaited if asyncio.iscoroutinefunction(step) else called


async def main(dossier: str, moment: str, step: str) -> None:
    owner = OWNERS[step]
    setattr(owner, step, deadly(getattr(owner, step), moment))
    async with (
        open_edges(Settings.from_env(os.environ), utc_now) as edges,
        open_certifier(edges) as certifier,
    ):
        await certifier.certify(UUID(dossier))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
