"""Which stored facts are surely in RFC 8785 form, by the thousand (pure; polars).

Facts of one kind of document differ in their values only. What one of them looks like without its
values is learnt from it, once the exact judgement has passed it; whatever looks like it is in that
form too, as long as no value needs escaping.
"""

import re
from typing import Final

import numpy as np
import polars as pl

from registry.audit.entries import canonical
from registry.audit.hashing import spans
from registry.audit.matrix import Bytes, Mask, Offsets

#: Kinds looked for among neighbours; what is of none of them is left to the exact judgement.
_KINDS: Final = 16
_PARTS: Final = re.compile(r'(?P<name>"[^"]*":)|(?P<text>"[^"]*")|(?P<number>[0-9]+)|[{},]')
_TEXT: Final = r'"[^"\\\x00-\x1f]*"'
#: Doubles hold all whole numbers of fifteen digits.
_NUMBER: Final = "(?:0|[1-9][0-9]{0,14})"
_SPECIAL: Final = re.compile(r"[.+*?()|\[\]{}^$\\]")


def surely_canonical(joined: Bytes, starts: Offsets, lengths: Offsets) -> Mask:
    """Of each of the facts, which are the `lengths[i]` bytes from `starts[i]` on."""
    values = pl.Series(spans(joined, starts, lengths))
    sure = np.zeros(len(starts), np.bool_)
    try:
        texts = values.cast(pl.String)
    except pl.exceptions.ComputeError:  # not UTF-8, which the database does not store
        return sure
    left = np.arange(len(starts))
    for _ in range(_KINDS):
        if not len(left):
            break
        first = values[int(left[0])]
        shape = _shape(first.decode()) if canonical(first) else None
        if shape is None:
            left = left[1:]
            continue
        alike = texts.gather(left).str.contains(shape).fill_null(value=False).to_numpy()
        sure[left[alike]] = True
        left = left[~alike]
    return sure


def _shape(facts: str) -> str | None:
    """A regular expression for all facts that differ from these, which are in their one form, in
    values that need no escaping. None for what has no such shape.
    """
    shape, at = [], 0
    while part := _PARTS.match(facts, at):
        at = part.end()
        if part["text"]:
            shape.append(_TEXT)
        elif part["number"]:
            shape.append(_NUMBER)
        else:
            shape.append(_SPECIAL.sub(r"\\\g<0>", part[0]))
    return f"^{''.join(shape)}$" if at == len(facts) and "\\" not in facts else None
