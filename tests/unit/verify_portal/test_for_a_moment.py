"""Many who ask are one question; who asks later is another."""

import asyncio

import pytest

from verify_portal.for_a_moment import ForAMoment


async def test_one_asks_for_all_who_come_within_the_moment() -> None:
    now, asked = 0.0, 0

    async def ask() -> int:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0)
        return asked

    shared = ForAMoment(ask, seconds=0.25, monotonic=lambda: now)
    assert await asyncio.gather(*(shared.get() for _ in range(50))) == [1] * 50
    now = 0.2
    assert await shared.get() == 1
    now = 0.25
    assert await asyncio.gather(shared.get(), shared.get()) == [2, 2]
    await shared.close()


async def test_who_leaves_spoils_nobodys_answer_and_a_failure_is_not_for_ever() -> None:
    now, fails = 0.0, True

    async def ask() -> str:
        await asyncio.sleep(0)
        if fails:
            raise OSError
        return "told"

    shared = ForAMoment(ask, seconds=1, monotonic=lambda: now)
    leaving, staying = asyncio.create_task(shared.get()), asyncio.create_task(shared.get())
    await asyncio.sleep(0)
    leaving.cancel()
    with pytest.raises(OSError):  # noqa: PT011 - there is but one
        await staying
    now, fails = 1.0, False
    assert await shared.get() == "told"
