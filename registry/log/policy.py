"""C2SP tlog-policy: which logs are believed, and whose cosignatures a checkpoint must carry.

The text has a line for each log, witness and group and one for the quorum. Names of witnesses and
groups mean something inside the policy only; a name is defined before it is used.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace

from registry.log.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from registry.log.cosignature import Cosigner, cosigned_at, cosigner_line, parse_cosigner
from registry.log.note import NoteRefused, Verifier, parse_verifier, split_note, verifier_line

NO_QUORUM = "none"
_MAX_CHARACTERS = 1_000_000
# Of ASCII's control characters only tab and newline; what is not ASCII is opaque.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_WORD = re.compile(r"[^ \t]+")
_COUNT = re.compile(r"[1-9][0-9]{0,5}", re.ASCII)


class PolicyRefused(Exception):
    """A policy's text is malformed; says in which line."""


@dataclass(frozen=True, slots=True)
class TrustedLog:
    """A log that may sign checkpoints; its origin is the key's name. `url`: where it is read."""

    verifier: Verifier
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Witness:
    """`name` is the policy's own; `url` is the submission prefix of tlog-witness."""

    name: str
    cosigner: Cosigner
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Has witnessed a checkpoint once `threshold` of its members have."""

    name: str
    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """`groups` stand in the order of their definition; `quorum` names one, a witness, or none."""

    logs: tuple[TrustedLog, ...]
    witnesses: tuple[Witness, ...] = ()
    groups: tuple[Group, ...] = ()
    quorum: str = NO_QUORUM

    def met_by(self, names: Collection[str]) -> bool:
        """Whether the witnesses of these policy names make the quorum."""
        if self.quorum == NO_QUORUM:
            return True
        met = {witness.name for witness in self.witnesses} & set(names)
        for group in self.groups:
            if len(met.intersection(group.members)) >= group.threshold:
                met.add(group.name)
        return self.quorum in met

    def cosigned_by(self, note: str) -> dict[str, int]:
        """Policy name and POSIX time of each witness that cosigned a checkpoint.

        Raises NoteRefused for a false cosignature of a witness of this policy.
        """
        text, signatures = split_note(note)
        times = [(one.name, cosigned_at(text, signatures, one.cosigner)) for one in self.witnesses]
        return {name: time for name, time in times if time is not None}

    def open_log_note(self, note: str) -> Checkpoint:
        """What one of the logs signed, cosigned or not; raises NoteRefused."""
        origin = parse_checkpoint(note).origin
        keys = [log.verifier for log in self.logs if log.verifier.name == origin]
        if not keys:
            raise NoteRefused("the checkpoint is of another log")
        return open_checkpoint(note, origin, keys)

    def open_checkpoint(self, note: str) -> Checkpoint:
        """What one of the logs signed and the quorum cosigned; raises NoteRefused."""
        checkpoint = self.open_log_note(note)
        witnessed = self.cosigned_by(note)
        if not self.met_by(witnessed):
            raise NoteRefused(
                f"too few witnesses: the policy wants {self.quorum}, cosigned by "
                f"{', '.join(witnessed) or 'nobody'}"
            )
        return checkpoint


def policy_of_log(vkey: str) -> Policy:
    """Trust in one log's key alone; raises NoteRefused."""
    return Policy(logs=(TrustedLog(parse_verifier(vkey)),))


def parse_policy(content: str | bytes) -> Policy:
    """Raises PolicyRefused. A file's bytes are taken as they are: names need not be UTF-8."""
    text = content if isinstance(content, str) else content.decode("utf-8", "surrogateescape")
    if len(text) > _MAX_CHARACTERS or not text.endswith("\n") or _FORBIDDEN.search(text):
        raise PolicyRefused(
            "a policy is lines of text that each end in a newline, without control characters"
        )
    draft = _Draft()
    for number, line in enumerate(text[:-1].split("\n"), start=1):
        try:
            draft.add(_WORD.findall(line))
        except (PolicyRefused, NoteRefused) as refusal:
            raise PolicyRefused(f"line {number}: {refusal}") from None
    return draft.policy()


