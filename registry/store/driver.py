"""The driver's connection, which takes an append's issues as the bytes that they are."""

import asyncpg


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
