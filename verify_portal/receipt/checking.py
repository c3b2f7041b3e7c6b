"""Checking a receipt without asking anybody: numbered steps, each of which must hold.

Pure. A statement is believed where its proofs show it; the signature says only who made it.
"""

from collections.abc import Callable
from typing import Literal

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from registry.code import code_hash
from registry.entry import Closed, CopyEntry, parse_entry
from registry.errors import MalformedCode, MalformedEntry, RegistryError
from registry.jws import JwsRefused, key_id, open_flattened
from registry.log.checkpoint import Checkpoint
from registry.log.map_proof import check_map_proof
from registry.log.note import NoteRefused
from registry.log.policy import Policy
from registry.log.proof import ProofRefused
from registry.log.proof_file import check_proof
from verify_portal.receipt.statement import KIND, Statement, judged, registered_digest

StepName = Literal["signature", "checkpoint", "entries", "completeness", "verdict", "document"]
Outcome = Literal["passed", "failed", "skipped"]


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was checked, and what it showed; `skipped` is what nothing can show."""

    number: int
    name: StepName
    outcome: Outcome
    said: str


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """`statement` is None unless the receipt's own signature holds. The last step is the one that
    failed, if any did.
    """

    statement: Statement | None
    steps: tuple[Step, ...]

    @property
    def holds(self) -> bool:
        return all(step.outcome != "failed" for step in self.steps)


class ReceiptRefused(Exception):
    """A step does not hold; the message says why."""


def check_receipt(content: bytes, public_key: Ed25519PublicKey, policy: Policy) -> Checked:
    """A receipt in its JSON form, under the portal's public key and the log's policy."""
    try:
        statement = _opened(content, public_key)
    except ReceiptRefused as refusal:
        step = Step(number=1, name="signature", outcome="failed", said=str(refusal))
        return Checked(statement=None, steps=(step,))
    said = f"by the key {key_id(public_key)}"
    first = Step(number=1, name="signature", outcome="passed", said=said)
    return Checked(statement=statement, steps=(first, *check_statement(statement, policy)))


def check_statement(statement: Statement, policy: Policy) -> tuple[Step, ...]:
    """The steps after the signature, up to one that fails; a portal takes them before it signs."""
    checking = _Checking(statement, policy)
    acts: tuple[tuple[StepName, Callable[[], tuple[Outcome, str]]], ...] = (
        ("checkpoint", checking.checkpoint),
        ("entries", checking.entries),
        ("completeness", checking.completeness),
        ("verdict", checking.verdict),
    )
    steps: list[Step] = []
    for number, (name, act) in enumerate(acts, start=2):
        try:
            outcome, said = act()
        except ReceiptRefused as refusal:
            outcome, said = "failed", str(refusal)
        steps.append(Step(number=number, name=name, outcome=outcome, said=said))
        if outcome == "failed":
            break
    return tuple(steps)


def _opened(content: bytes, public_key: Ed25519PublicKey) -> Statement:
    try:
        payload = open_flattened(public_key, KIND, content)
        return msgspec.json.decode(payload, type=Statement)
    except JwsRefused as refusal:
        raise ReceiptRefused(f"not signed by this portal: {refusal}") from None
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise ReceiptRefused("signed, and not a receipt of this version") from None


class _Checking:
    """Each step rests on the ones before it. All raise ReceiptRefused."""

    def __init__(self, statement: Statement, policy: Policy) -> None:
        self._said = statement
        self._policy = policy
        self._proven: list[tuple[int, CopyEntry]] = []

    def checkpoint(self) -> tuple[Outcome, str]:
        """The log signed it, and the policy's quorum cosigned."""
        note = self._said.checkpoint
        try:
            signed = self._policy.open_checkpoint(note)
            witnesses = ", ".join(self._policy.cosigned_by(note)) or "nobody"
        except NoteRefused as refusal:
            raise ReceiptRefused(f"the log's checkpoint is refused: {refusal}") from None
        return "passed", f"{signed.origin} at size {signed.size}, cosigned by {witnesses}"

    def entries(self) -> tuple[Outcome, str]:
        """Each stands in the log of that checkpoint, and is about what was asked."""
        self._proven = [self._entry(text) for text in self._said.entries]
        self._refuse_other_copy()
        if not self._proven:
            return "skipped", "the receipt claims none"
        return "passed", ", ".join(f"{entry.kind} as entry {at}" for at, entry in self._proven)

    def completeness(self) -> tuple[Outcome, str]:
        """No other entry of that log is about the copy."""
        code, sha256 = self._said.question.code, self._said.question.sha256
        if self._said.latest is not None:
            return self._all_entries(self._said.latest)
        if self._proven or code is not None or sha256 is None:
            raise ReceiptRefused("the proof that these are all entries about the copy is missing")
        return "skipped", "nothing can prove that a digest is in no entry: the portal's word alone"

    def verdict(self) -> tuple[Outcome, str]:
        """It is the one that the entries lead to."""
        entries = [entry for _, entry in self._proven]
        try:
            verdict, status = judged(self._said.question, entries)
        except RegistryError as error:
            raise ReceiptRefused(f"the entries are no copy's life: {error}") from None
        if (verdict, status) != (self._said.verdict, self._said.status):
            raise ReceiptRefused(
                f"the receipt says {self._said.verdict}, its entries lead to {verdict} or to "
                "another decision"
            )
        return "passed", verdict

    def _entry(self, text: str) -> tuple[int, CopyEntry]:
        try:
            proof = check_proof(text, self._policy)
            entry = parse_entry(proof.body)
        except (ProofRefused, MalformedEntry) as refusal:
            raise ReceiptRefused(f"the proof of an entry does not hold: {refusal}") from None
        self._refuse_other_checkpoint(proof.checkpoint)
        if isinstance(entry, Closed):
            raise ReceiptRefused(f"entry {proof.index} is about no copy")
        return proof.index, entry

    def _all_entries(self, proof_text: str) -> tuple[Outcome, str]:
        try:
            proof = check_map_proof(proof_text, self._code_hash(), self._policy)
        except ProofRefused as refusal:
            raise ReceiptRefused(f"the proof of all entries does not hold: {refusal}") from None
        self._refuse_other_checkpoint(proof.checkpoint)
        indexes = [index for index, _ in self._proven]
        count, latest = (proof.found.count, [proof.found.latest]) if proof.found else (0, [])
        if indexes != sorted(set(indexes)) or (len(indexes), indexes[-1:]) != (count, latest):
            raise ReceiptRefused(
                f"entries of the log about the copy: {count}, and not the {len(indexes)} shown"
            )
        return "passed", f"entries of the log about it: {count}, and no other"

    def _code_hash(self) -> bytes:
        """Of the copy asked about, once the entries are known to be of one."""
        if self._proven:
            return self._proven[0][1].code_hash
        return _hash_of(self._said.question.code or "")

    def _refuse_other_checkpoint(self, proven_in: Checkpoint) -> None:
        if proven_in.note != self._said.checkpoint:
            raise ReceiptRefused(
                f"a proof is of another checkpoint (size {proven_in.size}) than the receipt"
            )

    def _refuse_other_copy(self) -> None:
        """By the code where there is one, else by the digest of the file that was asked about."""
        code, sha256 = self._said.question.code, self._said.question.sha256
        entries = [entry for _, entry in self._proven]
        about = {entry.code_hash for entry in entries}
        if code is None:
            same = not entries or registered_digest(entries) == sha256
        elif sha256 is not None and not entries:
            raise ReceiptRefused("a file and a code are attested together for a registered copy")
        else:
            same = about <= {_hash_of(code)}
        if not same or len(about) > 1:
            raise ReceiptRefused("the proofs are of another copy")


def _hash_of(code: str) -> bytes:
    try:
        return code_hash(code)
    except MalformedCode:
        raise ReceiptRefused("the question's code is malformed") from None
