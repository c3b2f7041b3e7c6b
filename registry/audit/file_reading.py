"""The files of one stretch of a log, as somebody serves them."""

import asyncio
from typing import Final

import msgspec

from registry.audit.report import Findings
from registry.audit.subtree import LEVELS_INSIDE, STRETCH
from registry.errors import LogMalformed
from registry.log.tiles import WIDTH, tile_path, width_at
from registry.tile_files import TileFiles

_AT_ONCE: Final = 16


class FileTask(msgspec.Struct, frozen=True):
    """Entries [start, end) of a log of `size`; `sizes` as in `registry.audit.stretch.Task`."""

    start: int
    end: int
    size: int
    sizes: list[int]


class StretchFiles(msgspec.Struct, frozen=True):
    """What could be read, None for a file that is missing or malformed: `findings` name those.

    `bundles` and `tiles` (of level 0) in order; `upper`: the tile above these, None also where
    nothing is above; `above`: the hash over the whole stretch, if there is one.
    """

    bundles: list[list[bytes] | None]
    tiles: list[list[bytes] | None]
    upper: list[bytes] | None
    above: bytes | None
    findings: Findings


async def read_stretch(files: TileFiles, task: FileTask) -> StretchFiles:
    """Raises LogUnreachable."""
    findings, turn = Findings(), asyncio.Semaphore(_AT_ONCE)

    async def get(level: int | None, index: int) -> list[bytes] | None:
        async with turn:
            return await read_file(files, level, index, task.size, findings)

    indexes = range(task.start // WIDTH, -(-task.end // WIDTH))
    place = task.start // STRETCH
    index, at = divmod(place, WIDTH)
    # What is wrong with the tile up there is said where its level is compared.
    highest = await read_file(files, LEVELS_INSIDE, index, task.size, Findings())
    return StretchFiles(
        await asyncio.gather(*(get(None, index) for index in indexes)),
        await asyncio.gather(*(get(0, index) for index in indexes)),
        await get(1, place),
        highest[at] if highest is not None and at < len(highest) else None,
        findings,
    )


async def read_file(
    files: TileFiles, level: int | None, index: int, size: int, findings: Findings
) -> list[bytes] | None:
    """A tile, or a bundle (level None), as it is in a log of `size`; None when there is nothing to
    it, or nothing of it can be read, which `findings` then say.
    """
    width = width_at(level or 0, index, size)
    if width == 0:
        return None
    try:
        if level is None:
            return await files.entries(index, width)
        return await files.tile(level, index, width)
    except LogMalformed as error:
        where = f"tile/{tile_path(level, index, width)}"
        expected = f"{width} {'entries' if level is None else 'hashes'}"
        findings.add("file", where, "content", expected, str(error).rpartition(": ")[2])
        return None
