"""The public log as static files (C2SP tlog-tiles), for any file server, bucket or CDN.

What is written is computed anew from the entries, and leads to the published root before it is
written, so nothing broken gets out. The checkpoint comes last: a reader never sees one whose tiles
are missing, and an export that was cut off is simply run again. No file is ever changed, except
`policy`, which is the newest, and `checkpoint`, which moves only to a tree that continues the one
before.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

import msgspec

from registry.errors import ChainBroken, ExportRefused, LogFileMissing, NothingPublished
from registry.log.checkpoint import Checkpoint
from registry.log.note import NoteRefused
from registry.log.policy import Policy, public_policy
from registry.log.tiles import (
    HEIGHT,
    WIDTH,
    TileBuilder,
    bundle,
    edge_levels,
    root_over_bundles,
    tile_path,
    width_at,
)
from registry.log.tree import leaf_hash
from registry.store import Store
from registry.tile_files import MOST_NOTE_BYTES, TileFiles

#: Whole bundles; so many files are on their way at once, twice with their tiles.
_PAGE: Final = 16 * WIDTH

Progress = Callable[[int, int], None]
Files = Mapping[str, bytes]


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """`size` entries stand at the target; `files` and `bytes` are what this run added."""

    origin: str
    size: int
    files: int
    bytes: int


async def export_tiles(
    store: Store, files: TileFiles, policy: Policy, progress: Progress | None = None
) -> Exported:
    """Bring the target up to the newest published checkpoint; any reading role serves.

    `progress(done, all)` counts entries. Raises ExportRefused when the target holds another log, or
    one that ours does not continue; NothingPublished, ChainBroken, LogUnreachable, LogMalformed.
    """
    async with store.reading() as reading:
        note = await reading.newest_note()
    if note is None:
        raise NothingPublished("the log has no checkpoint yet")
    try:
        checkpoint = policy.open_checkpoint(note)
    except NoteRefused as refusal:
        raise ChainBroken(f"the newest checkpoint: {refusal}") from None
    held = await _held(files, policy)
    _refuse_other(held, checkpoint)
    export = _Export(store, files, checkpoint, held)
    if held is None or held.size < checkpoint.size:
        await export.grow(progress or (lambda done, total: None))
    await export.finish(policy)
    await export.tidy()
    return Exported(
        origin=checkpoint.origin, size=checkpoint.size, files=export.added, bytes=export.added_bytes
    )


async def _held(files: TileFiles, policy: Policy) -> Checkpoint | None:
    """The target's checkpoint, if it has one that our log signed."""
    try:
        return policy.open_log_note(await files.checkpoint())
    except LogFileMissing:
        return None
    except NoteRefused as refusal:
        raise ExportRefused(f"the target's checkpoint: {refusal}") from None


def _refuse_other(held: Checkpoint | None, checkpoint: Checkpoint) -> None:
    if held is None:
        return
    if held.origin != checkpoint.origin:
        raise ExportRefused(f"the target holds the log {held.origin}")
    if held.size > checkpoint.size:
        raise ExportRefused(
            f"the target holds {held.size} entries, this registry has published "
            f"{checkpoint.size}: it was moved back, or is another one"
        )
    if held.size == checkpoint.size and held.root_hash != checkpoint.root_hash:
        raise _forked(held)


def _forked(held: Checkpoint) -> ExportRefused:
    return ExportRefused(
        f"the target holds a signed checkpoint of {held.size} entries that this registry does not "
        "continue: keep both, they prove that history was rewritten"
    )


