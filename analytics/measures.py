"""What is counted and timed, from the rows of the views (pure polars).

`copies` frames have one row per issued copy (`extract.COPIES`), `dossiers` frames one row per day,
unit, type and channel (`extract.DOSSIERS`). Processing time runs from the hand-over of the papers
(event `submitted`) to the copy's release (event `issued`): what the citizen waits, queue included.
Percentiles interpolate linearly between neighbours.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import msgspec
import polars as pl

BY_HAND_MINUTES = 15
GOAL_MINUTES = 5
STRETCH_MINUTES = 3


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """The reader's filters: both days included; no unit or type named means all of them."""

    first: date
    last: date
    units: Sequence[str] = ()
    document_types: Sequence[str] = ()


class Headline(msgspec.Struct, frozen=True, kw_only=True):
    """The few numbers that a leader reads first; None where there is nothing to measure."""

    copies: int
    pages: int
    p50_minutes: float | None
    p90_minutes: float | None
    within_goal: float | None
    refused: float | None
    waiting: int


def select(rows: pl.DataFrame, selection: Selection) -> pl.DataFrame:
    """Keep the rows of either frame that the filters name."""
    kept = pl.col("local_day").is_between(selection.first, selection.last)
    if selection.units:
        kept &= pl.col("unit_code").is_in(list(selection.units))
    if selection.document_types:
        kept &= pl.col("document_type").is_in(list(selection.document_types))
    return rows.filter(kept)


def headline(copies: pl.DataFrame, dossiers: pl.DataFrame) -> Headline:
    """Sum up the selected rows."""
    if copies.is_empty():
        p50 = p90 = within_goal = None
    else:
        p50, p90, within_goal = copies.select(*_timing()).row(0)
    return Headline(
        copies=copies.height,
        pages=total(copies, "page_count"),
        p50_minutes=p50,
        p90_minutes=p90,
        within_goal=within_goal,
        refused=refused_share(dossiers),
        waiting=total(dossiers, "open"),
    )


def total(rows: pl.DataFrame, column: str) -> int:
    """The sum of a column of counts; 0 when there are no rows."""
    return int(rows[column].sum())


def refused_share(dossiers: pl.DataFrame) -> float | None:
    """Refused dossiers among those decided, 0 to 1; None before the first decision."""
    refused, issued = total(dossiers, "refused"), total(dossiers, "issued")
    return refused / (refused + issued) if refused + issued else None


def copies_per_day(copies: pl.DataFrame, first: date, last: date) -> pl.DataFrame:
    """`local_day`, `copies`: a row for every day from `first` to `last`, zero included."""
    days = (last - first).days + 1
    calendar = pl.DataFrame(
        {"local_day": [first + timedelta(days=n) for n in range(days)]},
        schema={"local_day": pl.Date},
    )
    counted = copies.group_by("local_day").agg(pl.len().alias("copies"))
    return calendar.join(counted, on="local_day", how="left", maintain_order="left").with_columns(
        pl.col("copies").fill_null(0)
    )


def processing_time_per_day(copies: pl.DataFrame) -> pl.DataFrame:
    """`local_day`, `copies`, `p50_minutes`, `p90_minutes`, `within_goal`; only days with copies."""
    return copies.group_by("local_day").agg(pl.len().alias("copies"), *_timing()).sort("local_day")


def breakdown(copies: pl.DataFrame, dossiers: pl.DataFrame, key: str) -> pl.DataFrame:
    """One row per value of `key`, most copies first.

    The key, `copies`, `pages`, `p50_minutes`, `p90_minutes`, `within_goal` (by day of issue), and
    `refused` (share) and `open` (by day of receipt). A value without copies has 0 and nulls.
    """
    issued = copies.group_by(key).agg(
        pl.len().alias("copies"), pl.col("page_count").sum().alias("pages"), *_timing()
    )
    decided = pl.col("refused").sum() + pl.col("issued").sum()
    received = dossiers.group_by(key).agg(
        pl.when(decided > 0).then(pl.col("refused").sum() / decided).alias("refused"),
        pl.col("open").sum(),
    )
    return (
        issued.join(received, on=key, how="full", coalesce=True)
        .with_columns(pl.col("copies", "pages", "open").fill_null(0))
        .sort("copies", key, descending=[True, False])
    )


def copies_by_hour(copies: pl.DataFrame) -> pl.DataFrame:
    """`local_hour` 0 to 23, `copies`, and `per_day`: their mean over the days with any copy."""
    days = max(copies["local_day"].n_unique(), 1)
    hours = pl.DataFrame({"local_hour": range(24)}, schema={"local_hour": pl.Int64})
    counted = copies.group_by("local_hour").agg(pl.len().alias("copies"))
    return hours.join(counted, on="local_hour", how="left", maintain_order="left").select(
        "local_hour",
        pl.col("copies").fill_null(0),
        (pl.col("copies").fill_null(0) / days).alias("per_day"),
    )


def _timing() -> tuple[pl.Expr, ...]:
    seconds = pl.col("processing_seconds")
    return (
        (seconds.quantile(0.5, "linear") / 60).alias("p50_minutes"),
        (seconds.quantile(0.9, "linear") / 60).alias("p90_minutes"),
        (seconds <= GOAL_MINUTES * 60).mean().alias("within_goal"),
    )
