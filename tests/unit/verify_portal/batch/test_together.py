"""Many questions at one checkpoint, on a ledger that tests make up."""

import asyncio
from collections.abc import Mapping, Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.code import code_hash, new_code
from registry.errors import ChainBroken, NothingPublished, RegistryError, RegistryUnavailable
from registry.log.checkpoint import Checkpoint
from tests.unit.verify_portal.evidence import CHECKPOINT, CODE, NOW, found
from tests.unit.verify_portal.test_verify import PORTAL, MadeUpCopies, MadeUpLedger
from verify_portal.batch.together import Answers, Together
from verify_portal.copies import Outcome
from verify_portal.errors import UnprovenEntry
from verify_portal.measures import Measures
from verify_portal.question import Question, code_question, digest_question, text_question
from verify_portal.verify import verify

Failure = RegistryError | UnprovenEntry
DIGEST = b"\x01" * 32
TEXTS = [CODE, CODE.lower(), f"{PORTAL}/c/{CODE}", new_code(), "hỏng", "", DIGEST.hex(), "ab" * 32]


class KnownCopies(MadeUpCopies):
    """A fake: the one copy that `MadeUpCopies` knows, at a checkpoint."""

    def __init__(self, failing: Mapping[bytes, Failure]) -> None:
        super().__init__(None)
        self.answered = {"primary": 0, "replica": 0}
        self.asked: list[Sequence[bytes]] = []
        self._failing = failing

    async def find_at(
        self, checkpoint: Checkpoint, code_hashes: Sequence[bytes]
    ) -> Mapping[bytes, Outcome]:
        assert checkpoint == CHECKPOINT
        self.asked.append(code_hashes)
        for hashed in code_hashes:
            if isinstance(outage := self._failing.get(hashed), RegistryUnavailable):
                return dict.fromkeys(code_hashes, outage)
        known = {code_hash(CODE): found(), **self._failing}
        return {hashed: known[hashed] for hashed in code_hashes if hashed in known}

    async def code_hashes_of(
        self, pdf_digests: Sequence[bytes]
    ) -> dict[bytes, bytes | RegistryError]:
        known: dict[bytes, bytes | RegistryError]
        known = {DIGEST: code_hash(CODE), b"\x02" * 32: code_hash(CODE)}
        return {digest: known[digest] for digest in pdf_digests if digest in known}


class KnownLedger(MadeUpLedger):
    """A fake, see above."""

    def __init__(
        self, failing: Mapping[bytes, Failure] | None = None, outage: RegistryError | None = None
    ) -> None:
        super().__init__()
        self.known = self.copies = KnownCopies(failing or {})
        self._outage = outage

    async def checkpoint(self) -> Checkpoint:
        if self._outage:
            raise self._outage
        return CHECKPOINT


def together(questions: list[Question], ledger: KnownLedger) -> Answers:
    asking = Together(ledger, Measures(ledger), lambda: NOW)
    return asyncio.run(asking.answer(questions))


def verdicts(questions: list[Question], ledger: KnownLedger) -> list[str]:
    return [answer.verdict for answer in together(questions, ledger).answers]


@given(st.lists(st.sampled_from(TEXTS), max_size=20))
def test_each_line_has_the_answer_that_it_would_have_alone(texts: list[str]) -> None:
    questions = [text_question(text, portal_url=PORTAL) for text in texts]
    alone = [
        asyncio.run(verify(question, ledger=MadeUpLedger(), clock=lambda: NOW))
        for question in questions
    ]
    assert list(together(questions, KnownLedger()).answers) == alone


def test_an_outage_in_between_is_only_of_the_lines_it_befell() -> None:
    codes = sorted((new_code() for _ in range(300)), key=code_hash)
    ledger = KnownLedger({code_hash(codes[0]): RegistryUnavailable("gone")})
    told = verdicts([code_question(code) for code in codes], ledger)
    assert [len(part) for part in ledger.known.asked] == [125, 125, 50]
    assert told == ["unavailable"] * 125 + ["unknown"] * 175


def test_a_slow_registry_does_not_hold_up_the_next_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verify_portal.batch.together._PATIENCE_SECONDS", 0)
    ledger = KnownLedger()
    assert verdicts([code_question(CODE)], ledger) == ["unavailable"]
    assert ledger.known.asked == []


@pytest.mark.parametrize("failure", [UnprovenEntry(3), ChainBroken("no")])
def test_a_copy_that_is_not_proven_spoils_no_other(failure: Failure) -> None:
    wrong = new_code()
    questions = [code_question(code) for code in (CODE, wrong, CODE, new_code())]
    told = verdicts(questions, KnownLedger({code_hash(wrong): failure}))
    assert told == ["valid", "unavailable", "valid", "unknown"]


def test_a_digest_that_leads_to_another_file_is_no_answer() -> None:
    questions = [digest_question("02" * 32), digest_question("01" * 32)]
    assert verdicts(questions, KnownLedger()) == ["unavailable", "valid"]


def test_without_a_checkpoint_only_what_is_malformed_is_told() -> None:
    ledger = KnownLedger(outage=NothingPublished("nothing"))
    answers = together([code_question(CODE), code_question("x")], ledger)
    assert answers.summary == {"unavailable": 1, "malformed": 1}
    assert answers.checkpoint is None
    assert ledger.known.asked == []


def test_all_name_one_checkpoint_with_its_signatures() -> None:
    answers = together([code_question(CODE), code_question(new_code())], KnownLedger())
    assert answers.checkpoint is not None
    assert {msgspec.json.encode(one.checkpoint) for one in answers.answers} == {
        msgspec.json.encode(answers.checkpoint)
    }
