"""Any interleaving of what happens to a log leaves the audit green and every proof good.

Appends, retries, changes of status, publications with a witness that is up or down, connections cut
at any request, a replica that lags, a witness that follows: in whatever order hypothesis thinks of.
BANSAO_STATES=thorough tries harder.
"""

import asyncio
import os
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any, Final, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from registry.certified_copy import CertifiedCopy, Receipt
from registry.code import new_code
from registry.errors import (
    IllegalTransition,
    NothingPublished,
    NotYetPublished,
    RegistryUnavailable,
)
from registry.log.checkpoint import Checkpoint
from registry.log.proof import verify_consistency
from registry.log.proof_file import ProofFile, check_proof
from tests.testkit.kept import refuse_forks, stored
from tests.testkit.postgres import Database, Server
from tests.testkit.running_log import RunningLog, begin_anew
from tests.testkit.wire import MOMENTS, Trap
from tests.testkit.witnesses import FakeWitness, always, honest

THOROUGH: Final = os.environ.get("BANSAO_STATES") == "thorough"
#: From a copy's standing, by an appender's method, to the next one.
CHANGES: Final = {
    "valid": {"suspend": "suspended", "supersede": "superseded", "revoke": "revoked"},
    "suspended": {"reinstate": "valid", "revoke": "revoked"},
    "superseded": {"revoke": "revoked"},
    "revoked": {},
}
ACTS: Final = ("suspend", "reinstate", "supersede", "revoke")
T = TypeVar("T")
mostly = st.sampled_from([True, True, True, False])
steps = st.builds(Trap, st.integers(0, 12), st.sampled_from(MOMENTS))


class Known:
    """A copy that is registered: its receipt, and its standing from each index on."""

    def __init__(self, copy: CertifiedCopy, receipt: Receipt) -> None:
        self.copy = copy
        self.receipt = receipt
        self.standings: list[tuple[int, str]] = [(receipt.index, "valid")]

    @property
    def standing(self) -> str:
        return self.standings[-1][1]

    @property
    def next_decision(self) -> str:
        return f"{len(self.standings)}/QĐ-UBND"

    def note(self, act: str, outcome: object) -> None:
        """A lawful change was entered."""
        assert isinstance(outcome, Receipt), outcome
        self.standings.append((outcome.index, CHANGES[self.standing][act]))

    def standing_in(self, size: int) -> str:
        """As a tree of that size says."""
        return [standing for index, standing in self.standings if index < size][-1]


