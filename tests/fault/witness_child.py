"""A witness that is asked once and kills itself, as `kill -9` would, at a named moment.

    python witness_child.py HOME before|after STEP < request

STEP is a function that deciding goes through; this script, and nothing in the product, wraps it.
"""

import os
import signal
import sys
from pathlib import Path
from typing import Any

from registry.clock import utc_now
from registry.log.note import parse_verifier
from registry.log.witnessing import parse_request
from registry.witness import witness as room
from registry.witness.identity import open_identity
from registry.witness.memory import Turn
from registry.witness.witness import Witness
from tests.testkit.copies import VKEY

OWNERS: dict[str, Any] = {"judge": room, "cosign": room, "keep": Turn, "_cosign": Witness}


def deadly(when: str, step: str) -> None:
    """Have this process killed in front of a step, or behind it."""
    owner, act = OWNERS[step], getattr(OWNERS[step], step)

    def wrapped(*arguments: Any) -> Any:
        if when == "after":
            act(*arguments)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(owner, step, wrapped)


home, when, step = sys.argv[1:]
deadly(when, step)
identity = open_identity(Path(home))
witness = Witness(identity, Path(home), [parse_verifier(VKEY)], utc_now)
sys.stdout.write(witness.add_checkpoint(parse_request(sys.stdin.read())))
