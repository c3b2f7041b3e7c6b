"""From an officer's order to the released copy, in steps that survive a crash at any point.

1. Intent: the copy's code, its moment, its facts and their salt, who signs with which key are
   stored; name, title and unit are those of the officer's mandate when he decided. From here on
   nothing is taken from the officer's or the unit's record again.
2. The book's number is reserved and stored; it stays with the dossier through every retry. The
   moment of its reservation becomes the copy's: a resumed intent may be of a year that has closed.
3. A place in the status lists is drawn for the QR's seal. The PDF is laid out, signed by the
   officer, sealed by the agency and stored as a blob; then its digest is stored. A crash in
   between leaves a blob that nothing names, never a second copy.
4. The registry takes the copy over; its receipt is stored.
5. A checkpoint covers the entry.
6. The copy is released: attached to the dossier, whose state becomes `issued`.

At steps 1, 3 and 4 the officer must have the right to certify at that very time, with certificates
that hold; else the dossier stays where it is, with its number (MayNotCertify). A file whose
signatures lost their right before step 4 is dropped and made anew once somebody may.

Every step first looks at what an earlier run left. Nothing is handed out before step 6.
"""

import asyncio
import errno
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from intake.blobs import Blobs
from intake.book.line import line_columns
from intake.certify.contents import certified_copy_of, dated, facts_of, sheet_of
from intake.certify.copy_pdf import CopyPage, lay_out
from intake.certify.entitled import Pair, mandate_of, must_hold, must_sign_with
from intake.certify.errors import (
    CheckpointLate,
    IntakeNotReached,
    MayNotCertify,
    NoSpaceLeft,
    NothingToCertify,
    NotOrdered,
    RegistryNotReached,
)
from intake.certify.fonts import FontFiles
from intake.certify.keys import KeyRing
from intake.certify.sign import Signing, sign
from intake.certify.store import Certification, CertificationStore, Order, database_is_away
from intake.certify.time_stamps import HttpTimeStamper
from intake.dossier import Attachment, Event, State
from intake.store import Store
from registry.append import Appender
from registry.book import reserve_number
from registry.book_line import LineColumns
from registry.certified_copy import SALT_BYTES, Facts, Receipt
from registry.clock import Clock
from registry.code import new_code
from registry.errors import NothingPublished, RegistryUnavailable
from registry.proving import latest_checkpoint
from registry.status_place import reserve_place
from registry.store import Store as Registry

SEAL = "seal"
_CHECKPOINT_POLL = 0.05
_DISK_FULL = {errno.ENOSPC, errno.EDQUOT}


class CertifierParts(msgspec.Struct, frozen=True, kw_only=True):
    """What certifying needs: intake's stores, the registry as writer and as reader, the keys.

    `patience` is how long, in seconds, a checkpoint is waited for.
    """

    store: Store
    certifications: CertificationStore
    blobs: Blobs
    writer: Registry
    reader: Registry
    appender: Appender
    keys: KeyRing
    seal_key: Ed25519PrivateKey
    stamper: HttpTimeStamper
    fonts: FontFiles
    portal_url: str
    clock: Clock
    patience: float = 30.0


