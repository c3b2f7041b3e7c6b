"""A counter for one walk: joins what a running demo has, starts what is missing, ends it again."""

import asyncio
import logging
import os
from contextlib import ExitStack

from bansao.database import open_database
from bansao.demo_site import ensure_demo_site
from bansao.publisher import run_publisher
from bansao.settings import Settings
from bansao.tsa import running_tsa
from bansao.walk import IssuedCopy, Papers, Tell, issue_copy, open_counter
from intake.settings import Settings as IntakeSettings
from registry.settings import Settings as RegistrySettings
from schema.migrate import migrate

# How long a walk with a publisher of its own waits for its checkpoint at most, in seconds.
_CADENCE = 0.1


def issue_alone(settings: Settings, papers: Papers, officer: str, tell: Tell) -> IssuedCopy:
    """Issue one copy with the demo's officer `officer`; nothing is left running."""
    with ExitStack() as stack:
        tell("database …")
        database = stack.enter_context(open_database(settings))
        migrate(database.admin_url, settings.secrets)
        ensure_demo_site(settings, database.admin_url)
        os.environ.update(settings.room_environment(database.url))
        if settings.portal_url is None and settings.portal_address.exists():
            os.environ["BANSAO_PORTAL_URL"] = settings.portal_address.read_text()
        if settings.tsa_url is None:
            os.environ["BANSAO_TSA_URL"] = stack.enter_context(running_tsa(settings.secrets))
        return asyncio.run(_walk(papers, officer, tell))


async def _walk(papers: Papers, officer: str, tell: Tell) -> IssuedCopy:
    publishing = asyncio.create_task(_publish())
    walking = asyncio.create_task(_issue(papers, officer, tell))
    try:
        await asyncio.wait({publishing, walking}, return_when=asyncio.FIRST_COMPLETED)
        if publishing.done():
            # It ends only by an error, and without checkpoints no copy is ever released.
            await publishing
        return await walking
    finally:
        for task in (publishing, walking):
            task.cancel()
        await asyncio.gather(publishing, walking, return_exceptions=True)


async def _issue(papers: Papers, officer: str, tell: Tell) -> IssuedCopy:
    async with open_counter(IntakeSettings.from_env(os.environ), officer) as counter:
        return await issue_copy(counter, papers, tell)


async def _publish() -> None:
    """Runs beside a demo's publisher without harm: one tree a size, whoever signs first."""
    # The demo's witness runs with the demo only; that it is away is no news to who issues.
    logging.getLogger("registry.cosigning").setLevel(logging.ERROR)
    await run_publisher(RegistrySettings.from_env(os.environ), every=_CADENCE)
