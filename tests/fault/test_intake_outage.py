"""Kiosk and desk say whether they can serve, to whoever watches over them."""

import secrets
from collections.abc import Callable
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from bansao.postgres import Postgres
from intake.app import create_desk_app, create_kiosk_app
from intake.settings import Settings
from tests.testkit.faults import kill_server


@pytest.mark.parametrize("create", [create_kiosk_app, create_desk_app])
async def test_health_follows_the_database(
    own_server: Postgres, tmp_path: Path, create: Callable[[Settings], Litestar]
) -> None:
    (own_server.secrets / "session_key").write_text(secrets.token_hex(32))
    settings = Settings.from_env(
        {
            "BANSAO_DATABASE_URL": own_server.url,
            "BANSAO_SECRETS": str(own_server.secrets),
            "BANSAO_DATA": str(tmp_path),
        }
    )
    async with AsyncTestClient(create(settings), raise_server_exceptions=False) as web:
        assert (await web.get("/healthz")).status_code == 200

        kill_server(own_server)
        answer = await web.get("/healthz")

    assert answer.status_code == 503
    assert answer.content == b""
