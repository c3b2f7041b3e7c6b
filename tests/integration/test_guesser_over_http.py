"""A guesser before two portals of two workers each is one guesser; his neighbour is served."""

import asyncio
import itertools
import time
from collections import Counter
from pathlib import Path
from typing import Final

import httpx

from registry.code import new_code
from tests.testkit.copies import publish_now, registered
from tests.testkit.issued import make_signers
from tests.testkit.portal_process import served_portal
from tests.testkit.postgres import Database
from verify_portal.limiting.limits import MISSES

GUESSER: Final = {"X-Forwarded-For": "198.51.100.7"}
NEIGHBOUR: Final = {"X-Forwarded-For": "198.51.100.8"}
#: Three times what four counts of their own would grant in the time that it takes.
_GUESSES: Final = 250
_PAUSE: Final = 0.04
#: Of a connection for each question, so that any of the workers may get it.
_EACH_ITS_OWN: Final = httpx.Limits(max_keepalive_connections=0)


async def test_a_guesser_gets_one_rate_from_all_workers_of_all_hosts(
    database: Database, tmp_path: Path
) -> None:
    """Four counts of their own would grant four bursts."""
    (copy,) = await registered(database, 1)
    await publish_now(database)
    trust = tmp_path / "trust"
    make_signers(tmp_path / "signers", trust)
    settings = {"BANSAO_TRUSTED_PROXIES": "127.0.0.1/32"}
    with (
        served_portal(database, trust, tmp_path / "one", workers=2, **settings) as one,
        served_portal(database, trust, tmp_path / "two", workers=2, **settings) as two,
    ):
        async with httpx.AsyncClient(limits=_EACH_ITS_OWN, timeout=30) as http:
            statuses: Counter[int] = Counter()
            began = time.monotonic()
            for number, host in zip(range(_GUESSES), itertools.cycle((one, two)), strict=False):
                asked = f"{host.address}/v1/copies/"
                refusal = await http.get(asked + new_code(), headers=GUESSER)
                statuses[refusal.status_code] += 1
                if number % 10 == 0:
                    answer = await http.get(asked + copy.code, headers=NEIGHBOUR)
                    assert answer.json()["verdict"] == "valid"
                await asyncio.sleep(_PAUSE)
            took = time.monotonic() - began
    assert set(statuses) == {200, 429}
    assert int(refusal.headers["Retry-After"]) > 0
    burst, earned = MISSES.client.burst, MISSES.client.per_minute * took / 60
    # Each worker keeps two misses to itself, and may grant a few more before it has heard.
    assert burst <= statuses[200] <= burst + earned + 4 * 5
