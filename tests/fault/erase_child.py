"""A process that erases one copy, or gives one dossier up, and kills itself at a named moment.

    python erase_child.py CODE|DOSSIER before|after STEP

STEP is a function that erasing goes through; this script, and nothing in the product, wraps it.
"""

import asyncio
import os
import sys
from datetime import date
from typing import Any
from uuid import UUID

from intake.blobs import Blobs
from intake.edges import open_edges
from intake.erasure import store, withdraw
from intake.erasure.erase import Decision, open_eraser
from intake.settings import Settings
from registry.append import Appender
from registry.clock import utc_now
from registry.store import Store as Registry
from tests.fault.certify_child import deadly

DECISION = Decision(
    decision="5/QĐ-UBND", decided_on=date(2026, 11, 22), decided_by="minh", entered_by="lan"
)
#: Of an issued copy, and of a dossier whose number is reserved.
ERASING: dict[str, Any] = {
    "ask": store,
    "erase": Appender,
    "forget": store,
    "drop": Blobs,
    "finish": store,
}
WITHDRAWING: dict[str, Any] = {
    "void_number": withdraw,
    "forget": store,
    "drop": Blobs,
    "finish": store,
}


async def main(subject: str, moment: str, step: str) -> None:
    withdrawing = len(subject) == len(str(UUID(int=0)))
    owner = (WITHDRAWING if withdrawing else ERASING)[step]
    setattr(owner, step, deadly(getattr(owner, step), moment))
    async with open_edges(Settings.from_env(os.environ), utc_now) as edges:
        if not withdrawing:
            async with open_eraser(edges) as eraser:
                await eraser.erase(subject, DECISION)
            return
        url = edges.settings.registry.role_url("registry_writer")
        async with await Registry.connect(url) as writer:
            await withdraw.withdraw(edges, UUID(subject), actor="citizen", registry=writer)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
