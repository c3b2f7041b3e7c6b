"""A certifier with its keys and its hand in the registry, opened once a process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from intake.certify.certify import Certifier, CertifierParts
from intake.certify.fonts import prepare_fonts
from intake.certify.keys import KeyRing
from intake.certify.store import CertificationStore
from intake.certify.time_stamps import HttpTimeStamper
from intake.edges import Edges
from registry.append import Appender
from registry.settings import SettingsIncomplete
from registry.store import Store as Registry


@asynccontextmanager
async def open_certifier(edges: Edges) -> AsyncIterator[Certifier]:
    """The certifier over intake's edges; the registry's writer is connected for the block.

    Raises SettingsIncomplete when no time-stamp service is named or a secret is missing, and
    RegistryUnavailable. Signers' keys are opened when they are first needed.
    """
    settings = edges.settings
    if settings.tsa_url is None:
        raise SettingsIncomplete("BANSAO_TSA_URL is not set: copies cannot be time-stamped")
    fonts = await asyncio.to_thread(prepare_fonts, settings.assets, settings.cache / "fonts")
    writer_url = settings.registry.role_url("registry_writer")
    async with (
        await Registry.connect(writer_url) as writer,
        Appender(writer, edges.clock) as appender,
    ):
        yield Certifier(
            CertifierParts(
                store=edges.store,
                certifications=CertificationStore(edges.store.engine),
                blobs=edges.blobs,
                writer=writer,
                reader=edges.registry,
                appender=appender,
                keys=KeyRing(settings.registry.secrets),
                seal_key=settings.registry.qr_seal_key(),
                stamper=HttpTimeStamper(settings.tsa_url),
                fonts=fonts,
                portal_url=settings.portal_url,
                clock=edges.clock,
            )
        )
