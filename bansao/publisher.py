"""The publisher as a process: what it runs side by side, and how others see that it is well."""

import asyncio
from collections.abc import Coroutine, Sequence
from contextlib import AsyncExitStack
from typing import Any

from bansao.publisher_measures import told
from registry.clock import utc_now
from registry.publish import Publisher
from registry.settings import Settings as RegistrySettings
from registry.status_lists import keep_status_lists
from registry.store import Store
from registry.time_stamps import TimeStampAuthority, keep_stamping


async def run_publisher(
    settings: RegistrySettings, *, every: float = 0.5, metrics: tuple[str, int] | None = None
) -> None:
    """Sign, collect, publish, have stamped and list until cancelled; what stops one stops all.

    Asks the witnesses of the settings' policy, and the authority of BANSAO_TSA_URL when there is
    one. `metrics` is where Prometheus finds `/metrics`.
    """
    key, policy = settings.log_key(), settings.policy()
    async with AsyncExitStack() as stack:
        url = settings.role_url("registry_publisher")
        store = await stack.enter_async_context(await Store.connect(url))
        publisher = await stack.enter_async_context(
            Publisher(store, key, settings.origin, utc_now, policy)
        )
        acts = [publisher.keep_on(every)]
        if settings.tsa_url:
            authority = TimeStampAuthority(settings.tsa_url, settings.tsa_roots())
            await stack.enter_async_context(authority)
            acts.append(keep_stamping(store, authority, utc_now))
        if (list_key := settings.status_list_key()) is not None:
            acts.append(keep_status_lists(store, list_key, settings.portal_url, utc_now))
        if metrics is not None:
            stack.enter_context(told(publisher, *metrics))
        await _until_one_ends(acts)


async def _until_one_ends(acts: Sequence[Coroutine[Any, Any, None]]) -> None:
    """None of them ends but by an error, which is raised here."""
    tasks = [asyncio.create_task(act) for act in acts]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            await task
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
