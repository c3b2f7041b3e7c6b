"""What electronic copies spare, as lower bounds whose assumptions stand beside them (pure).

Paper. A copy certified by hand is at least one photocopy of every page of the original, on sheets
used on both sides, with the certification text on the last page (Decree 23/2015/NĐ-CP, article 20,
tells pages and sheets apart, so both sides may be used). How many photocopies and how many pages a
sheet are the reader's choice on the page, because people commonly ask for several copies.

Work. By hand a dossier takes an officer 15 minutes (the figure of Hanoi's smart kiosk project). Of
that, the entire processing time of the electronic copy is taken off as if the officer had worked
through all of it, waiting included; a copy that took longer counts as nothing saved, never as a
loss that others make up for.
"""

import msgspec
import polars as pl

from analytics.measures import BY_HAND_MINUTES

HOURS_A_DAY = 8


class PaperByHand(msgspec.Struct, frozen=True, kw_only=True):
    """How the same dossier would have been photocopied."""

    copies: int = 1
    pages_per_sheet: int = 2

    def __post_init__(self) -> None:
        if self.copies < 0 or self.pages_per_sheet < 1:
            raise ValueError("copies must be 0 or more and pages per sheet 1 or more")


def sheets_saved(copies: pl.DataFrame, by_hand: PaperByHand) -> int:
    """Sheets of paper that nobody photocopied for the issued `copies` (needs `page_count`)."""
    return int(copies.select(_sheets(by_hand)).item())


def hours_saved(copies: pl.DataFrame) -> float:
    """Hours of officers' work spared by the issued `copies` (needs `processing_seconds`)."""
    return float(copies.select(_hours()).item())


def saved_by(copies: pl.DataFrame, key: str, by_hand: PaperByHand) -> pl.DataFrame:
    """The key, `copies`, `sheets`, `hours`: one row per value of the key."""
    return copies.group_by(key).agg(pl.len().alias("copies"), _sheets(by_hand), _hours())


def _sheets(by_hand: PaperByHand) -> pl.Expr:
    a_copy = (pl.col("page_count") + by_hand.pages_per_sheet - 1) // by_hand.pages_per_sheet
    return (a_copy.sum() * by_hand.copies).alias("sheets")


def _hours() -> pl.Expr:
    spared = (BY_HAND_MINUTES * 60 - pl.col("processing_seconds")).clip(lower_bound=0)
    return (spared.sum() / 3600).alias("hours")
