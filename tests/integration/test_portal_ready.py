"""Ready means that somebody who comes now is answered, about what was issued a moment ago too."""

import asyncio

import httpx
import pytest

from tests.testkit.copies import publish_now, registered
from tests.testkit.issued import CopyOffice, copy_office, signing_house
from verify_portal import freshness

__all__ = ["copy_office", "signing_house"]


async def test_not_ready_once_the_newest_checkpoint_is_stale(
    copy_office: CopyOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A quiet book needs no new checkpoint; one that has gone on without one for long is stale."""
    monkeypatch.setattr(freshness, "PATIENCE_SECONDS", 0.5)
    await registered(copy_office.database, 1)
    await publish_now(copy_office.database)
    async with copy_office.client() as http:
        assert await readiness(http) == (200, "ready")
        await asyncio.sleep(0.6)
        assert await readiness(http) == (200, "ready")
        await registered(copy_office.database, 1)  # and the publisher does not come
        assert (await readiness(http))[0] == 200
        async with asyncio.timeout(20):
            while await readiness(http) != (503, "unavailable"):  # noqa: ASYNC110 - time passes
                await asyncio.sleep(0.1)
        await publish_now(copy_office.database)
        await asyncio.sleep(0.3)
        assert await readiness(http) == (200, "ready")


async def readiness(http: httpx.AsyncClient) -> tuple[int, str]:
    response = await http.get("/readyz")
    assert response.headers["Cache-Control"] == "no-store"
    return response.status_code, response.json()["status"]
