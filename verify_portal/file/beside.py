"""The registered pages beside the submitted ones, as pictures that live in one response.

What is shown as registered came with the file: nobody sees what he did not hold. Nothing is stored.
"""

import asyncio
import base64
from collections.abc import Sequence
from typing import Final

import msgspec

from verify_portal.errors import ExaminationFailed, ExaminersBusy, ExaminersDown
from verify_portal.file.bounded import Examiner
from verify_portal.file.changes import Changes
from verify_portal.file.renderings import rendered

#: A page takes some 100 kB of the answer, twice.
MOST_PAIRS: Final = 3


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """A page's number and picture (a `data:` address) in the registered copy, and in the file; None
    where it has no such page, or where it cannot be drawn.
    """

    registered: int | None
    number: int | None
    registered_picture: str | None = None
    picture: str | None = None


async def pairs_of(content: bytes, changes: Changes, examiner: Examiner) -> tuple[Pair, ...]:
    """Of the pages that changed, else of the first. Empty when nothing can be drawn now."""
    pairs = chosen(changes)
    was = [pair.registered for pair in pairs if pair.registered]
    now = [pair.number for pair in pairs if pair.number]
    before, after = await asyncio.gather(
        _drawn(content[: changes.registered_bytes], was, examiner), _drawn(content, now, examiner)
    )
    if not before and not after:
        return ()
    return tuple(
        msgspec.structs.replace(
            pair, registered_picture=before.get(pair.registered), picture=after.get(pair.number)
        )
        for pair in pairs
    )


def chosen(changes: Changes) -> tuple[Pair, ...]:
    """Which pages are worth a look: those that changed, in order, else the first."""
    changed = tuple(
        Pair(registered=one.registered, number=one.number) for one in changes.pages[:MOST_PAIRS]
    )
    return changed or (Pair(registered=1, number=1),)


async def _drawn(content: bytes, pages: Sequence[int], examiner: Examiner) -> dict[int | None, str]:
    if not pages:
        return {}
    try:
        pictures = await examiner.run(rendered, content, pages)
    except (ExaminationFailed, ExaminersBusy, ExaminersDown):
        return {}
    return {
        page: "data:image/jpeg;base64," + base64.b64encode(picture).decode("ascii")
        for page, picture in zip(pages, pictures, strict=True)
    }
