"""The house's plan holds, and a planted violation of each contract is caught by name."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("registry", "intake", "verify_portal", "analytics", "schema", "bansao")


def lint(root: Path) -> tuple[int, str]:
    """Runs import-linter on the tree at `root`; returns its exit code and what it printed."""
    script = (
        f"import sys; sys.path.insert(0, {str(root)!r}); "
        "from importlinter.cli import lint_imports_command; lint_imports_command()"
    )
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            script,
            "--no-cache",
            "--config",
            str(root / "pyproject.toml"),
        ],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def copy_of_the_house(tmp_path: Path) -> Path:
    """A copy of the rooms' code in which a violation may be planted."""
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_contracts_hold() -> None:
    code, printed = lint(ROOT)
    assert code == 0, printed


@pytest.mark.parametrize(
    ("place", "statement", "contract"),
    [
        ("registry/entry.py", "import intake.dossier", "the front door opens on the rooms"),
        ("verify_portal/verify.py", "import intake.dossier", "the front door opens on the rooms"),
        ("analytics/measures.py", "import registry.code", "analytics reads views"),
        ("registry/entry.py", "import registry.store", "inside the registry"),
        ("registry/log/tree.py", "import asyncpg", "the log's formats serve a verifier"),
        ("registry/witness/peers.py", "import registry.lookup", "a witness has a memory"),
        ("intake/dossier.py", "import sqlalchemy", "database drivers only"),
        ("verify_portal/answer.py", "import pyhanko", "pyHanko only where"),
        ("registry/lookup.py", "import litestar", "Litestar only at the web's edge"),
    ],
)
def test_a_planted_violation_is_caught(
    copy_of_the_house: Path, place: str, statement: str, contract: str
) -> None:
    planted = copy_of_the_house / place
    planted.write_text(planted.read_text() + f"\n{statement}\n")
    code, printed = lint(copy_of_the_house)
    broken = [line for line in printed.splitlines() if line.endswith("BROKEN")]
    assert code != 0
    assert any(line.startswith(contract) for line in broken), printed