class LogStates(RuleBasedStateMachine):
    """What must be true is remembered here; `log` is the real thing."""

    def __init__(self, log: Callable[[], RunningLog], witness: FakeWitness) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.log = self.runner.run(_made(log))
        self.witness = witness
        self.known: list[Known] = []
        self.doubtful: list[CertifiedCopy] = []
        self.seen: list[Checkpoint] = []
        self.proofs: list[ProofFile] = []

    def run(self, act: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(act)

    # What happens ---------------------------------------------------------------------------

    @rule(count=st.integers(1, 5))
    def append(self, count: int) -> None:
        self._register(self.run(self.log.reserve(count)))

    @rule(count=st.integers(1, 3), trap=steps)
    def append_and_break(self, count: int, trap: Trap) -> None:
        self._register(self.run(self.log.reserve(count)), trap)

    @precondition(lambda self: self.doubtful)
    @rule()
    def retry_what_nobody_knows(self) -> None:
        copies, self.doubtful = self.doubtful, []
        self._register(copies)
        assert not self.doubtful

    @precondition(lambda self: self.known)
    @rule(data=st.data())
    def retry_what_is_known(self, data: st.DataObject) -> None:
        known = data.draw(st.sampled_from(self.known))
        assert self.run(self.log.register([known.copy])) == [known.receipt]

    @precondition(lambda self: self.known)
    @rule(data=st.data(), act=st.sampled_from(ACTS))
    def change(self, data: st.DataObject, act: str) -> None:
        known = data.draw(st.sampled_from(self.known))
        more = {}
        if act == "supersede":
            others = [one for one in self.known if one is not known and one.standing == "valid"]
            if not others:
                return
            more["successor"] = data.draw(st.sampled_from(others)).copy.code
        outcome = self.run(self.log.change(known.copy, act, known.next_decision, **more))
        if act in CHANGES[known.standing]:
            known.note(act, outcome)
        else:
            assert isinstance(outcome, IllegalTransition)

    @precondition(lambda self: self.known)
    @rule(data=st.data(), trap=steps)
    def revoke_and_break(self, data: st.DataObject, trap: Trap) -> None:
        known = data.draw(st.sampled_from(self.known))
        if known.standing == "revoked":
            return
        outcome = self.run(self.log.change(known.copy, "revoke", known.next_decision, trap))
        if isinstance(outcome, RegistryUnavailable):
            outcome = self.run(self.log.change(known.copy, "revoke", known.next_decision))
        known.note("revoke", outcome)

    @rule(witnessed=mostly)
    def publish(self, witnessed: bool) -> None:
        self._publish(None, witnessed=witnessed)

    @rule(witnessed=mostly, trap=steps)
    def publish_and_break(self, witnessed: bool, trap: Trap) -> None:
        self._publish(trap, witnessed=witnessed)

    @rule()
    def connections_break(self) -> None:
        self.run(self.log.drop_connections())

    @rule()
    def restart(self) -> None:
        self.run(self.log.restart())

    @rule()
    def replica_catches_up(self) -> None:
        self.log.replica_catches_up()

    # What is asked --------------------------------------------------------------------------

    @precondition(lambda self: self.seen)
    @rule()
    def the_witness_looks(self) -> None:
        sight = self.run(self.log.witness_looks())
        assert sight.state == "cosigned", sight

    @precondition(lambda self: self.seen)
    @rule()
    def look_up_nobodys_code(self) -> None:
        assert self.run(self.log.ledger.copies.by_code(new_code())) is None

    @precondition(lambda self: self.seen and self.known)
    @rule(data=st.data())
    def look_up(self, data: st.DataObject) -> None:
        self._look_up(data.draw(st.sampled_from(self.known)))

    @precondition(lambda self: self.seen and self.seen[-1].size)
    @rule(data=st.data())
    def keep_a_proof(self, data: st.DataObject) -> None:
        index = data.draw(st.integers(0, self.seen[-1].size - 1))
        proof = check_proof(self.run(self.log.proof(index)), self.log.policy)
        assert proof.index == index
        self.proofs.append(proof)

    # What must be true ----------------------------------------------------------------------

    def teardown(self) -> None:
        try:
            if self.doubtful:
                self.retry_what_nobody_knows()
            for _ in "waiting", "new":
                self._publish(None, witnessed=True)
            self.the_witness_looks()
            self.run(self._judge())
        finally:
            self.run(self.log.close())
            self.runner.close()

    async def _judge(self) -> None:
        report = await self.log.audit()
        assert report.findings == []
        entries = stored(self.log.database)
        assert self.seen[-1].size == report.entries == len(entries)
        refuse_forks(entries, [one.note for one in self.seen])
        refuse_forks(entries, [one.checkpoint.note for one in self.proofs])
        expected = {index: known.copy for known in self.known for index, _ in known.standings}
        assert sorted(expected) == list(range(len(entries)))
        for known in self.known:
            assert entries[known.receipt.index].leaf_hash == known.receipt.leaf_hash

    def _look_up(self, known: Known) -> None:
        """Never unknown, however far the replica lags."""
        if known.receipt.index >= self.seen[-1].size:
            with pytest.raises(NotYetPublished):
                self.run(self.log.ledger.copies.by_code(known.copy.code))
            return
        found = self.run(self.log.ledger.copies.by_code(known.copy.code))
        assert found is not None
        assert found.index == known.receipt.index
        assert found.status.verdict == known.standing_in(found.checkpoint.size)
        assert found.checkpoint in self.seen

    def _register(self, copies: list[CertifiedCopy], trap: Trap | None = None) -> None:
        outcomes = self.run(self.log.register(copies, trap))
        for copy, outcome in zip(copies, outcomes, strict=True):
            if isinstance(outcome, Receipt):
                self.known.append(Known(copy, outcome))
            else:
                assert trap, outcome
                assert isinstance(outcome, RegistryUnavailable)
                self.doubtful.append(copy)

    def _publish(self, trap: Trap | None, *, witnessed: bool) -> None:
        self.witness.manner = honest if witnessed else always(503)
        self.run(self.log.publish(trap))
        try:
            newest = self.run(self.log.newest())
        except NothingPublished:
            assert not self.seen
            assert trap or not witnessed
            return
        for earlier in self.seen:
            proof = self.run(self.log.consistency(earlier.size, newest.size))
            roots = earlier.root_hash, newest.root_hash
            verify_consistency(earlier.size, newest.size, proof, *roots)
        if newest not in self.seen:
            self.seen.append(newest)
        if self.known:
            self._look_up(self.known[-1])


async def _made(log: Callable[[], RunningLog]) -> RunningLog:
    return log()


@pytest.fixture
def replica(server: Server) -> Iterator[Database]:
    database = server.clone()
    yield database
    server.drop(database)


@pytest.mark.timeout(1200)
def test_any_interleaving(database: Database, replica: Database, tmp_path: Path) -> None:
    examples = iter(range(10**9))

    def begun() -> LogStates:
        begin_anew(database, replica)
        witness.seen = None
        home = tmp_path / str(next(examples))
        return LogStates(lambda: RunningLog(database, replica, witness, home), witness)

    with FakeWitness().running() as witness:
        run_state_machine_as_test(
            begun,
            settings=settings(
                max_examples=300 if THOROUGH else 15,
                stateful_step_count=50 if THOROUGH else 20,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
