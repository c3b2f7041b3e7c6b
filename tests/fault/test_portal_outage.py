"""The database goes away under the portal and comes back."""

import asyncio
import time
from pathlib import Path

import httpx

from bansao.postgres import Postgres
from registry.settings import Settings as RegistrySettings
from tests.testkit.browser import ASSETS
from tests.testkit.copies import ORIGIN, VKEY, publish_now, registered
from tests.testkit.faults import kill_server
from tests.testkit.issued import PORTAL_URL, make_signers
from tests.testkit.postgres import Database
from verify_portal.app import create_app
from verify_portal.portal import Portal
from verify_portal.settings import Settings


async def test_while_the_database_is_gone_answers_are_unavailable_and_then_right_again(
    own_server: Postgres, tmp_path: Path
) -> None:
    database = Database(superuser_url=own_server.admin_url, secrets=own_server.secrets)
    (copy,) = await registered(database, 1)
    await publish_now(database)
    portal = Portal.open(settings_for(database, tmp_path))
    transport = httpx.ASGITransport(app=create_app(portal.settings, portal))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url=PORTAL_URL) as http:
        assert (await http.get(f"/v1/copies/{copy.code}")).json()["verdict"] == "valid"
        kill_server(own_server)
        for path in (f"/v1/copies/{copy.code}", f"/v1/copies/{copy.code}"):
            response = await http.get(path)
            assert response.status_code == 503
            assert response.json()["verdict"] == "unavailable"
            assert int(response.headers["Retry-After"]) > 0
        page = await http.get(f"/c/{copy.code}")
        assert (page.status_code, "Tạm thời chưa trả lời được" in page.text) == (503, True)
        assert (await http.get("/readyz")).status_code == 503
        assert (await http.get("/healthz")).status_code == 200

        restarted = await asyncio.to_thread(restart, own_server)
        try:
            assert restarted.port == own_server.port
            back = time.monotonic()
            while (await http.get(f"/v1/copies/{copy.code}")).json()["verdict"] != "valid":
                assert time.monotonic() - back < 10
                await asyncio.sleep(0.2)
            await asyncio.sleep(0.3)  # for which the last state is told
            assert (await http.get("/readyz")).status_code == 200
        finally:
            await portal.close()
            await asyncio.to_thread(restarted.leave)


def restart(server: Postgres) -> Postgres:
    """On the same directory; a dead server's port is taken again where the cluster fixes it."""
    return Postgres.join_or_start(server.directory.parent, server.secrets)


def settings_for(database: Database, directory: Path) -> Settings:
    trust = directory / "trust"
    make_signers(directory / "signers", trust)
    (trust / "log.vkey").write_text(VKEY)
    return Settings(
        registry=RegistrySettings(
            database_url=database.url, secrets=database.secrets, trust=trust, origin=ORIGIN
        ),
        assets=ASSETS,
        blobs=directory / "blobs",
        portal_url=PORTAL_URL,
        log_level="INFO",
    )
