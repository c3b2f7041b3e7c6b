"""Checking offline what the log holds about a code: nothing, its issue alone, or more."""

from pathlib import Path

import msgspec

from bansao.verification import Verification, base64_root, text_of, trusted_log
from registry.clock import utc_now
from registry.code import code_hash, parse_code
from registry.errors import MalformedCode
from registry.log.map_proof import check_map_proof, is_map_proof
from registry.log.proof import ProofRefused


def holds_map_proof(proof: Path) -> bool:
    """Whether a file calls itself a proof about a code, rather than one of an entry."""
    try:
        return is_map_proof(text_of(proof))
    except ProofRefused:
        return False


def verify_by_map(trust: Path, code: str, proof: Path) -> Verification:
    """Check a code against a map proof and the policy of `trust`, and nothing else.

    `unknown`: no entry of this code was in the log up to the checkpoint. `valid`: it was issued and
    nothing had been entered about it since. With later entries this file alone cannot tell.
    """
    fields: dict[str, object] = {"offline": True, "checked_at": msgspec.to_builtins(utc_now())}
    policy = trusted_log(trust)
    try:
        fields["code"] = parse_code(code)
        held = check_map_proof(text_of(proof), code_hash(code), policy)
    except MalformedCode as fault:
        return Verification(verdict="malformed", fields=fields, reasons=[str(fault)])
    except ProofRefused as refusal:
        reason = f"the proof does not hold: {refusal}"
        return Verification(verdict="altered", fields=fields, reasons=[reason])
    seen, found = held.checkpoint, held.found
    fields |= {
        "checkpoint": {
            "origin": seen.origin,
            "size": seen.size,
            "root": base64_root(seen.root_hash),
        },
        "cosigned": policy.cosigned_by(seen.note),  # witness of the policy → POSIX time
    }
    until = f"up to {seen.size} entries of {seen.origin}"
    if found is None:
        reason = f"no entry is about this code {until}"
        return Verification(verdict="unknown", fields=fields, reasons=[reason])
    fields |= {"index": found.latest, "entries": found.count}
    if found.count == 1:
        reason = f"entry {found.latest} is the only one about it {until}: nothing was decided since"
        return Verification(verdict="valid", fields=fields, reasons=[reason])
    reason = (
        f"{found.count} entries are about it {until}, entry {found.latest} the last: ask online"
    )
    return Verification(verdict="unavailable", fields=fields, reasons=[reason])