def policy_text(policy: Policy) -> str:
    """The policy as a file that `parse_policy` reads back."""
    lines = [
        ["log", verifier_line(log.verifier.name, log.verifier.public_key), log.url or ""]
        for log in policy.logs
    ]
    for one in policy.witnesses:
        key = cosigner_line(one.cosigner.name, one.cosigner.public_key)
        lines.append(["witness", one.name, key, one.url or ""])
    lines += [["group", one.name, str(one.threshold), *one.members] for one in policy.groups]
    lines.append(["quorum", policy.quorum])
    return "".join(" ".join(word for word in line if word) + "\n" for line in lines)


def public_policy(policy: Policy) -> str:
    """Its text for everybody: where a witness takes submissions is between it and the log."""
    witnesses = tuple(replace(one, url=None) for one in policy.witnesses)
    return policy_text(replace(policy, witnesses=witnesses))


@dataclass(slots=True)
class _Draft:
    """A policy while its lines are read."""

    logs: list[TrustedLog] = field(default_factory=list)
    witnesses: list[Witness] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    quorum: str | None = None
    names: set[str] = field(default_factory=set)
    members: set[str] = field(default_factory=set)

    def add(self, words: list[str]) -> None:
        match words:
            case []:
                pass
            case [first, *_] if first.startswith("#"):
                pass
            case ["log", vkey, *url] if len(url) <= 1:
                self._add_log(TrustedLog(parse_verifier(vkey), *url))
            case ["witness", name, vkey, *url] if len(url) <= 1:
                self._add_witness(Witness(name, parse_cosigner(vkey), *url))
            case ["group", name, threshold, *members] if members:
                self._add_group(name, threshold, members)
            case ["quorum", name]:
                self._set_quorum(name)
            case _:
                raise PolicyRefused("not a line of a policy")

    def policy(self) -> Policy:
        if self.quorum is None:
            raise PolicyRefused("a quorum line is missing: `quorum none` asks for no witness")
        return Policy(tuple(self.logs), tuple(self.witnesses), tuple(self.groups), self.quorum)

    def _add_log(self, log: TrustedLog) -> None:
        if any(log.verifier.public_key == other.verifier.public_key for other in self.logs):
            raise PolicyRefused("this log's key stands in the policy already")
        self.logs.append(log)

    def _add_witness(self, witness: Witness) -> None:
        known = [other.cosigner.public_key for other in self.witnesses]
        if witness.cosigner.public_key in known:
            raise PolicyRefused("this witness's key stands in the policy already")
        self._define(witness.name)
        self.witnesses.append(witness)

    def _add_group(self, name: str, threshold: str, members: list[str]) -> None:
        for member in members:
            if member not in self.names:
                raise PolicyRefused(f"{member!r} is no witness or group defined above")
            if member in self.members:
                raise PolicyRefused(f"{member!r} is a member of a group already")
            self.members.add(member)
        self._define(name)
        self.groups.append(Group(name, _count(threshold, len(members)), tuple(members)))

    def _set_quorum(self, name: str) -> None:
        if self.quorum is not None:
            raise PolicyRefused("there is a quorum line already")
        if name != NO_QUORUM and name not in self.names:
            raise PolicyRefused(f"{name!r} is no witness or group defined above")
        self.quorum = name

    def _define(self, name: str) -> None:
        if name == NO_QUORUM or name in self.names:
            raise PolicyRefused(f"the name {name!r} is taken")
        self.names.add(name)


def _count(threshold: str, members: int) -> int:
    if threshold in {"any", "all"}:
        return 1 if threshold == "any" else members
    if not _COUNT.fullmatch(threshold) or int(threshold) > members:
        raise PolicyRefused(f"a threshold is any, all, or a number from 1 to {members}")
    return int(threshold)
