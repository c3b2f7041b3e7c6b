"""What no audit saves: an entry's values read in the audit's way and hashed, and nothing judged."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from functools import partial
from typing import NamedTuple

import numpy as np

from registry.audit.bulk import laid_out
from registry.audit.columns import hashes, offsets
from registry.audit.file_reading import FileTask, read_stretch
from registry.audit.hashing import hash_links, hash_pairs, hash_values
from registry.audit.quick import PIECE
from registry.audit.stretch import Task
from registry.audit.subtree import Subtree
from registry.certified_copy import COMMITMENT_DOMAIN
from registry.store import Store
from registry.store.walking import Walking
from registry.tile_files import TileFiles


class DatabaseFloor(NamedTuple):
    """Orders as `registry.audit.parallel.Orders`."""

    url: str
    snapshot: str

    async def begin(self, held: AsyncExitStack) -> Callable[[Task], Awaitable[None]]:
        store = await held.enter_async_context(await Store.connect(self.url, connections=1))
        walking = await held.enter_async_context(store.walking())
        await walking.settle(self.snapshot)
        return partial(_rows, walking)


class FileFloor(NamedTuple):
    """Orders as `registry.audit.files.FileOrders`."""

    location: str

    async def begin(self, held: AsyncExitStack) -> Callable[[FileTask], Awaitable[None]]:
        files = await held.enter_async_context(TileFiles.open(self.location))
        return partial(_bundles, files)


async def _rows(walking: Walking, task: Task) -> None:
    leaves = []
    for start in range(task.start, task.end, PIECE):
        end = min(start + PIECE, task.end)
        entries = await walking.entry_columns(start, end)
        copies = await walking.copy_columns(start, end, COMMITMENT_DOMAIN)
        leaves.append(laid_out(entries).leaf_hashes().tobytes())
        hash_links(hashes(entries["prev_hash"]), hashes(entries["leaf_hash"]))
        opening = np.frombuffer(copies["opening"], np.uint8)
        hash_values(opening, offsets(copies["opening_length"]))
    Subtree(task.start, b"".join(leaves), hash_pairs)


async def _bundles(files: TileFiles, task: FileTask) -> None:
    read = await read_stretch(files, task)
    leaves = [some.bodies.leaf_hashes().tobytes() for some in read.bundles]
    Subtree(task.start, b"".join(leaves), hash_pairs)
