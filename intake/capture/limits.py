"""How much one upload may cost us."""

import msgspec

MIB = 1024 * 1024


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Bounds of one bounded task. The defaults serve a dossier scanned at a kiosk.

    `bytes` of the upload; `page_pixels` of one page, room for A3 at 400 dpi (6,614 x 4,677) or a
    64-megapixel phone; `total_pixels` of all pages; `seconds` of wall and of processor time, each;
    `memory` in bytes of address space beyond what the idle worker holds; `written_bytes` the
    largest file that the task may write.
    """

    bytes: int = 50 * MIB
    pages: int = 60
    page_pixels: int = 70_000_000
    total_pixels: int = 600_000_000
    seconds: float = 120.0
    memory: int = 2048 * MIB
    written_bytes: int = 0


DEFAULT_LIMITS = Limits()
