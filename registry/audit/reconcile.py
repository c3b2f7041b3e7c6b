"""A file of the log against what lies below it: which of the two is wrong, told by what is above
(pure).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from registry.audit.report import Findings
from registry.log.tiles import WIDTH, tile_path
from registry.log.tree import perfect_root

Hashes = Sequence[bytes | None]
Trust = Literal["below", "stored"]


@dataclass(frozen=True, slots=True)
class Sides:
    """Tile (level, index) as its own file has it (None: no such file), and as what lies below
    makes it (None for what could not be read). `above`: the hash over all of it, as the tile above
    has it; None at the ragged edge, where there is none.
    """

    level: int
    index: int
    below: Hashes
    stored: Sequence[bytes] | None
    above: bytes | None


def reconcile(sides: Sides, findings: Findings, *, trust: Trust) -> Hashes:
    """Name what differs; returns the hashes to go on with. `trust` decides where nothing above
    can.
    """
    stored = sides.stored
    if stored is None:
        return sides.below
    differing = [at for at, hash_ in enumerate(sides.below) if hash_ not in {None, stored[at]}]
    if not differing:
        return stored
    if _root(stored) == sides.above is not None:
        trust = "stored"
    elif _root(sides.below) == sides.above is not None:
        trust = "below"
    for at in differing:
        below = sides.below[at]
        if trust == "below":
            where = f"tile/{tile_path(sides.level, sides.index, len(stored))}"
            findings.add("tile", where, f"hash {at}", below, stored[at])
        else:
            _blame_below(sides, at, stored[at], below, findings)
    return stored if trust == "stored" else sides.below


def _blame_below(
    sides: Sides, at: int, expected: bytes, found: bytes | None, findings: Findings
) -> None:
    position = sides.index * WIDTH + at
    if sides.level == 0:
        findings.add("entry", entry_place(position), "leaf_hash", expected, found)
    else:
        where = f"tile/{tile_path(sides.level - 1, position)}"
        findings.add("tile", where, "root_hash", expected, found)


def entry_place(index: int) -> str:
    """Where an entry is, in words."""
    return f"entry {index} in tile/{tile_path(None, index // WIDTH)}"


def _root(hashes: Hashes) -> bytes | None:
    """Over a full tile of which everything is known."""
    known = [one for one in hashes if one is not None]
    return perfect_root(known) if len(known) == WIDTH else None
