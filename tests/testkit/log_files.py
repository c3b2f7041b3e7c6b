"""A log of made-up entries as files (C2SP tlog-tiles), honest until told to rewrite itself."""

import contextlib
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from registry.log.checkpoint import Checkpoint, sign_checkpoint
from registry.log.proof import consistency_ranges
from registry.log.tiles import tile_path
from registry.log.tree import leaf_hash, root_of
from registry.log.witnessing import AddCheckpoint
from tests.testkit.copies import LOG_KEY, ORIGIN
from tests.testkit.trees import tiles_over


class LogFiles:
    """`bodies` are the entries; `publish` writes what they are now, and nothing older."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.bodies: list[bytes] = []

    def grow(self, count: int, mark: str = "") -> Checkpoint:
        """Append and publish; logs that are grown with other marks have other histories."""
        start = len(self.bodies)
        self.bodies += [f"entry {at} {mark}".encode() for at in range(start, start + count)]
        return self.publish()

    def rewrite(self, index: int) -> Checkpoint:
        """What an administrator does who owns the key and the disk."""
        self.bodies[index] = b"another entry"
        return self.publish()

    def cut(self, size: int) -> Checkpoint:
        """Set back to an earlier size."""
        del self.bodies[size:]
        return self.publish()

    def publish(self) -> Checkpoint:
        shutil.rmtree(self.directory / "tile", ignore_errors=True)
        for (level, index), hashes in tiles_over(self.bodies).items():
            path = self.directory / "tile" / tile_path(level, index, len(hashes))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"".join(hashes))
        checkpoint = self.checkpoint(len(self.bodies))
        self.directory.mkdir(parents=True, exist_ok=True)
        (self.directory / "checkpoint").write_text(checkpoint.note, "utf-8")
        return checkpoint

    def serve_older(self, size: int) -> Checkpoint:
        """As a cache does: an older checkpoint beside newer tiles."""
        checkpoint = self.checkpoint(size)
        (self.directory / "checkpoint").write_text(checkpoint.note, "utf-8")
        return checkpoint

    def checkpoint(self, size: int) -> Checkpoint:
        return sign_checkpoint(ORIGIN, size, self._root(0, size), LOG_KEY)

    def request(self, old: int, new: int) -> AddCheckpoint:
        """What the log asks of a witness that has cosigned `old`."""
        ranges = consistency_ranges(old, new) if old else []
        proof = tuple(self._root(start, end) for start, end in ranges)
        return AddCheckpoint(old, proof, self.checkpoint(new).note)

    @contextlib.contextmanager
    def served(self) -> Iterator[str]:
        """The directory over HTTP, at the address which this yields."""
        with serving(self.directory) as url:
            yield url

    def _root(self, start: int, end: int) -> bytes:
        return root_of(leaf_hash(body) for body in self.bodies[start:end])


@contextlib.contextmanager
def serving(directory: Path) -> Iterator[str]:
    """A file server on the loopback."""
    handler = partial(_Silent, directory=str(directory))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Silent."""
