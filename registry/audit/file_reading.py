"""The files of one stretch of a log, as somebody serves them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeVar

import msgspec

from registry.audit.bundles import NO_BUNDLE, Bundle, Bundles, take_apart
from registry.audit.report import Findings
from registry.audit.subtree import LEVELS_INSIDE, STRETCH
from registry.errors import LogMalformed
from registry.log.tiles import WIDTH, tile_path, width_at
from registry.tile_files import TileFiles

_AT_ONCE: Final = 16
#: Bundles read together; see `registry.audit.quick.PIECE`.
TOGETHER: Final = 64
_T = TypeVar("_T")


class FileTask(msgspec.Struct, frozen=True):
    """Entries [start, end) of a log of `size`; `sizes` as in `registry.audit.stretch.Task`."""

    start: int
    end: int
    size: int
    sizes: list[int]


class StretchFiles(msgspec.Struct, frozen=True):
    """What could be read, in order: `bundles`, some together; `there` says of each whether it is,
    and in form; `tiles` of level 0, None for such as are not. `findings` name those.

    `upper`: the tile above these, None also where nothing is above; `above`: the hash over the
    whole stretch, if there is one.
    """

    bundles: list[Bundles]
    there: list[bool]
    tiles: list[list[bytes] | None]
    upper: list[bytes] | None
    above: bytes | None
    findings: Findings


async def read_stretch(files: TileFiles, task: FileTask) -> StretchFiles:
    """Raises LogUnreachable."""
    findings = Findings()

    async def tile(index: int) -> list[bytes] | None:
        return await read_tile(files, 0, index, task.size, findings)

    indexes = range(task.start // WIDTH, -(-task.end // WIDTH))
    bundles, there = list[Bundles](), list[bool]()
    for first in range(0, len(indexes), TOGETHER):
        some = indexes[first : first + TOGETHER]
        read, readable = await _read_bundles(files, some, task.size, findings)
        bundles.append(read)
        there += readable
    place = task.start // STRETCH
    index, at = divmod(place, WIDTH)
    # What is wrong with the tile up there is said where its level is compared.
    highest = await read_tile(files, LEVELS_INSIDE, index, task.size, Findings())
    return StretchFiles(
        bundles,
        there,
        await _each(tile, indexes),
        await read_tile(files, 1, place, task.size, findings),
        highest[at] if highest is not None and at < len(highest) else None,
        findings,
    )


async def _read_bundles(
    files: TileFiles, indexes: range, size: int, findings: Findings
) -> tuple[Bundles, list[bool]]:
    """Some together, and which of them there are, in form."""

    async def read(index: int) -> Bundle:
        width = width_at(0, index, size)
        try:
            return Bundle(*await files.bundle(index, width), width)
        except LogMalformed as error:
            _blame_bundle(index, width, _fault(error), findings)
            return NO_BUNDLE

    found = await _each(read, indexes)
    bundles = take_apart(found)
    there = []
    for index, bundle, sound in zip(indexes, found, bundles.sound.tolist(), strict=True):
        if not sound:
            _blame_bundle(index, bundle.asked, f"not {bundle.held} entries", findings)
        there.append(sound and bundle.held > 0)
    return bundles, there


def _blame_bundle(index: int, width: int, fault: str, findings: Findings) -> None:
    where = f"tile/{tile_path(None, index, width)}"
    findings.add("file", where, "content", f"{width} entries", fault)


async def _each(read: Callable[[int], Awaitable[_T]], indexes: Sequence[int]) -> list[_T]:
    """In order, some at once. A task for each would cost more than reading a file does."""
    found: dict[int, _T] = {}
    waiting = iter(indexes)

    async def some() -> None:
        for index in waiting:
            found[index] = await read(index)

    await asyncio.gather(*(some() for _ in range(_AT_ONCE)))
    return [found[index] for index in indexes]


async def read_tile(
    files: TileFiles, level: int, index: int, size: int, findings: Findings
) -> list[bytes] | None:
    """A tile as it is in a log of `size`; None when there is nothing to it, or when nothing of it
    can be read, which `findings` then say.
    """
    width = width_at(level, index, size)
    if width == 0:
        return None
    try:
        return await files.tile(level, index, width)
    except LogMalformed as error:
        where = f"tile/{tile_path(level, index, width)}"
        findings.add("file", where, "content", f"{width} hashes", _fault(error))
        return None


def _fault(error: LogMalformed) -> str:
    """Without the path that stands before it."""
    return str(error).rpartition(": ")[2]
