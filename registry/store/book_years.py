"""What may be wrong with a year of a unit's book, as one question to the database."""

from typing import Final, NamedTuple


class YearFault(NamedTuple):
    """A year of a unit's book that contradicts itself; `expected` and `found` are words."""

    unit_code: str
    year: int
    field: str
    expected: str
    found: str


#: The first and the last moment of a year speak for those between them. A number is open in a
#: closed year when it is neither void nor in any entry.
YEAR_FAULTS: Final = """
WITH span AS (
    SELECT unit_code, year,
           min(reserved_at) AT TIME ZONE 'Asia/Ho_Chi_Minh' AS first,
           max(reserved_at) AT TIME ZONE 'Asia/Ho_Chi_Minh' AS last
    FROM registry.book_number GROUP BY unit_code, year
), volume AS (
    SELECT unit_code, year, volume, book,
           row_number() OVER (PARTITION BY unit_code, year ORDER BY volume) AS place
    FROM registry.book
), named AS (
    SELECT *, lpad(place::text, greatest(2, length(place::text)), '0')
              || '/' || year || '-SCTĐT/BS' AS name
    FROM volume
)
SELECT unit_code, year, 'reserved_at', 'moments of ' || year, first || ' to ' || last
FROM span WHERE date_part('year', first) <> year OR date_part('year', last) <> year
UNION ALL
SELECT unit_code, year, 'volume', 'volume ' || place || ', ' || name,
       'volume ' || volume || ', ' || book
FROM named WHERE volume <> place OR book <> name
UNION ALL
SELECT c.unit_code, c.year, 'number', 'issued or void, since it is closed',
       'number ' || n.number || ' open'
FROM registry.entry c JOIN registry.book_number n USING (unit_code, year)
LEFT JOIN registry.book_void v
    ON (v.unit_code, v.book, v.number) = (n.unit_code, n.book, n.number)
WHERE c.year IS NOT NULL AND v.number IS NULL AND NOT EXISTS (
    SELECT FROM registry.entry e
    WHERE (e.number, e.unit_code, e.book) = (n.number, n.unit_code, n.book))
ORDER BY 1, 2, 3, 5
"""
