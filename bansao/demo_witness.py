"""The demo's witness, and the policy that lists it: proofs then carry a cosignature.

It runs on the machine of the log that it watches, so it proves no more than the log does; it shows
how one that others run is heard. `quorum none`, since nobody should need it.
"""

from pathlib import Path
from typing import Final

from bansao.settings import Settings
from registry.log.cosignature import parse_cosigner
from registry.log.note import parse_verifier
from registry.log.policy import Policy, TrustedLog, Witness, policy_text
from registry.witness.identity import open_identity

_OURS: Final = (
    "# Written by `bansao demo` at each start; without this line it is yours and stays.\n"
)


def ensure_witness(settings: Settings, portal_url: str, witness_url: str) -> list[str]:
    """Make the witness's key and `trust/log.policy`; returns the arguments that start it.

    A policy that somebody else wrote is kept.
    """
    directory, policy = settings.data / "witness", settings.trust / "log.policy"
    identity = open_identity(directory)
    identity.memory.close()
    if not policy.exists() or policy.read_text("utf-8").startswith(_OURS):
        log = parse_verifier((settings.trust / "log.vkey").read_text("utf-8"))
        listed = Policy(
            logs=(TrustedLog(log, f"{portal_url}/log"),),
            witnesses=(Witness("demo", parse_cosigner(identity.vkey), witness_url),),
        )
        _write(policy, _OURS + policy_text(listed))
    listen = witness_url.removeprefix("http://")
    return ["witness", "--data", str(directory), "--policy", str(policy), "--listen", listen]


def _write(path: Path, text: str) -> None:
    """Whole or not at all: every process of the installation reads it when it starts."""
    draft = path.with_name(f".{path.name}-draft")
    draft.write_text(text, "utf-8")
    draft.replace(path)
