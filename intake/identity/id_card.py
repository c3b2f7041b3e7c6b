"""What an identity card says about its holder (pure).

Neither the QR nor the MRZ is signed: whoever prints a card prints both. They spare typing and they
can contradict each other; they prove nothing.
"""

from datetime import date
from typing import Literal

import msgspec

Sex = Literal["male", "female"]
Source = Literal["qr", "mrz"]


class IdCard(msgspec.Struct, frozen=True, kw_only=True):
    """A card's facts; `sources` names what they were read from, best first.

    `full_name` keeps its Vietnamese letters (NFC) when it comes from the QR; the MRZ holds plain
    A–Z only. `expires_on` is None for a card without end as well as for one whose end is not known.
    """

    number: str
    full_name: str
    born_on: date
    sex: Sex
    old_number: str | None = None
    address: str | None = None
    issued_on: date | None = None
    expires_on: date | None = None
    sources: tuple[Source, ...]
