"""A headless Chromium."""

import pytest


@pytest.fixture(scope="session")
def chromium() -> str:
    pytest.skip("no Chromium yet")


@pytest.fixture
def browser(chromium: str) -> str:
    return chromium
