"""Appending to the book: the one write there is."""

from datetime import date
from typing import Self

from registry.certified_copy import CertifiedCopy, Receipt
from registry.clock import Clock
from registry.store import Store


class Appender:
    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def __aenter__(self) -> Self:
        raise NotImplementedError

    async def __aexit__(self, *_: object) -> None:
        raise NotImplementedError

    async def register(self, copy: CertifiedCopy) -> Receipt:
        raise NotImplementedError

    async def revoke(
        self, code: str, *, decision: str, decided_on: date, reason: str = ""
    ) -> Receipt:
        raise NotImplementedError