class Certifier:
    """Certifies dossiers, one at a time each; safe when several workers get the same one."""

    def __init__(self, parts: CertifierParts) -> None:
        self._parts = parts
        self._kept = parts.certifications

    async def certify(self, dossier_id: UUID) -> Receipt:
        """Issue the copy that was ordered; on a dossier already issued, its first receipt.

        Call it again after any failure: it goes on where it stopped, with the same code and
        number. Raises a CertificationFailed that says what is wrong, NotOrdered among them, and
        the registry's refusals (such as NumberVoid), which a retry will not heal.
        """
        with _failures_named():
            async with self._kept.turn(dossier_id):
                begun = await self._kept.find(dossier_id)
                if begun is not None and begun.given_up:
                    raise NotOrdered
                if begun is None or begun.released_at is None:
                    begun = await self._complete(dossier_id, begun)
        return _receipt(begun)

    async def _complete(self, dossier_id: UUID, begun: Certification | None) -> Certification:
        if begun is None:
            begun = await self._intend(dossier_id, await self._kept.order(dossier_id))
        if begun.number is None:
            begun = await self._number(begun)
        if begun.pdf_digest is None:
            begun = await self._make_copy(begun)
        if begun.entry_index is None:
            begun = await self._register(await self._still_entitled(begun))
        await self._await_checkpoint(_receipt(begun).index)
        await self._release(begun)
        return begun

    async def _intend(self, dossier_id: UUID, order: Order) -> Certification:
        pages = await self._parts.store.attachments(dossier_id, "page")
        if not pages:
            raise NothingToCertify
        now = self._parts.clock()
        order = await self._with_mandate(order)
        await self._must_be_entitled(order, now)
        return await self._kept.begin(
            Certification(
                dossier_id=dossier_id,
                code=new_code(),
                unit_code=order.unit_code,
                officer=order.officer,
                officer_id=order.officer_id,
                signer=order.signer,
                signer_title=order.signer_title,
                watermark=order.watermark,
                decided_at=order.decided_at,
                certified_at=now,
                salt=secrets.token_bytes(SALT_BYTES),
                facts=facts_of(order, len(pages), now),
            )
        )

    async def _number(self, begun: Certification) -> Certification:
        if begun.facts is None:
            raise ValueError("the certification has no facts any more")
        reserved = await reserve_number(
            self._parts.writer,
            unit_code=begun.unit_code,
            original_id=begun.dossier_id,
            at=self._parts.clock(),
            columns=await self._line_columns(begun.dossier_id, begun.facts),
        )
        facts = dated(begun.facts, reserved.reserved_at)
        return await self._kept.keep_number(begun.dossier_id, reserved, facts)

    async def _line_columns(self, dossier_id: UUID, facts: Facts) -> LineColumns:
        store = self._parts.store
        found = await store.findings(dossier_id)
        card = found.identity.card if found and found.identity else None
        return line_columns(facts, await store.dossier(dossier_id), card)

    async def _make_copy(self, begun: Certification) -> Certification:
        parts = self._parts
        pages = await self._pages(begun.dossier_id)
        place = await reserve_place(parts.writer, begun.code)
        sheet = sheet_of(begun, pages, parts.portal_url, parts.seal_key, place)
        pair = await self._must_be_entitled(begun, parts.clock())
        signing = Signing(
            code=begun.code,
            officer=pair.officer,
            seal=pair.seal,
            signer_name=sheet.signer_name,
            unit_name=sheet.unit_name,
            mark=begun.watermark,
            at=parts.clock(),
        )
        unsigned = await asyncio.to_thread(lay_out, sheet, parts.fonts)
        signed = await asyncio.to_thread(sign, unsigned, signing, parts.stamper, parts.fonts)
        key = await parts.store.blob_key(begun.dossier_id)
        digest = await asyncio.to_thread(parts.blobs.put, begun.dossier_id, key, signed)
        return await self._kept.keep_file(
            begun.dossier_id,
            pdf_digest=digest,
            pdf_size=len(signed),
            signer_fingerprint=pair.officer.fingerprint,
            seal_fingerprint=pair.seal.fingerprint,
        )

    async def _pages(self, dossier_id: UUID) -> list[CopyPage]:
        parts = self._parts
        key = await parts.store.blob_key(dossier_id)
        return [
            CopyPage(
                image=await asyncio.to_thread(parts.blobs.get, dossier_id, key, page.digest),
                media_type=page.media_type,
            )
            for page in await parts.store.attachments(dossier_id, "page")
        ]

    async def _with_mandate(self, order: Order) -> Order:
        """The order in the words of the mandate by which it was given."""
        mandate = await mandate_of(
            self._parts.reader, order.officer_id, order.unit_code, order.decided_at
        )
        if mandate is None:
            return order
        return msgspec.structs.replace(
            order,
            unit_name=mandate.unit_name,
            signer_name=mandate.full_name,
            signer_title=mandate.title,
        )

    async def _must_be_entitled(self, act: Order | Certification, at: datetime) -> Pair:
        """The keys to sign with; raises MayNotCertify."""
        keys = self._parts.keys
        pair = Pair(keys.signer(act.signer), keys.signer(SEAL))
        try:
            await must_sign_with(self._parts.reader, act.officer_id, act.unit_code, pair, at)
        except MayNotCertify:
            for name in (act.signer, SEAL):
                keys.forget(name)
            raise
        return pair

    async def _still_entitled(self, begun: Certification) -> Certification:
        """Unless the registry has the copy already, its signatures must still have their right."""
        signer, seal = begun.signer_fingerprint, begun.seal_fingerprint
        if begun.pdf_digest is None or signer is None or seal is None:
            raise ValueError("the certification has no file yet")
        parts = self._parts
        try:
            await must_hold(
                parts.reader, begun.officer_id, begun.unit_code, signer, seal, parts.clock()
            )
        except MayNotCertify:
            async with parts.writer.reading() as reading:
                if await reading.code_hash_of(begun.pdf_digest) is None:
                    await self._kept.drop_file(begun.dossier_id)
                    raise
        return begun

    async def _register(self, begun: Certification) -> Certification:
        receipt = await self._parts.appender.register(certified_copy_of(begun))
        return await self._kept.keep_receipt(
            begun.dossier_id,
            entry_index=receipt.index,
            leaf_hash=receipt.leaf_hash,
            entry_hash=receipt.entry_hash,
            registered_at=receipt.registered_at,
        )

    async def _await_checkpoint(self, index: int) -> None:
        try:
            async with asyncio.timeout(self._parts.patience):
                # Another process publishes, so there is nothing here to be woken by.
                while not await self._is_published(index):  # noqa: ASYNC110
                    await asyncio.sleep(_CHECKPOINT_POLL)
        except TimeoutError:
            raise CheckpointLate from None

    async def _is_published(self, index: int) -> bool:
        try:
            return (await latest_checkpoint(self._parts.reader)).size > index
        except NothingPublished:
            return False

    async def _release(self, begun: Certification) -> None:
        if begun.pdf_digest is None or begun.pdf_size is None:
            raise ValueError("there is no copy to release")
        now = self._parts.clock()
        copy = Attachment(
            role="copy",
            ordinal=0,
            digest=begun.pdf_digest,
            media_type="application/pdf",
            size=begun.pdf_size,
        )
        async with self._parts.store.changing(begun.dossier_id) as change:
            if change.dossier.state is State.ISSUED:
                return
            await change.attach(copy)
            await self._kept.release(change, now)
            await change.record(Event(kind="issued", at=now, actor="system"))


def _receipt(begun: Certification) -> Receipt:
    if (
        begun.entry_index is None
        or begun.leaf_hash is None
        or begun.entry_hash is None
        or begun.pdf_digest is None
        or begun.registered_at is None
    ):
        raise ValueError("the certification has no receipt yet")
    return Receipt(
        index=begun.entry_index,
        leaf_hash=begun.leaf_hash,
        entry_hash=begun.entry_hash,
        pdf_digest=begun.pdf_digest,
        registered_at=begun.registered_at,
    )


@contextmanager
def _failures_named() -> Iterator[None]:
    """Failures of the machine under names that tell an operator what to do."""
    try:
        yield
    except RegistryUnavailable as error:
        raise RegistryNotReached from error
    except Exception as error:
        if isinstance(error, OSError) and error.errno in _DISK_FULL:
            raise NoSpaceLeft from error
        if database_is_away(error):
            raise IntakeNotReached from error
        raise
