"""Everything is killed at random moments, again and again: acknowledged = present exactly once.

BANSAO_FAULT_KILLS says how often, BANSAO_FAULT_SEED repeats a run's kinds of kills (their moments
are the machine's). `make fault` runs it long.
"""

import collections
import os
import random
import secrets
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bansao.postgres import Postgres
from tests.testkit.kept import KeptEntry, kept
from tests.testkit.storm import Knowledge, Storm, open_storm

KILLS = int(os.environ.get("BANSAO_FAULT_KILLS", "18"))
SEED = int(os.environ.get("BANSAO_FAULT_SEED") or secrets.randbits(32))


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str], pytestconfig: pytest.Config) -> Callable[[str], None]:
    """A line for whoever runs the tests."""

    def line(text: str) -> None:
        with capsys.disabled():
            pytestconfig.get_terminal_writer().line(text)

    return line


@pytest.mark.timeout(120 + 6 * KILLS)
async def test_random_kills(
    own_server: Postgres, tmp_path: Path, tell: Callable[[str], None]
) -> None:
    tell(f"\nBANSAO_FAULT_SEED={SEED} BANSAO_FAULT_KILLS={KILLS}")
    began = time.monotonic()
    async with open_storm(own_server, tmp_path / "witness", SEED) as storm:
        killed = collections.Counter(drawn(storm))
        for kind in drawn(storm):
            await storm.harm(kind)
        await storm.settle()
        entries = await kept(storm.database, storm.known.notes())
    check(storm.known, entries)
    for name, count in summary(killed, storm.known, entries):
        tell(f"{name:<45}{count:>7}")
    tell(f"{'seconds':<45}{time.monotonic() - began:>7.0f}")


def drawn(storm: Storm) -> list[str]:
    """Each kind once, as far as they go, the rest by weight; the same for the same seed."""
    chance = random.Random(SEED)  # noqa: S311 - to be repeated
    kinds = list(storm.kinds)
    chance.shuffle(kinds)
    more = chance.choices(list(storm.kinds), list(storm.kinds.values()), k=KILLS)
    return [*kinds, *more][:KILLS]


def check(known: Knowledge, entries: list[KeptEntry]) -> None:
    """Every entry was asked for and stands once, where its receipt says."""
    times = collections.Counter((entry.kind, entry.code_hash) for entry in entries)
    assert times == dict.fromkeys(known.acknowledged, 1)
    for key, index in known.acknowledged.items():
        if index is not None:
            assert (entries[index].kind, entries[index].code_hash) == key
    counts = known.counts
    assert counts["found kept"] + counts["found not kept"] == len(known.doubtful)


def summary(
    killed: collections.Counter[str], known: Knowledge, entries: list[KeptEntry]
) -> list[tuple[str, int]]:
    return [
        *sorted(killed.items()),
        ("kills", killed.total()),
        ("entries acknowledged, each present once", len(known.acknowledged)),
        ("entries in doubt", len(known.doubtful)),
        ("  found kept", known.counts["found kept"]),
        ("  found not kept, then appended", known.counts["found not kept"]),
        ("asked again", known.counts["asked again"]),
        ("checkpoints signed, of one history", len(known.signed)),
        ("entries in the book", len(entries)),
    ]
