"""A small log held in memory, and receipts about what it holds."""

import hashlib
from datetime import UTC, date, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.code import code_hash, new_code
from registry.entry import ChangeKind, CopyEntry, Issued, StatusChange, body
from registry.log.checkpoint import Checkpoint, parse_checkpoint, sign_checkpoint
from registry.log.code_map import extension_line
from registry.log.cosignature import cosign
from registry.log.map_growth import Change
from registry.log.proof_file import ProofFile
from tests.testkit.code_maps import KEY, ORIGIN, MapInMemory
from tests.testkit.trees import TiledTree
from verify_portal.answer import PublicFacts
from verify_portal.receipt.statement import Question, Statement, stated

RECEIPT_KEY = Ed25519PrivateKey.from_private_bytes(b"\x7e" * 32)
CODE, OTHER, ABSENT = (new_code(lambda _, made=made: made) for made in (1, 2, 3))
BEGAN = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
COPY = PublicFacts(
    document_type="diploma",
    unit="UBND phường Ba Đình",
    certified_on="2026-11-22",
    page_count=2,
    holder="N*** V** A*",
)


def file_of(code: str) -> str:
    """SHA-256 of a copy's PDF in hexadecimal."""
    return hashlib.sha256(code.encode()).hexdigest()


class LogInMemory:
    """Entries of any codes; each is published as it is entered."""

    def __init__(self, witness: tuple[str, Ed25519PrivateKey] | None = None) -> None:
        self.entries: list[CopyEntry] = []
        self._witness = witness
        self._map = MapInMemory()

    def issue(self, code: str) -> None:
        self._enter(
            Issued(
                code_hash=code_hash(code),
                occurred_at=self._now(),
                pdf_digest=bytes.fromhex(file_of(code)),
                commitment=bytes(32),
                signer_fingerprint=bytes(32),
                seal_fingerprint=bytes(32),
                unit_code="00004",
                book="01/2026-SCTĐT/BS",
                number=len(self.entries) + 1,
                certified_at=BEGAN,
            )
        )

    def change(self, code: str, kind: ChangeKind, reason: str = "") -> None:
        self._enter(
            StatusChange(
                code_hash=code_hash(code),
                occurred_at=self._now(),
                kind=kind,
                decision=f"{len(self.entries)}/QĐ",
                decided_on=date(2026, 11, 22),
                reason=reason,
            )
        )

    def checkpoint(self) -> Checkpoint:
        root = self._tree().root(len(self.entries))
        signed = sign_checkpoint(
            ORIGIN, len(self.entries), root, KEY, [extension_line(self._map.root)]
        )
        if self._witness is None:
            return signed
        seen_at = int(self._now().timestamp())
        return parse_checkpoint(signed.note + cosign(signed.note, *self._witness, seen_at))

    def statement(self, question: Question, about: str | None = None) -> Statement:
        """As a portal makes it; `about`: the code of the copy that the question leads to."""
        code = about or question.code
        checkpoint = self.checkpoint()
        return stated(
            question,
            self.proofs(code, checkpoint) if code else [],
            self._map.proof(code_hash(code), checkpoint) if code else None,
            checkpoint=checkpoint,
            portal="http://127.0.0.1:8003",
            copy=COPY,
            checked_at=self._now(),
            pdf_signers=(),
        )

    def proofs(self, code: str, checkpoint: Checkpoint) -> list[ProofFile]:
        tree, size = self._tree(), len(self.entries)
        return [
            ProofFile(body(entry), index, tuple(tree.inclusion(index, size)), checkpoint)
            for index, entry in enumerate(self.entries)
            if entry.code_hash == code_hash(code)
        ]

    def _enter(self, entry: CopyEntry) -> None:
        self.entries.append(entry)
        self._map.grow({entry.code_hash: Change(1, len(self.entries) - 1)})

    def _tree(self) -> TiledTree:
        return TiledTree([body(entry) for entry in self.entries])

    def _now(self) -> datetime:
        return BEGAN + timedelta(minutes=len(self.entries))
