"""Workers and hosts tell each other what their visitors owe, behind the visitors' backs.

No request waits for it: each worker decides by what it knows. What it has granted and not told yet
is at most an eighth of a burst for each client, so that N workers grant one rate, and not N. While
the database is away the own counts hold.
"""

import asyncio
import hmac
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import unquote, urlsplit

import structlog

from verify_portal.errors import CountsUnavailable
from verify_portal.limiting.debts import Debts
from verify_portal.limiting.limits import Limits
from verify_portal.limiting.shared_counts import SharedCounts

_log = structlog.get_logger()

EXCHANGE_SECONDS: Final = 0.25
_REST_SECONDS: Final = 1.0
_FORGET_SECONDS: Final = 15.0
#: Of one budget at a time; the rest is told next time.
_MOST_TOLD: Final = 500
_KEY_BYTES: Final = 16
_KEY_DOMAIN: Final = b"bansao portal limits v1\n"


class Sharing:
    """`run` it for as long as the portal runs."""

    def __init__(
        self,
        limits: Limits,
        url: str,
        monotonic: Callable[[], float],
        besides: Mapping[str, Debts] | None = None,
    ) -> None:
        self._url = url
        self._monotonic = monotonic
        self._debts: dict[str, Debts] = dict(besides or {})
        for limit in limits:
            self._debts[f"{limit.name}, client"] = limit.clients
            self._debts[f"{limit.name}, network"] = limit.networks
        self._secret = key_secret(url)

    async def run(self) -> None:
        """Until cancelled; comes back by itself after an outage."""
        while True:
            try:
                await self._exchange()
            except CountsUnavailable as failure:
                _log.warning("limits are not shared", cause=str(failure))
            except Exception:  # noqa: BLE001 - whatever it is, it must not end the sharing unheard
                _log.exception("limits are not shared")
            await asyncio.sleep(_REST_SECONDS)

    async def _exchange(self) -> None:
        counts = await SharedCounts.open(self._url)
        try:
            forget_at = self._monotonic()
            while True:
                await self.once(counts)
                if self._monotonic() >= forget_at:
                    await counts.forget_paid()
                    forget_at = self._monotonic() + _FORGET_SECONDS
                await asyncio.sleep(EXCHANGE_SECONDS)
        finally:
            counts.close()

    async def once(self, counts: SharedCounts) -> None:
        """Tell what is worth it, and learn what others have told about the same keys: one
        statement, or none when there is nothing to tell.
        """
        asked_at = self._monotonic()
        told = {name: debts.tell(_MOST_TOLD) for name, debts in self._debts.items()}
        of_row = {
            row_key(self._secret, name, key): (name, key) for name in told for key in told[name]
        }
        if not of_row:
            return
        try:
            spent = {row: told[name][key] for row, (name, key) in of_row.items()}
            totals = await counts.add(spent)
        except BaseException:
            for name, debts in self._debts.items():
                debts.keep(told[name], self._monotonic())
            raise
        for row, owed in totals.items():
            name, key = of_row[row]
            self._debts[name].learn(key, owed, asked_at)


def key_secret(url: str) -> bytes:
    """Under which addresses are hashed. All who share the table share its role's password, which is
    256 random bits: one secret less to hand out, and one that no reader of the table has.
    """
    password = unquote(urlsplit(url).password or "")
    return hmac.digest(password.encode(), _KEY_DOMAIN, "sha256")


def row_key(secret: bytes, name: str, key: str) -> bytes:
    """What stands in the table for an address: personal data stay in the worker's memory."""
    return hmac.digest(secret, f"{name}\n{key}".encode(), "sha256")[:_KEY_BYTES]
