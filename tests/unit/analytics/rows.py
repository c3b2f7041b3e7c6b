"""Rows as the SQL views give them, made up for tests."""

from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from analytics.extract import COPIES, DOSSIERS, Extract

DAY = date(2026, 11, 20)
AS_OF = datetime(2026, 11, 22, 2, 15, 30, tzinfo=UTC)


def copies(*rows: dict[str, Any]) -> pl.DataFrame:
    """Issued copies; what a row does not say is an ordinary diploma, issued in four minutes."""
    usual = {
        "local_day": DAY,
        "local_hour": 9,
        "unit_code": "00070",
        "unit_name": "Phường Hoàn Kiếm",
        "document_type": "diploma",
        "channel": "kiosk",
        "page_count": 1,
        "processing_seconds": 240.0,
    }
    return pl.DataFrame(
        [{"entry_index": n} | usual | row for n, row in enumerate(rows)], schema=COPIES
    )


def dossiers(*rows: dict[str, Any]) -> pl.DataFrame:
    """Dossiers received, by day and place; counts that a row does not say are zero."""
    usual = {
        "local_day": DAY,
        "unit_code": "00070",
        "unit_name": "Phường Hoàn Kiếm",
        "document_type": "diploma",
        "channel": "kiosk",
        "received": 0,
        "issued": 0,
        "refused": 0,
        "open": 0,
    }
    return pl.DataFrame([usual | row for row in rows], schema=DOSSIERS)


def snapshot(copies: pl.DataFrame, dossiers: pl.DataFrame) -> Extract:
    return Extract(copies=copies, dossiers=dossiers, as_of=AS_OF)