class _Export:
    def __init__(
        self, store: Store, files: TileFiles, checkpoint: Checkpoint, held: Checkpoint | None
    ) -> None:
        self._store = store
        self._files = files
        self._checkpoint = checkpoint
        self._held = held
        self.added = 0
        self.added_bytes = 0

    async def grow(self, progress: Progress) -> None:
        """Everything below the new checkpoint that is not there, a page at a time."""
        size = self._checkpoint.size
        start = self._held.size // WIDTH * WIDTH if self._held else 0
        roots = await self._published_roots()
        async with self._store.reading() as reading:
            builder = TileBuilder(await reading.edge(start))
        for at in range(start, size, _PAGE):
            bodies = await self._bodies(at, min(at + _PAGE, size))
            page = dict(self._page(builder, at, bodies, roots))
            if builder.size == size and builder.root() != self._checkpoint.root_hash:
                raise ChainBroken(f"checkpoint {size}: the entries lead to another root")
            await self._add(page)
            progress(at + len(bodies), size)
        await self._add(
            {
                f"tile/{tile_path(level, index, len(hashes))}": b"".join(hashes)
                for level, index, hashes in builder.partial_tiles()
            }
        )

    async def finish(self, policy: Policy) -> None:
        """What stands beside the tiles, and then the checkpoint."""
        async with self._store.reading() as reading:
            token = await reading.time_stamp(self._checkpoint.size)
        if token is not None:
            await self._add({f"time-stamp/{self._checkpoint.size}": token})
        await self._replace("policy", public_policy(policy))
        await self._files.settle()
        # Somebody else may have exported meanwhile: a checkpoint never moves back.
        _refuse_other(await _held(self._files, policy), self._checkpoint)
        await self._replace("checkpoint", self._checkpoint.note)
        await self._files.settle()

    async def tidy(self) -> None:
        """Nobody needs what was partial at the target's last checkpoint and is full now."""
        if self._held is None:
            return
        old, new = self._held.size, self._checkpoint.size
        names: list[tuple[int | None, int]] = [(None, old // WIDTH)]
        names += [(level, old >> HEIGHT * (level + 1)) for level in range(edge_levels(old))]
        for level, index in names:
            if width_at(level or 0, index, old) and width_at(level or 0, index, new) == WIDTH:
                await self._files.forget_partial(level, index)

    async def _published_roots(self) -> list[bytes]:
        """The hash over each full bundle, once all of them lead to the signed root."""
        size = self._checkpoint.size
        async with self._store.reading() as reading:
            roots = await reading.bundle_roots(size)
            rest = await reading.partial_tile(0, size // WIDTH, size)
        if root_over_bundles(roots, rest) != self._checkpoint.root_hash:
            raise ChainBroken(f"checkpoint {size}: the stored hashes lead to another root")
        return roots

    async def _bodies(self, start: int, end: int) -> list[bytes]:
        async with self._store.reading() as reading:
            bodies = await reading.bodies(start, end)
        if len(bodies) != end - start:
            raise ChainBroken(f"entries {start} to {end - 1}: some are missing")
        return bodies

    def _page(
        self, builder: TileBuilder, start: int, bodies: Sequence[bytes], roots: Sequence[bytes]
    ) -> Iterator[tuple[str, bytes]]:
        for body in bodies:
            self._compare(builder)
            for tile in builder.append(leaf_hash(body)):
                if tile.level == 0 and tile.root_hash != roots[tile.index]:
                    first = tile.index * WIDTH
                    raise ChainBroken(f"entries {first} to {first + WIDTH - 1}: not as published")
                yield f"tile/{tile_path(tile.level, tile.index)}", tile.hashes
        for at in range(0, len(bodies), WIDTH):
            some = bodies[at : at + WIDTH]
            yield f"tile/{tile_path(None, (start + at) // WIDTH, len(some))}", bundle(some)

    def _compare(self, builder: TileBuilder) -> None:
        """That the tree grows through the target's root is proof that it continues it."""
        held = self._held
        if held and builder.size == held.size and builder.root() != held.root_hash:
            raise _forked(held)

    async def _add(self, files: Files) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for path, content in files.items():
                    group.create_task(self._add_one(path, content))
        except BaseExceptionGroup as failed:  # one reason is enough, and callers know it by name
            raise failed.exceptions[0] from None

    async def _add_one(self, path: str, content: bytes) -> None:
        held = await self._files.read(path, len(content))
        if held is None:
            await self._put(path, content)
        elif held != content:
            raise ExportRefused(f"{path}: the target holds something else there")

    async def _replace(self, path: str, text: str) -> None:
        content = text.encode()
        if await self._files.read(path, MOST_NOTE_BYTES) != content:
            await self._put(path, content)

    async def _put(self, path: str, content: bytes) -> None:
        await self._files.put(path, content)
        self.added += 1
        self.added_bytes += len(content)
