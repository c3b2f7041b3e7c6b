"""Names that are tried at several workers are counted together."""

import time

import pytest

from tests.testkit.postgres import Database
from verify_portal.agency.refusals import TooManyTries
from verify_portal.agency.tries import TRIES_OF_A_COPY, Tries
from verify_portal.limiting.limits import Limits
from verify_portal.limiting.shared_counts import ROLE, SharedCounts
from verify_portal.limiting.sharing import Sharing
from verify_portal.limiting.source import source_of


async def test_a_second_worker_grants_no_second_share(database: Database) -> None:
    url = database.role_url(ROLE)
    workers = [Tries(time.monotonic) for _ in range(2)]
    first, second = (
        Sharing(Limits(time.monotonic), url, time.monotonic, tries.shared) for tries in workers
    )
    counts = await SharedCounts.open(url)
    for number in range(TRIES_OF_A_COPY.burst):
        workers[0].try_name("copy", source_of(f"10.{number}.0.1"))
    await first.once(counts)
    workers[1].try_name("copy", source_of("10.9.0.1"))  # it has not heard yet
    await second.once(counts)
    with pytest.raises(TooManyTries):
        workers[1].try_name("copy", source_of("10.10.0.1"))
    workers[1].try_name("another copy", source_of("10.10.0.1"))
    counts.close()
