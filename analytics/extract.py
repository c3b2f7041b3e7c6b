"""From the SQL views to polars frames: the only file here that talks to the database.

Both views are read in one repeatable-read transaction, so that the frames and `as_of` describe the
same moment. Rows travel as CSV through COPY: PostgreSQL writes it, polars parses it, and no Python
object is made for a value.
"""

import logging
from datetime import datetime
from io import BytesIO

import msgspec
import polars as pl
import psycopg
from psycopg import sql

from analytics.errors import DatabaseUnreachable, ViewsMissing

log = logging.getLogger(__name__)

CONNECT_SECONDS = 5
STATEMENT_MILLISECONDS = 60_000

COPIES = pl.Schema(
    {
        "entry_index": pl.Int64,
        "local_day": pl.Date,
        "local_hour": pl.Int64,
        "unit_code": pl.String,
        "unit_name": pl.String,
        "document_type": pl.String,
        "channel": pl.String,
        "page_count": pl.Int64,
        "processing_seconds": pl.Float64,
    }
)
DOSSIERS = pl.Schema(
    {
        "local_day": pl.Date,
        "unit_code": pl.String,
        "unit_name": pl.String,
        "document_type": pl.String,
        "channel": pl.String,
        "received": pl.Int64,
        "issued": pl.Int64,
        "refused": pl.Int64,
        "open": pl.Int64,
    }
)


class Extract(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the dashboard shows, as it was at `as_of` (aware, UTC)."""

    copies: pl.DataFrame
    dossiers: pl.DataFrame
    as_of: datetime


def extract(role_url: str) -> Extract:
    """Read both views as the role that `role_url` names.

    Raise `DatabaseUnreachable` when there is no answer, `ViewsMissing` before the migrations.
    """
    try:
        with psycopg.connect(
            role_url,
            connect_timeout=CONNECT_SECONDS,
            application_name="bansao analytics",
            options=f"-c statement_timeout={STATEMENT_MILLISECONDS} -c timezone=UTC",
        ) as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            return Extract(
                as_of=_now(connection),
                copies=_read(connection, "issued_copy", COPIES),
                dossiers=_read(connection, "dossier_day", DOSSIERS),
            )
    except (
        psycopg.errors.UndefinedTable,
        psycopg.errors.UndefinedColumn,
        psycopg.errors.InvalidSchemaName,
    ) as failure:
        log.exception("the analytics views are not those of this version")
        raise ViewsMissing("the analytics views are not those of this version") from failure
    except psycopg.Error as failure:
        log.exception("the database did not answer")
        raise DatabaseUnreachable("the database did not answer") from failure


def _now(connection: psycopg.Connection) -> datetime:
    row = connection.execute("SELECT now()").fetchone()
    if row is None or not isinstance(row[0], datetime):
        raise DatabaseUnreachable("the database has no clock")
    return row[0]


def _read(connection: psycopg.Connection, view: str, schema: pl.Schema) -> pl.DataFrame:
    statement = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT (FORMAT csv)").format(
        sql.SQL(", ").join(sql.Identifier(column) for column in schema),
        sql.Identifier("analytics", view),
    )
    rows = BytesIO()
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for block in copy:
            rows.write(block)
    if not rows.tell():
        return schema.to_frame()
    rows.seek(0)
    return pl.read_csv(rows, has_header=False, schema=schema)
