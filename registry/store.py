"""The registry's only door to PostgreSQL."""

from typing import Self


class Store:
    """One role's connections. Made by `Store.connect`; close it, or use it as a context manager."""

    @classmethod
    async def connect(cls, url: str) -> Self:
        raise NotImplementedError

    async def close(self) -> None:
        raise NotImplementedError

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
