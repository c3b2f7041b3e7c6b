"""What the clerk reads of the book, who asked for copies included."""

from datetime import datetime
from typing import Any, Final

import asyncpg

from registry.book_line import BookNumber, FiledLine, LineColumns, Totals

#: $1 unit, $2 year, $3 and $4 the moments between which a number was reserved.
_LINES: Final = """
SELECT n.book, n.number, n.reserved_at, v.reason, i.copies, i.revocations,
       l.number IS NOT NULL AS filled, p.number IS NOT NULL AS person,
       l.document_type, l.page_count, l.copies AS ordered, l.signer_name, l.signer_title,
       l.gross, l.subsidy, l.net, p.requester, p.papers, p.title, p.note
FROM registry.book_number n
LEFT JOIN registry.book_void v USING (unit_code, book, number)
LEFT JOIN registry.book_line l USING (unit_code, book, number)
LEFT JOIN registry.book_person p USING (unit_code, book, number)
LEFT JOIN LATERAL (
    SELECT count(DISTINCT e.index) AS copies,
           coalesce(array_agg(r.decision ORDER BY r.index) FILTER (WHERE r.index IS NOT NULL), '{}')
               AS revocations
    FROM registry.entry e
    LEFT JOIN registry.entry r ON r.code_hash = e.code_hash AND r.kind = 'revoked'
    WHERE e.number = n.number AND e.unit_code = n.unit_code AND e.book = n.book
) i ON true
WHERE n.unit_code = $1 AND n.year = $2 AND n.reserved_at >= $3 AND n.reserved_at < $4
"""

_TOTALS: Final = f"""
SELECT count(*) AS numbers, count(*) FILTER (WHERE t.copies > 0) AS issued,
       count(t.reason) AS void, coalesce(sum(t.copies), 0)::bigint AS copies,
       coalesce(sum(t.gross) FILTER (WHERE t.copies > 0), 0)::bigint AS gross,
       coalesce(sum(t.subsidy) FILTER (WHERE t.copies > 0), 0)::bigint AS subsidy,
       coalesce(sum(t.net) FILTER (WHERE t.copies > 0), 0)::bigint AS net
FROM ({_LINES}) t
"""  # noqa: S608 - our own text


class Filing:
    """Inside one REPEATABLE READ, READ ONLY transaction of `registry_clerk`."""

    def __init__(self, connection: "asyncpg.pool.PoolConnectionProxy") -> None:
        self._connection = connection

    async def lines(
        self, unit_code: str, year: int, start: datetime, end: datetime
    ) -> list[FiledLine]:
        """Reserved in [start, end), by number."""
        rows = await self._connection.fetch(
            f"{_LINES} ORDER BY n.number", unit_code, year, start, end
        )
        return [_filed(row) for row in rows]

    async def totals(self, unit_code: str, year: int, start: datetime, end: datetime) -> Totals:
        """As `lines`, summed up."""
        row = await self._connection.fetchrow(_TOTALS, unit_code, year, start, end)
        return Totals(**row)

    async def open_numbers(self, unit_code: str, year: int) -> list[BookNumber]:
        """Neither issued nor void."""
        rows = await self._connection.fetch(
            "SELECT n.book, n.number, n.reserved_at FROM registry.book_number n "
            "LEFT JOIN registry.book_void v USING (unit_code, book, number) "
            "WHERE n.unit_code = $1 AND n.year = $2 AND v.number IS NULL AND NOT EXISTS ("
            "SELECT FROM registry.entry e "
            "WHERE e.number = n.number AND e.unit_code = n.unit_code AND e.book = n.book) "
            "ORDER BY n.number",
            unit_code,
            year,
        )
        return [BookNumber(**row) for row in rows]

    async def volumes(self, unit_code: str, year: int) -> list[str]:
        """Names of the year's volumes, first one first."""
        rows = await self._connection.fetch(
            "SELECT book FROM registry.book WHERE unit_code = $1 AND year = $2 ORDER BY volume",
            unit_code,
            year,
        )
        return [row["book"] for row in rows]


def _filed(row: Any) -> FiledLine:
    return FiledLine(
        number=BookNumber(book=row["book"], number=row["number"], reserved_at=row["reserved_at"]),
        issued=row["copies"],
        void_reason=row["reason"],
        columns=_columns(row) if row["filled"] else None,
        erased=row["filled"] and not row["person"] and row["reason"] is None,
        revocations=row["revocations"],
    )


def _columns(row: Any) -> LineColumns:
    values: dict[str, Any] = {name: row[name] for name in LineColumns.__struct_fields__}
    personal = {name: row[name] or "" for name in ("requester", "papers", "title", "note")}
    return LineColumns(**(values | personal | {"copies": row["ordered"]}))
