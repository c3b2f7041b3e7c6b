"""Who signed what about the log: notes, cosignatures, publications (pure)."""

from collections.abc import Callable, Iterable

from registry.audit.report import Findings
from registry.audit.stamps import judge_time_stamps
from registry.log.checkpoint import Checkpoint, parse_checkpoint
from registry.log.note import NoteRefused, split_note
from registry.log.policy import Policy
from registry.store.walking import CheckpointRow, Newest, Signed


def judge_signed(signed: Signed, newest: Newest, policy: Policy | None, findings: Findings) -> None:
    """Everything about some checkpoints but their roots."""
    judge_notes(signed.checkpoints, policy, findings)
    judge_publications(signed, findings)
    if policy is not None:
        judge_cosignatures(signed, newest, policy, findings)
    notes = {row.size: row.note for row in signed.checkpoints}
    judge_time_stamps(signed.time_stamps, notes, newest.signed, findings)


def judge_notes(rows: Iterable[CheckpointRow], policy: Policy | None, findings: Findings) -> None:
    """Each note is the log's, and says what its row says."""
    opened: Callable[[str], Checkpoint] = policy.open_log_note if policy else parse_checkpoint
    for row in rows:
        where = f"checkpoint {row.size}"
        try:
            checkpoint = opened(row.note)
        except NoteRefused as error:
            findings.add("signature", where, "note", "a note signed by the log", error)
            continue
        findings.compare("checkpoint", where, "note size", row.size, checkpoint.size)
        findings.compare("checkpoint", where, "note root", row.root_hash, checkpoint.root_hash)


def judge_cosignatures(signed: Signed, newest: Newest, policy: Policy, findings: Findings) -> None:
    """Lines of the policy's witnesses hold, and the newest publication has the policy's quorum.

    Older publications are vouched for by the newest one, whose tree continues theirs; and a quorum
    may have been asked for after they were made.
    """
    notes = {row.size: row.note for row in signed.checkpoints}
    names: set[str] = set()
    for row in signed.cosignatures:
        where = f"cosignature of {row.name} on checkpoint {row.size}"
        note = notes.get(row.size)
        if note is None:
            findings.add("cosignature", where, "size", "a signed checkpoint", "none")
            continue
        try:
            cosigned = policy.cosigned_by(note + row.line)
            [line] = split_note(note + row.line)[1][len(split_note(note)[1]) :]
        except (NoteRefused, ValueError) as error:
            findings.add("cosignature", where, "line", "a cosignature that holds", error)
            continue
        expected, found = f"{row.name} {row.key_id.hex()}", f"{line.name} {line.key_id.hex()}"
        findings.compare("cosignature", where, "line", expected, found)
        if row.size == newest.published:
            names |= set(cosigned)
    if newest.published in signed.published and not policy.met_by(names):
        where = f"publication {newest.published}"
        found = ", ".join(sorted(names)) or "nobody"
        findings.add("quorum", where, "size", f"cosigned by {policy.quorum}", found)


def judge_publications(signed: Signed, findings: Findings) -> None:
    """Only what was signed is published."""
    sizes = {row.size for row in signed.checkpoints}
    for size in signed.published:
        if size not in sizes:
            findings.add(
                "publication", f"publication {size}", "size", "a signed checkpoint", "none"
            )
