"""Fixtures for every test; they start nothing before a test asks for it."""

import pytest
from hypothesis import settings

from tests.testkit.browser import browser, chromium
from tests.testkit.postgres import database, own_server, server

__all__ = ["browser", "chromium", "database", "own_server", "server"]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "broken_registry: the test breaks the registry; it is not audited afterwards"
    )


# Property tests measure truth, not time: a busy machine must not fail them.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")
