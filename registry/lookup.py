"""Finding a copy, as of the newest checkpoint, with its proof."""

import msgspec

from registry.certified_copy import Facts
from registry.entry import Issued
from registry.log.checkpoint import Checkpoint
from registry.status import Status
from registry.store import Store


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """`facts` is None when the person was erased. All of it is true at `checkpoint`."""

    index: int
    entry: Issued
    facts: Facts | None
    status: Status
    checkpoint: Checkpoint


async def find_by_code(store: Store, code: str) -> Found | None:
    raise NotImplementedError


async def find_by_digest(store: Store, pdf_digest: bytes) -> Found | None:
    raise NotImplementedError


async def latest_checkpoint(store: Store) -> Checkpoint:
    raise NotImplementedError


async def inclusion_proof(store: Store, index: int) -> str:
    raise NotImplementedError
