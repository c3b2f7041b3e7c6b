"""Files that parsers fear: each gets a verdict within bounds, and the portal lives on.

`BANSAO_HOSTILE=thorough` cuts a copy at each kilobyte instead of here and there.
"""

import asyncio
import os
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import pytest

from tests.testkit.copies import publish_now, registered
from tests.testkit.hostile_files import hostile_files, ten_thousand_pages
from tests.testkit.issued import CopyOffice, copy_office, signing_house
from tests.testkit.open_portal import OpenPortal, open_portal
from tests.testkit.strange_signers import strange_signatures
from verify_portal.file.bounded import Bounds

__all__ = ["copy_office", "open_portal", "signing_house"]

SHARED: Final = Path(__file__).parents[3] / "shared" / "data"
THOROUGH: Final = os.environ.get("BANSAO_HOSTILE") == "thorough"
#: Wall clock, on a machine that does other things: a file has up to five examinations, each with
#: its own bound on processor time.
PATIENCE_SECONDS: Final = 120.0
#: What an examiner's address space is bound to, and room for the web server.
MOST_MEMORY: Final = Bounds().memory_bytes + (256 << 20)
#: Beside an honest visitor: no more of them than there are examiners.
AT_ONCE: Final = 2


@pytest.fixture(autouse=True)
def lives_on(request: pytest.FixtureRequest) -> Iterator[None]:
    """Afterwards the same processes are there, none has grown, and an honest file is answered."""
    yield
    if "open_portal" not in request.fixturenames:
        return
    portal: OpenPortal = request.getfixturevalue("open_portal")
    assert portal.ask(portal.copy.pdf)["verdict"] == "valid"
    for process in portal.processes():
        assert peak_memory(process) < MOST_MEMORY


def verdicts_of(portal: OpenPortal, files: Iterable[bytes], name: str = "file") -> list[str]:
    """`ask` fails on anything but a 200."""

    def verdict(content: bytes) -> str:
        started = time.monotonic()
        answer = portal.ask(content, name)
        assert time.monotonic() - started < PATIENCE_SECONDS
        return str(answer["verdict"])

    with ThreadPoolExecutor(AT_ONCE) as visitors:
        return list(visitors.map(verdict, files))


@pytest.mark.parametrize("folder", ["pdf", "images", "qr"])
@pytest.mark.timeout(900)
def test_every_file_of_others_gets_a_verdict(open_portal: OpenPortal, folder: str) -> None:
    files = sorted(path for path in (SHARED / folder).rglob("*") if path.is_file())
    if not files:
        pytest.skip(f"{SHARED / folder} is not here")
    verdicts = verdicts_of(open_portal, (path.read_bytes() for path in files))
    assert set(verdicts) <= {"unknown", "malformed"}


@pytest.mark.parametrize("name", hostile_files())
@pytest.mark.timeout(300)
def test_a_hostile_file_is_survived(open_portal: OpenPortal, name: str) -> None:
    content = hostile_files()[name]()
    code = open_portal.copy.code.encode()
    alone, with_code = verdicts_of(open_portal, (content, content + b"\n% BANSAO " + code))
    assert alone in {"unknown", "malformed"}
    # A picture is asked for the QR code in it and no more.
    assert with_code == ("altered" if b"%PDF-" in content else "malformed")


@pytest.mark.parametrize("name", hostile_files())
@pytest.mark.timeout(300)
def test_a_hostile_file_behind_a_copy_is_survived(open_portal: OpenPortal, name: str) -> None:
    answer = open_portal.ask(open_portal.copy.pdf + hostile_files()[name]())
    assert answer["verdict"] == "altered"
    assert answer["changes"]["registered_bytes"] == len(open_portal.copy.pdf)


@pytest.mark.parametrize("name", strange_signatures())
@pytest.mark.timeout(300)
def test_a_strange_signature_is_told_of(open_portal: OpenPortal, name: str) -> None:
    content = strange_signatures()[name]()
    alone = open_portal.ask(content)
    with_code = open_portal.ask(content + b"\n% BANSAO " + open_portal.copy.code.encode())
    assert (alone["verdict"], with_code["verdict"]) == ("unknown", "altered")
    assert [len(answer["signatures"]) for answer in (alone, with_code)] == [1, 1]
    for language in ("vi", "en"):
        assert open_portal.page(content, language=language).status_code == 200


@pytest.mark.timeout(1_800)
def test_a_copy_cut_anywhere_is_never_valid(open_portal: OpenPortal) -> None:
    whole = open_portal.copy.pdf
    step = 1_024 if THOROUGH else len(whole) // 12
    cuts = [whole[:length] for length in range(0, len(whole), step)]
    verdicts = verdicts_of(open_portal, [*cuts, whole[:-1]], "copy.pdf")
    assert set(verdicts) <= {"altered", "malformed", "unknown"}
    assert verdicts[0] == "malformed"
    assert verdicts[-1] == "altered"


async def test_files_in_a_crowd_are_refused_rather_than_piled_up(copy_office: CopyOffice) -> None:
    await registered(copy_office.database, 1)
    await publish_now(copy_office.database)
    content = ten_thousand_pages()
    async with copy_office.portal() as portal:
        answers = await asyncio.gather(*(portal.by_file(content + bytes([n])) for n in range(60)))
        verdicts = [answer.verdict for answer in answers]
        assert set(verdicts) == {"unknown", "unavailable"}
        assert all(one.retry_after for one in answers if one.verdict == "unavailable")
        assert (await portal.by_file(content)).verdict == "unknown"


def peak_memory(process: int) -> int:
    """Bytes in memory at its worst; 0 for a process that has just ended."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM")), 0)
