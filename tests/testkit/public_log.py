"""A log of real entries as a directory, written without the registry, to be tampered with."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import msgspec

from registry.entry import Closed, Entry, Issued, StatusChange, body
from registry.log.checkpoint import Checkpoint, sign_checkpoint
from registry.log.tiles import WIDTH, bundle, tile_path
from registry.log.tree import leaf_hash, root_of
from tests.testkit.copies import LOG_KEY, NOW, ORIGIN
from tests.testkit.trees import tiles_over


def issued(index: int) -> Issued:
    return Issued(
        code_hash=_digest(f"code {index}"),
        occurred_at=NOW + timedelta(seconds=index),
        pdf_digest=_digest(f"pdf {index}"),
        commitment=_digest(f"commitment {index}"),
        signer_fingerprint=_digest("signer"),
        seal_fingerprint=_digest("seal"),
        unit_code="00004",
        book="01/2026-SCTĐT/BS",
        number=index + 1,
        certified_at=NOW,
    )


def revoked(index: int, of: int) -> StatusChange:
    return StatusChange(
        code_hash=_digest(f"code {of}"),
        occurred_at=NOW + timedelta(seconds=index),
        kind="revoked",
        decision="12/QĐ",
        decided_on=NOW.date(),
    )


def superseded(index: int, of: int, by: int) -> StatusChange:
    change = msgspec.structs.replace(revoked(index, of), kind="superseded")
    return msgspec.structs.replace(change, successor=_digest(f"code {by}"))


def closed(index: int) -> Closed:
    return Closed(
        occurred_at=NOW + timedelta(seconds=index),
        unit_code="00004",
        year=2026,
        numbers=index,
        void=0,
        pdf_digest=_digest(f"closing {index}"),
    )


def honest(size: int) -> list[Entry]:
    """Copies, and after every hundredth a revocation of it."""
    return [revoked(at, at - 1) if at % 100 == 99 else issued(at) for at in range(size)]


class PublicLog:
    """The files of a log of these entries below `directory`."""

    def __init__(self, directory: Path, entries: Sequence[Entry]) -> None:
        self.directory = directory
        self.bodies = [body(entry) for entry in entries]
        self.write()

    def checkpoint(self, size: int | None = None) -> Checkpoint:
        bodies = self.bodies[:size]
        root = root_of(leaf_hash(one) for one in bodies)
        return sign_checkpoint(ORIGIN, len(bodies), root, LOG_KEY)

    def write(self) -> None:
        """Everything, checkpoint included."""
        for at in range(0, len(self.bodies), WIDTH):
            some = self.bodies[at : at + WIDTH]
            self._write(tile_path(None, at // WIDTH, len(some)), bundle(some))
        for (level, index), hashes in tiles_over(self.bodies).items():
            self._write(tile_path(level, index, len(hashes)), b"".join(hashes))
        self.directory.mkdir(exist_ok=True)
        (self.directory / "checkpoint").write_text(self.checkpoint().note, "utf-8")

    def change(self, path: str, change: Callable[[bytes], bytes]) -> None:
        """One file below `tile/`."""
        file = self.directory / "tile" / path
        file.write_bytes(change(file.read_bytes()))

    def _write(self, path: str, content: bytes) -> None:
        file = self.directory / "tile" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
