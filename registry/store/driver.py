"""The driver's connection: takes an append's issues as the bytes that they are, and reads any time
that the database can hold.
"""

from datetime import date, datetime, timedelta

import asyncpg

from registry.entry import FIRST_MOMENT, LAST_MOMENT
from registry.store.rows import EPOCH, microseconds


class Connection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg has no types
    """As the driver's, which offers codecs of one's own for single values only, not for arrays: of
    those it writes each value of each row by itself, and an append's time goes into that.
    """

    _issue_type: int | None = None

    async def issue_type(self) -> int:
        """The number of the type registry.issue; from here on its arrays are sent as bytes."""
        if self._issue_type is None:
            array, self._issue_type = await self.fetchrow(
                "SELECT typarray, oid FROM pg_type WHERE oid = 'registry.issue'::regtype"
            )
            self._protocol.get_settings().add_python_codec(
                array, "_issue", "registry", [], "scalar", bytes, bytes, "binary"
            )
        return self._issue_type


async def read_any_time(connection: asyncpg.Connection) -> None:
    """What Python's calendar does not hold, infinity included, is read as its first or last time.

    The driver fails at the one, and makes of the other a time without a zone, which compares with
    no other.
    """
    for name, encoder, decoder in (
        ("timestamptz", lambda moment: (microseconds(moment),), _moment),
        ("date", lambda day: ((day - EPOCH.date()).days,), _day),
    ):
        await connection.set_type_codec(
            name, schema="pg_catalog", encoder=encoder, decoder=decoder, format="tuple"
        )


def _moment(sent: tuple[int]) -> datetime:
    try:
        return EPOCH + timedelta(microseconds=sent[0])
    except OverflowError:
        return LAST_MOMENT if sent[0] > 0 else FIRST_MOMENT


def _day(sent: tuple[int]) -> date:
    try:
        return EPOCH.date() + timedelta(days=sent[0])
    except OverflowError:
        return date.max if sent[0] > 0 else date.min
