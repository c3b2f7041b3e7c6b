"""A log's files (C2SP tlog-tiles): checkpoint, tiles and bundles of entries, read and written.

What comes back is split, and exactly as long as it was asked for; nothing more is checked here.
Whoever reads must hold it against a checkpoint that they trust.
"""

from types import TracebackType
from typing import Final, Self

from registry.errors import LogFileMissing, LogMalformed
from registry.log.tiles import WIDTH, split_bundle, split_hashes, tile_path
from registry.log.tree import HASH_BYTES
from registry.places import Place, open_place

#: A note with a hundred signatures, the largest kind, has half of it.
MOST_NOTE_BYTES: Final = 1_000_000
_MOST_ENTRY_BYTES: Final = 2 + 0xFFFF


class TileFiles:
    """The log at one place: `async with TileFiles.open(location) as files`.

    Reading raises LogUnreachable (now nothing can be said), LogMalformed (it is no log's file) and
    LogFileMissing (the place answers, and has it not).
    """

    def __init__(self, place: Place) -> None:
        self._place = place

    @classmethod
    def open(cls, location: str, *, create: bool = False) -> Self:
        """`location` as in `registry.places.open_place`; raises LogUnreachable."""
        return cls(open_place(location, create=create))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Give the connections back."""
        await self._place.close()

    async def checkpoint(self) -> str:
        """The newest signed note, nothing of it checked."""
        content = await self.read("checkpoint", MOST_NOTE_BYTES)
        if content is None:
            raise LogFileMissing("checkpoint: there is none")
        try:
            return content.decode()
        except UnicodeDecodeError:
            raise LogMalformed("checkpoint: not UTF-8") from None

    async def tile(self, level: int, index: int, width: int = WIDTH) -> list[bytes]:
        """The first `width` hashes of a tile: from the partial file, else from the full one."""
        content, found = await self._widest(level, index, width, HASH_BYTES)
        if len(content) != found * HASH_BYTES:
            raise LogMalformed(f"tile/{tile_path(level, index, found)}: not {found} hashes")
        return split_hashes(content[: width * HASH_BYTES])

    async def entries(self, index: int, width: int = WIDTH) -> list[bytes]:
        """The bodies of entries [256*index, 256*index + width), found as by `tile`."""
        content, found = await self.bundle(index, width)
        try:
            bodies = split_bundle(content)
        except ValueError:
            bodies = []
        if len(bodies) != found:
            raise LogMalformed(f"tile/{tile_path(None, index, found)}: not {found} entries")
        return bodies[:width]

    async def bundle(self, index: int, width: int = WIDTH) -> tuple[bytes, int]:
        """A bundle as it is served, not split, and how many entries it must hold: `width`, or those
        of the full one.
        """
        return await self._widest(None, index, width, _MOST_ENTRY_BYTES)

    async def read(self, path: str, most_bytes: int) -> bytes | None:
        """Any file of the log, None when there is none."""
        return await self._place.read(path, most_bytes)

    async def put(self, path: str, content: bytes) -> None:
        """Write a file whole, with the headers that C2SP wants; raises LogUnreachable."""
        await self._place.write(path, content, _headers(path))

    async def forget_partial(self, level: int | None, index: int) -> None:
        """Remove a tile's partial files, once the full one is there, as a log may."""
        await self._place.remove(f"tile/{tile_path(level, index)}.p/")

    async def settle(self) -> None:
        """Return once what was put survives a power cut."""
        await self._place.settle()

    async def _widest(
        self, level: int | None, index: int, width: int, unit_bytes: int
    ) -> tuple[bytes, int]:
        """The content of the file with `width` units, else of the full one, and which it was."""
        for found in {width: None, WIDTH: None}:
            path = f"tile/{tile_path(level, index, found)}"
            content = await self.read(path, found * unit_bytes)
            if content is not None:
                return content, found
        raise LogFileMissing(f"tile/{tile_path(level, index, width)}: there is none")


def _headers(path: str) -> dict[str, str]:
    """As the portal sends them: what is immutable for ever, what is partial while it is asked for,
    and the newest checkpoint for hardly longer than it is the newest.
    """
    kind, keep = "text/plain; charset=utf-8", "public, max-age=60"
    if path == "checkpoint":
        keep = "public, max-age=1, must-revalidate"
    elif path.startswith("tile/"):
        seconds = 3600 if ".p/" in path else 31536000
        kind, keep = "application/octet-stream", f"public, max-age={seconds}, immutable"
    elif path.startswith("time-stamp/"):
        kind, keep = "application/vnd.etsi.timestamp-token", "public, max-age=31536000, immutable"
    return {"Content-Type": kind, "Cache-Control": keep}
