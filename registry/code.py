"""Verification codes: what stands on paper, is typed by people and finds a copy.

18 symbols of Crockford's base32 in three groups, `XXXXXX-XXXXXX-XXXXXX`: 16 random symbols
(80 bits) and two Reed-Solomon check symbols over GF(32). The code has distance 3, so one wrong
symbol and one swap of neighbours never pass, and a single wrong symbol is located.
"""

import re
import secrets
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, reduce
from hashlib import sha256
from operator import getitem, xor
from typing import Final, NamedTuple

from registry.errors import MalformedCode

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SYMBOLS: Final = 18
RANDOM_BITS: Final = 80

_LOOK_ALIKES: Final = {"O": "0", "I": "1", "L": "1"}
_NO_SYMBOL: Final = 0xFF
#: Translation tables: the value of each letter as it is typed, and the symbol of each value.
_VALUES: Final = bytes(
    ALPHABET.find(_LOOK_ALIKES.get(chr(byte), chr(byte))) & _NO_SYMBOL  # -1 becomes 0xFF
    for byte in range(256)
)
_SYMBOLS_OF: Final = ALPHABET.encode().ljust(256, b"?")
_SEPARATORS: Final = re.compile(r"[\s\-\u00ad\u2010-\u2015\u2212]+")
_IN_TEXT: Final = re.compile(
    r"(?<![0-9A-Za-z_-])[0-9A-Za-z]{6}([-\u2010-\u2015]?)[0-9A-Za-z]{6}\1[0-9A-Za-z]{6}(?![0-9A-Za-z_-])"
)
#: What a person may take for a code, well-formed or not; captured without its lookahead, so that
#: none hides the beginning of another.
_LIKE_A_CODE: Final = re.compile(
    r"(?<![0-9A-Za-z])(?=([0-9A-Za-z]{6}([\s\-\u2010-\u2015]?)[0-9A-Za-z]{6}\2[0-9A-Za-z]{6})(?![0-9A-Za-z]))"
)
_HASH_DOMAIN: Final = b"bansao code v1\n"


def _powers() -> tuple[int, ...]:
    """Powers of a, a root of x^5 + x^2 + 1, which generates GF(32)*."""
    powers = [1]
    while len(powers) < 31:
        doubled = powers[-1] << 1
        powers.append(doubled ^ 0b100101 if doubled & 0b100000 else doubled)
    return tuple(powers)


_EXP: Final = _powers()
_LOG: Final = {power: exponent for exponent, power in enumerate(_EXP)}


def _times(a: int, b: int) -> int:
    return _EXP[(_LOG[a] + _LOG[b]) % 31] if a and b else 0


#: [i][value]: what a symbol at i adds to both syndromes, the first one in the upper five bits.
_ADDED: Final = [
    [_times(value, _EXP[i % 31]) << 5 | _times(value, _EXP[2 * i % 31]) for value in range(32)]
    for i in range(SYMBOLS)
]


def _syndromes(values: Iterable[int]) -> tuple[int, int]:
    """The word as a polynomial with values[i] at x^i, at a and at a^2; both 0 for a good code."""
    both = reduce(xor, map(getitem, _ADDED, values))
    return both >> 5, both & 31


def _with_checks(values: Sequence[int]) -> list[int]:
    """Append the two symbols c16, c17 that make both syndromes vanish.

    With p = a^16 and q = a^17: c16*p + c17*q = s1 and c16*p^2 + c17*q^2 = s2.
    """
    s1, s2 = _syndromes(values)
    p, q = _EXP[16], _EXP[17]
    c17 = _times(s2 ^ _times(s1, p), _inverse(_times(q, p ^ q)))
    c16 = _times(s1 ^ _times(c17, q), _inverse(p))
    return [*values, c16, c17]


def _inverse(a: int) -> int:
    return _EXP[-_LOG[a] % 31]


def new_code(random_bits: Callable[[int], int] = secrets.randbits) -> str:
    """A fresh code; `random_bits(80)` must come from a cryptographic source."""
    number = random_bits(RANDOM_BITS)
    values = [number >> shift & 31 for shift in range(RANDOM_BITS - 5, -1, -5)]
    return _grouped("".join(ALPHABET[value] for value in _with_checks(values)))


def _grouped(symbols: str) -> str:
    return f"{symbols[:6]}-{symbols[6:12]}-{symbols[12:]}"


def parse_code(text: str) -> str:
    """The code in its printed form, from any case, spacing and look-alikes.

    Raises MalformedCode with the probable fault.
    """
    return _read(text).printed


def code_hash(code: str) -> bytes:
    """SHA-256 of the code's 18 symbols under a domain of its own: what the public log holds.

    Reads like `parse_code`.
    """
    return _read(code).hashed


class _Code(NamedTuple):
    printed: str
    hashed: bytes


# Whoever is answered has his code read several times on the way: to look it up, to show it, to tag
# it in the log.
@lru_cache(4096)
def _read(text: str) -> _Code:
    # As bytes, since every lookup is then one call for the whole code.
    values = text.encode("ascii", "replace").translate(_VALUES, b"-")
    if len(values) != SYMBOLS or _NO_SYMBOL in values:  # not as it is printed
        values = _typed(text)
    _refuse_faults(values)
    symbols = values.translate(_SYMBOLS_OF)
    return _Code(_grouped(symbols.decode("ascii")), sha256(_HASH_DOMAIN + symbols).digest())


def _typed(text: str) -> bytes:
    """The values of 18 symbols in any case and spacing."""
    symbols = _SEPARATORS.sub("", text).upper()
    if len(symbols) != SYMBOLS:
        raise MalformedCode("length")
    values = symbols.encode("ascii", "replace").translate(_VALUES)
    if _NO_SYMBOL in values:
        raise MalformedCode("alphabet", values.index(_NO_SYMBOL))
    return values


def _refuse_faults(values: Sequence[int]) -> None:
    """One error e at i gives (e*X, e*X^2) with X = a^i; a swap gives d*X*(1+a) and its square form.

    Both explanations can fit at once; a single wrong symbol is then the one that is named.
    """
    s1, s2 = _syndromes(values)
    if not s1 and not s2:
        return
    if s1 and s2:
        ratio = _LOG[s2] - _LOG[s1]
        if ratio % 31 < SYMBOLS:
            raise MalformedCode("character", ratio % 31)
        swapped = (ratio - _LOG[1 ^ _EXP[1]]) % 31
        difference = _times(s2, _inverse(_times(_EXP[ratio % 31], _EXP[ratio % 31])))
        if swapped < SYMBOLS - 1 and values[swapped] ^ values[swapped + 1] == difference:
            raise MalformedCode("swapped", swapped)
    raise MalformedCode("several")


def find_codes(text: str) -> list[str]:
    """Well-formed codes inside free text (a URL, a PDF's text), in order, each once."""
    found: dict[str, None] = {}
    for match in _IN_TEXT.finditer(text):
        try:
            found[parse_code(match.group())] = None
        except MalformedCode:
            continue
    return list(found)


def is_ambiguous(text: str) -> bool:
    """Whether it shows more than one thing that a person may take for a code: which of them he
    means, nobody can tell.
    """
    shown = {match[1] for match in _LIKE_A_CODE.finditer(text)}
    likely = (one for one in shown if one.isupper() or any(map(str.isdigit, one)))
    return len({_SEPARATORS.sub("", one).upper() for one in likely}) > 1
