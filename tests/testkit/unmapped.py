"""A log from before there was a map of codes."""

import pytest

from registry import integrate, sign
from registry.code import code_hash
from registry.log.tiles import WIDTH
from tests.testkit.copies import publish_now, registered
from tests.testkit.postgres import Database


async def unmapped(database: Database, monkeypatch: pytest.MonkeyPatch, count: int) -> list[bytes]:
    """So many entries, signed without a map; their code hashes."""
    await publish_now(database)  # of nothing, with a map of nothing

    async def not_yet(*_: object) -> bool:
        return False

    with monkeypatch.context() as patched:
        patched.setattr(sign, "catch_up", not_yet)
        codes = [code_hash(copy.code) for copy in await registered(database, count)]
        await publish_now(database)
    return codes


def a_bundle_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a step takes up from now on."""
    for module in (sign, integrate):
        monkeypatch.setattr(module, "STEP", WIDTH)
