"""Fixtures for every test; they start nothing before a test asks for it."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.testkit.browser import browser, chromium
from tests.testkit.postgres import database, own_server, server

__all__ = ["browser", "chromium", "database", "own_server", "server"]


@pytest.fixture(autouse=True)
def own_settings() -> Iterator[None]:
    """A command that is called in this process names its database to whatever it starts, by the
    environment: no later test must meet it.
    """
    before = _settings()
    yield
    for name in _settings().keys() - before.keys():
        del os.environ[name]
    os.environ.update(before)


def _settings() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith("BANSAO_")}


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "broken_registry: the test breaks the registry; it is not audited afterwards"
    )


# Property tests measure truth, not time: a busy machine must not fail them.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")
