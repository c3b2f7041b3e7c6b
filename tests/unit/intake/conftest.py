"""The typeface, joined once for this folder's tests."""

import sys
from pathlib import Path

import pytest

from intake.certify.fonts import FontFiles, prepare_fonts

ASSETS = Path(sys.prefix) / "npm" / "node_modules"


@pytest.fixture(scope="session")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> FontFiles:
    return prepare_fonts(ASSETS, tmp_path_factory.mktemp("fonts"))
