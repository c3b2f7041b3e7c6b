"""A copy's place in the status lists, drawn before its seal is printed."""

import itertools
import secrets
from collections.abc import Callable
from typing import Final

from registry.code import code_hash
from registry.status_list import CAPACITY, Place
from registry.store import Store

#: So many taken places in a row, and the next list begins: it happens at about half full. The rest
#: stay decoys, so that a list's size does not tell how many copies there are.
_DRAWS: Final = 16


async def reserve_place(
    store: Store, code: str, draw: Callable[[int], int] = secrets.randbelow
) -> Place:
    """The place of this code: the one it has already, else a free one by lot.

    Needs `registry_writer`. `draw` gives a number below its argument. Raises MalformedCode,
    RegistryUnavailable.
    """
    hashed = code_hash(code)
    async with store.placing() as placing:
        for number in itertools.count(await placing.newest_list()):
            for _ in range(_DRAWS):
                if already := await placing.place_of(hashed):
                    return already
                drawn = Place(number, draw(CAPACITY))
                if await placing.take(hashed, drawn):
                    return drawn
    raise AssertionError("lists are never exhausted")
