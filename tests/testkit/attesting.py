"""A portal that makes receipts, on copies of one test's database."""

import shutil
from pathlib import Path

import msgspec
import pytest

from bansao.keys import ensure_keys
from tests.testkit.copies import VKEY
from tests.testkit.issued import CopyOffice


@pytest.fixture
def attesting_office(copy_office: CopyOffice, tmp_path: Path) -> CopyOffice:
    """The copy office with keys and trust of its own, as an installation has them."""
    secrets, trust = tmp_path / "secrets", tmp_path / "trust"
    ensure_keys(secrets, trust, "receipts.test/log")
    shutil.copytree(copy_office.database.secrets, secrets, dirs_exist_ok=True)
    for name in ("portal.p12", "portal.pass"):
        shutil.copy(copy_office.house.secrets / name, secrets)
    shutil.copy(copy_office.house.trust / "root.pem", trust)
    (trust / "log.vkey").write_text(VKEY)
    registry = copy_office.settings.registry
    registry = msgspec.structs.replace(registry, secrets=secrets, trust=trust)
    settings = msgspec.structs.replace(copy_office.settings, registry=registry)
    return msgspec.structs.replace(copy_office, settings=settings)
