"""Structures that asn1crypto has built, made ready to be written down.

asn1crypto encodes what was built anew whenever it is asked for, each level several times; and it
takes a length whose last byte is 0x80 for an indefinite one, whereupon it encodes everything below
once more, certificates included (its issue 249). Together: a certificate that happens to be 568
bytes long made each signature of its owner take 14 seconds.
"""

from typing import Any

from asn1crypto import core


def settle(value: Any) -> None:
    """Encode each level that was built or changed once, from the innermost outwards; what was read
    stays as it came.

    `value` is a value of asn1crypto's. Changes to its parts have no effect any more.
    """
    if isinstance(value, core.Choice):
        settle(value.chosen)
    # Nothing public encodes a level without those below it, or tells which ones were changed.
    elif isinstance(value, core.Sequence | core.SequenceOf) and value._is_mutated():
        for part in value.children:
            settle(part)
        value._set_contents()
        value._mutated = False
