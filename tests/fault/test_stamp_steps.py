"""Whoever fetches time stamps is cut off at every step: in the end each checkpoint has one."""

import contextlib
import itertools

import psycopg
import pytest
from cryptography.x509 import load_pem_x509_certificates

from registry.clock import utc_now
from registry.errors import RegistryUnavailable
from registry.store import Store
from registry.time_stamps import TimeStampAuthority, stamp_missing
from tests.testkit.copies import publish_now, registered
from tests.testkit.issued import SigningHouse, signing_house
from tests.testkit.kept import kept
from tests.testkit.postgres import Database
from tests.testkit.wire import MOMENTS, Moment, Trap, open_wire

__all__ = ["signing_house"]


@pytest.mark.parametrize("moment", MOMENTS)
async def test_each_checkpoint_gets_its_time_stamp(
    database: Database, signing_house: SigningHouse, moment: Moment
) -> None:
    roots = load_pem_x509_certificates((signing_house.trust / "root.pem").read_bytes())
    url = database.role_url("registry_publisher")
    async with (
        open_wire(url) as wire,
        TimeStampAuthority(signing_house.tsa_url, roots) as authority,
        await Store.connect(url) as unharmed,
    ):
        for step in itertools.count():
            await registered(database, 1)
            size = (await publish_now(database)).size
            trap = Trap(step, moment)
            wire.set(trap)
            with contextlib.suppress(RegistryUnavailable):
                async with await Store.connect(wire.url(url)) as store:
                    await stamp_missing(store, authority, utc_now, size - 1)
            wire.mend()
            assert await stamp_missing(unharmed, authority, utc_now) == size
            if trap.sprung is None:
                break
    assert step > 2
    with psycopg.connect(database.superuser_url) as connection:
        stamped = connection.execute("SELECT size FROM registry.checkpoint_time ORDER BY size")
        sizes = [size for (size,) in stamped]
    assert sizes == list(range(1, step + 2))
    await kept(database)
