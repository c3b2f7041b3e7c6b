"""Entering authority data, as the role registry_admin: rows are added, each with who entered it.

What stands already with the same content is not entered again: a command repeated by mistake
changes nothing and is told the row that stands.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

import asyncpg

from registry.authority.records import Act, EndKind, Kind, Office, Prefix
from registry.authority.refusals import AuthorityConflict

_Row = dict[str, Any]
_NOT_ENDED: Final = "NOT EXISTS (SELECT FROM registry.ending e WHERE e.{0} = t.id)"


class Entered(NamedTuple):
    """The row's number, 0 for a certificate's or seal's, and whether it is new."""

    id: int
    new: bool


class Entering:
    """Made by `Store.entering`; everything it enters is kept together or not at all."""

    def __init__(self, connection: "asyncpg.pool.PoolConnectionProxy") -> None:
        self._connection = connection

    @classmethod
    async def in_turn(cls, connection: "asyncpg.pool.PoolConnectionProxy") -> "Entering":
        await connection.execute("SELECT registry.lock_authority()")
        return cls(connection)

    async def unit(
        self,
        code: str,
        *,
        name: str,
        kind: Kind,
        valid_from: datetime,
        valid_until: datetime | None = None,
        by: str,
    ) -> Entered:
        """A unit; entered once more with another name, it has that name from `valid_from` on."""
        row: _Row = {"code": code, "name": name, "kind": kind}
        row |= {"valid_from": valid_from, "valid_until": valid_until}
        return await self._enter("unit", row, by, only=_latest("unit", "code"))

    async def officer(self, officer: str, *, full_name: str, by: str) -> Entered:
        """An officer; entered once more with another name, that is the name."""
        row: _Row = {"officer": officer, "full_name": full_name}
        return await self._enter("officer", row, by, only=_latest("officer", "officer"))

    async def position(
        self,
        officer: str,
        *,
        unit_code: str,
        office: Office,
        title: str,
        valid_from: datetime,
        valid_until: datetime | None = None,
        by: str,
    ) -> Entered:
        row: _Row = {"officer": officer, "unit_code": unit_code, "office": office, "title": title}
        row |= {"valid_from": valid_from, "valid_until": valid_until}
        return await self._enter("position", row, by, only=_NOT_ENDED.format("position"))

    async def delegation(
        self,
        officer: str,
        *,
        position: int,
        instrument: str,
        dated: date,
        scope: Sequence[Act],
        prefix: Prefix,
        valid_from: datetime,
        valid_until: datetime | None = None,
        by: str,
    ) -> Entered:
        """`position` is the chairman's."""
        row: _Row = {"officer": officer, "position": position, "instrument": instrument}
        row |= {"dated": dated, "scope": sorted(scope), "prefix": prefix}
        row |= {"valid_from": valid_from, "valid_until": valid_until}
        return await self._enter("delegation", row, by, only=_NOT_ENDED.format("delegation"))

    async def certificate(
        self,
        fingerprint: bytes,
        der: bytes,
        *,
        officer: str | None,
        not_before: datetime,
        not_after: datetime,
        by: str,
    ) -> Entered:
        """An officer's certificate, or with None one that `seal` gives to a unit."""
        row: _Row = {"fingerprint": fingerprint, "der": der, "officer": officer}
        row |= {"not_before": not_before, "not_after": not_after}
        return await self._enter("certificate", row, by)

    async def seal(
        self, fingerprint: bytes, *, unit_code: str, image_digest: bytes | None, by: str
    ) -> Entered:
        row: _Row = {
            "fingerprint": fingerprint,
            "unit_code": unit_code,
            "image_digest": image_digest,
        }
        return await self._enter("seal", row, by)

    async def end(
        self,
        what: str,
        which: int | bytes,
        *,
        kind: EndKind,
        ended_at: datetime,
        reason: str,
        by: str,
    ) -> Entered:
        """The end of a unit, position, delegation (by number) or certificate (by fingerprint).

        Where it has ended by then already, nothing is entered.
        """
        if what not in {"unit", "position", "delegation", "certificate"}:
            raise ValueError(f"{what} does not end")
        standing = await self._connection.fetchval(
            f"SELECT id FROM registry.ending WHERE {what} = $1 "  # noqa: S608 - one of four, above
            "AND ended_at <= $2 LIMIT 1",
            which,
            ended_at,
        )
        if standing is not None:
            return Entered(standing, new=False)
        row: _Row = {what: which, "kind": kind, "ended_at": ended_at, "reason": reason}
        return await self._insert("ending", row, by)

    async def _enter(self, table: str, row: _Row, by: str, *, only: str = "true") -> Entered:
        begins, ends = row.get("valid_from"), row.get("valid_until")
        if begins and ends and ends <= begins:
            raise AuthorityConflict("what is entered ends after it begins")
        same = " AND ".join(
            f"t.{name} IS NOT DISTINCT FROM ${place}" for place, name in enumerate(row, 1)
        )
        number = "0" if "fingerprint" in row else "t.id"
        standing = await self._connection.fetchrow(
            f"SELECT {number} FROM registry.{table} t "  # noqa: S608 - our own names
            f"WHERE {same} AND {only} LIMIT 1",
            *row.values(),
        )
        if standing is not None:
            return Entered(standing[0], new=False)
        return await self._insert(table, row, by)

    async def _insert(self, table: str, row: _Row, by: str) -> Entered:
        values = {**row, "entered_by": by}
        places = ", ".join(f"${place}" for place in range(1, len(values) + 1))
        number = "0" if "fingerprint" in row else "id"
        entered = await self._connection.fetchval(
            f"INSERT INTO registry.{table} ({', '.join(values)}) "  # noqa: S608 - our own names
            f"VALUES ({places}) RETURNING {number}",
            *values.values(),
        )
        return Entered(entered, new=True)


def _latest(table: str, key: str) -> str:
    newest = f"SELECT max(id) FROM registry.{table} o WHERE o.{key} = t.{key}"  # noqa: S608 - our own names
    return f"t.id = ({newest})"
