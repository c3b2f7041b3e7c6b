"""Visitors who go on asking whatever happens to the portal, and what each of them was told."""

import asyncio
import itertools
import time
from collections.abc import Callable, Sequence
from typing import Final

import httpx
import msgspec

_numbers: Final = itertools.count()


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Where a question goes, and the one right answer to it."""

    path: str
    verdict: str


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """Moments are of `time.monotonic`; `status` is 0 when the connection broke, by `failure`."""

    asked: Asked
    sent_at: float
    told_at: float
    status: int
    verdict: str = ""
    retry_after: str | None = None
    failure: str = ""

    @property
    def right(self) -> bool:
        return self.status == 200 and self.verdict == self.asked.verdict

    @property
    def unavailable(self) -> bool:
        """Said as it has to be: in the API's own words, and with when to come again."""
        return (
            (self.status, self.verdict) == (503, "unavailable")
            and self.retry_after is not None
            and int(self.retry_after) > 0
        )


async def visit(
    address: str, questions: Sequence[Callable[[], Asked]], told: list[Told], *, pause: float
) -> None:
    """Ask in turn until cancelled, each time from another network, on one kept connection."""
    async with httpx.AsyncClient(base_url=address, timeout=30) as http:
        for question in itertools.cycle(questions):
            told.append(await ask(http, question()))
            await asyncio.sleep(pause)


async def ask(http: httpx.AsyncClient, asked: Asked) -> Told:
    """One question; never raises for what becomes of it."""
    number = next(_numbers)
    visitor = {"X-Forwarded-For": f"10.{number >> 8 & 255}.{number & 255}.{1 + (number >> 16)}"}
    sent_at = time.monotonic()
    try:
        response = await http.get(asked.path, headers=visitor)
        verdict = response.json().get("verdict", "")
    except (httpx.HTTPError, ValueError) as failure:
        return Told(
            asked=asked,
            sent_at=sent_at,
            told_at=time.monotonic(),
            status=0,
            failure=repr(failure),
        )
    return Told(
        asked=asked,
        sent_at=sent_at,
        told_at=time.monotonic(),
        status=response.status_code,
        verdict=verdict,
        retry_after=response.headers.get("Retry-After"),
    )
