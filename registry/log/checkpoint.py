"""The signed statement of a log's size and root (C2SP tlog-checkpoint)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """`note` is the signed note that carries the other three fields; `root_hash` has 32 bytes."""

    origin: str
    size: int
    root_hash: bytes
    note: str
