"""The authority data as rules want them, read at one moment."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

import asyncpg

from registry.authority.records import (
    Certificate,
    Delegation,
    Officer,
    Position,
    Records,
    Term,
    Unit,
)

_ENDED: Final = "(SELECT min(e.ended_at) FROM registry.ending e WHERE e.{0} = t.{1}) AS ended"
_UNITS: Final = f"""
SELECT t.id, t.code, t.name, t.kind, t.valid_from, t.valid_until, {_ENDED.format("unit", "id")}
FROM registry.unit t WHERE $1::text IS NULL OR t.code = $1 ORDER BY t.id
"""  # noqa: S608 - our own names
_POSITIONS: Final = f"""
SELECT t.id, t.officer, t.unit_code, t.office, t.title, t.valid_from, t.valid_until,
    {_ENDED.format("position", "id")}
FROM registry.position t
WHERE $1::text IS NULL OR t.unit_code = $1 OR t.officer = ANY($2) ORDER BY t.id
"""  # noqa: S608 - our own names
_DELEGATIONS: Final = f"""
SELECT t.id, t.position, t.officer, t.instrument, t.dated, t.scope, t.prefix,
    t.valid_from, t.valid_until, {_ENDED.format("delegation", "id")}
FROM registry.delegation t WHERE t.position = ANY($1) ORDER BY t.id
"""  # noqa: S608 - our own names
_OFFICERS: Final = """
SELECT id, officer, full_name FROM registry.officer
WHERE $1::text IS NULL OR officer = ANY($2) ORDER BY id
"""
# X.509's notAfter still counts; terms are half-open, and X.509 knows whole seconds.
_CERTIFICATES: Final = f"""
SELECT t.fingerprint, t.officer, s.unit_code, t.not_before,
    t.not_after + interval '1 second' AS valid_until, {_ENDED.format("certificate", "fingerprint")}
FROM registry.certificate t LEFT JOIN registry.seal s USING (fingerprint)
WHERE $1::bytea[] IS NULL OR t.fingerprint = ANY($1) ORDER BY t.entered_at, t.fingerprint
"""  # noqa: S608 - our own names
_TRAIL: Final = " UNION ALL ".join(
    f"SELECT entered_at, entered_by, '{table}' AS what, "  # noqa: S608 - our own names
    "(to_jsonb(t) - '{entered_at,entered_by,der}'::text[])::text AS row "
    f"FROM registry.{table} t"
    for table in ("unit", "officer", "position", "delegation", "certificate", "seal", "ending")
)


class TrailRow(NamedTuple):
    """One row that was entered, as JSON text without its time and author."""

    entered_at: datetime
    entered_by: str
    what: str
    row: str


class Authority:
    """Reads by any role of the registry, inside one transaction with one snapshot."""

    def __init__(self, connection: "asyncpg.pool.PoolConnectionProxy") -> None:
        self._connection = connection

    async def is_entered(self) -> bool:
        """Whether any unit was ever entered; before that, nobody is asked for authority."""
        found: bool = await self._connection.fetchval("SELECT EXISTS (SELECT FROM registry.unit)")
        return found

    async def everything(self) -> Records:
        return await self._records(None, (), None)

    async def about(
        self, unit_code: str, *, officers: Sequence[str] = (), fingerprints: Sequence[bytes] = ()
    ) -> Records:
        """What answers for one unit, these officers and the owners of these certificates."""
        return await self._records(unit_code, officers, fingerprints)

    async def trail(self) -> list[TrailRow]:
        """Everything that was ever entered, in the order in which it was."""
        rows = await self._connection.fetch(f"{_TRAIL} ORDER BY entered_at, what")
        return [TrailRow(*row) for row in rows]

    async def _records(
        self, unit_code: str | None, officers: Sequence[str], fingerprints: Sequence[bytes] | None
    ) -> Records:
        certificates = await self._certificates(fingerprints)
        asked = {*officers, *(one.officer for one in certificates if one.officer is not None)}
        positions = await self._positions(unit_code, list(asked))
        asked |= {one.officer for one in positions}
        names = await self._connection.fetch(_OFFICERS, unit_code, list(asked))
        return Records(
            units=await self._units(unit_code),
            officers=tuple(Officer(**row) for row in names),
            positions=positions,
            delegations=await self._delegations([one.id for one in positions]),
            certificates=certificates,
        )

    async def _units(self, unit_code: str | None) -> tuple[Unit, ...]:
        rows = await self._connection.fetch(_UNITS, unit_code)
        return tuple(
            Unit(
                id=row["id"], code=row["code"], name=row["name"], kind=row["kind"], term=_term(row)
            )
            for row in rows
        )

    async def _positions(self, unit_code: str | None, officers: list[str]) -> tuple[Position, ...]:
        rows = await self._connection.fetch(_POSITIONS, unit_code, officers)
        return tuple(
            Position(
                id=row["id"],
                officer=row["officer"],
                unit_code=row["unit_code"],
                office=row["office"],
                title=row["title"],
                term=_term(row),
            )
            for row in rows
        )

    async def _delegations(self, positions: list[int]) -> tuple[Delegation, ...]:
        rows = await self._connection.fetch(_DELEGATIONS, positions)
        return tuple(
            Delegation(
                id=row["id"],
                position=row["position"],
                officer=row["officer"],
                instrument=row["instrument"],
                dated=row["dated"],
                scope=frozenset(row["scope"]),
                prefix=row["prefix"],
                term=_term(row),
            )
            for row in rows
        )

    async def _certificates(self, fingerprints: Sequence[bytes] | None) -> tuple[Certificate, ...]:
        rows = await self._connection.fetch(_CERTIFICATES, fingerprints)
        return tuple(
            Certificate(
                fingerprint=row["fingerprint"],
                officer=row["officer"],
                unit_code=row["unit_code"],
                term=Term(row["not_before"], row["valid_until"], row["ended"]),
            )
            for row in rows
        )


def _term(row: asyncpg.Record) -> Term:
    return Term(row["valid_from"], row["valid_until"], row["ended"])
