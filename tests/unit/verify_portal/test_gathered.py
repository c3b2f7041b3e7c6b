"""Questions that are asked together get each their own answer."""

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from verify_portal.gathered import Gathered


class Asked:
    """A fake: doubles even numbers, knows no odd ones; each round waits for its turn."""

    def __init__(self) -> None:
        self.rounds: list[Sequence[int]] = []
        self.turn = asyncio.Semaphore(0)
        self.failure: Exception | None = None

    async def __call__(self, keys: Sequence[int]) -> Mapping[int, int]:
        self.rounds.append(keys)
        await self.turn.acquire()
        if self.failure is not None:
            raise self.failure
        return {key: 2 * key for key in keys if key % 2 == 0}


async def test_what_comes_meanwhile_is_one_question() -> None:
    asked = Asked()
    gathered = Gathered(asked)
    first = asyncio.create_task(gathered.find(0))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    rest = [asyncio.create_task(gathered.find(key)) for key in (2, 3, 2, 4)]
    await asyncio.sleep(0)
    asked.turn.release()
    asked.turn.release()
    assert await first == 0
    assert await asyncio.gather(*rest) == [4, None, 4, 8]
    assert asked.rounds == [[0], [2, 3, 4]]
    await gathered.close()


async def test_a_failure_is_told_to_all_of_its_round_and_to_nobody_else() -> None:
    asked = Asked()
    gathered = Gathered(asked)
    failing = [asyncio.create_task(gathered.find(key)) for key in (2, 4)]
    await asyncio.sleep(0)
    asked.failure = ValueError("made up")
    asked.turn.release()
    for waiting in failing:
        with pytest.raises(ValueError, match="made up"):
            await waiting
    asked.failure = None
    asked.turn.release()
    assert await gathered.find(6) == 12
    await gathered.close()


async def test_who_leaves_does_not_take_the_others_along() -> None:
    asked = Asked()
    gathered = Gathered(asked)
    leaving, staying = (asyncio.create_task(gathered.find(2)) for _ in range(2))
    await asyncio.sleep(0)
    leaving.cancel()
    await asyncio.sleep(0)
    asked.turn.release()
    assert await staying == 4
    await gathered.close()


async def test_closing_lets_nobody_wait_for_ever() -> None:
    gathered = Gathered(Asked())
    waiting = asyncio.create_task(gathered.find(2))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await gathered.close()
    with pytest.raises(asyncio.CancelledError):
        await waiting
