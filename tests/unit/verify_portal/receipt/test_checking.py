"""A receipt holds when its own portal signed it and the log's proofs lead to what it says."""

from datetime import timedelta

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import OKPKey

from registry.entry import ChangeKind
from registry.jws import encoded, key_id, sign_flattened
from registry.log.cosignature import cosigner_line
from registry.log.policy import parse_policy, policy_text
from tests.testkit.code_maps import POLICY
from tests.testkit.receipts import ABSENT, CODE, OTHER, RECEIPT_KEY, LogInMemory, file_of
from verify_portal.receipt.checking import Checked, check_receipt
from verify_portal.receipt.statement import KIND, Question, Statement, sign_receipt

ABOUT_CODE = Question(code=CODE)
NO_FILE = "ab" * 32


def log_of(*changes: ChangeKind) -> LogInMemory:
    """Two copies among others, one of them changed."""
    log = LogInMemory()
    for code in (OTHER, CODE):
        log.issue(code)
    for kind in changes:
        log.change(CODE, kind)
    return log


def checked(statement: Statement) -> Checked:
    return check_receipt(sign_receipt(RECEIPT_KEY, statement), RECEIPT_KEY.public_key(), POLICY)


def refusal(statement: Statement) -> tuple[str, str]:
    """Which step refuses what the true key signed, and why."""
    answer = checked(statement)
    assert not answer.holds
    return answer.steps[-1].name, answer.steps[-1].said


VALID = log_of().statement(ABOUT_CODE)
REVOKED = log_of("suspended", "revoked").statement(ABOUT_CODE)
SIGNED = sign_receipt(RECEIPT_KEY, REVOKED)


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ((), "valid"),
        (("suspended",), "suspended"),
        (("suspended", "reinstated"), "valid"),
        (("revoked", "erased"), "revoked"),
        (("superseded",), "superseded"),
    ],
)
def test_a_copys_verdict_follows_from_all_its_entries(
    changes: tuple[ChangeKind, ...], verdict: str
) -> None:
    log = log_of(*changes)
    for question in (ABOUT_CODE, Question(sha256=file_of(CODE))):
        answer = checked(log.statement(question, about=CODE))
        assert answer.holds
        assert answer.statement is not None
        assert answer.statement.verdict == verdict
        assert [step.outcome for step in answer.steps] == ["passed"] * 5


def test_a_file_that_carries_a_code_and_is_not_the_copy() -> None:
    statement = log_of().statement(Question(code=CODE, sha256=NO_FILE))
    assert statement.verdict == "altered"
    assert statement.status is not None
    assert statement.status.verdict == "valid"
    assert checked(statement).holds


def test_a_code_that_is_not_in_the_log() -> None:
    answer = checked(log_of().statement(Question(code=ABSENT)))
    assert answer.holds
    assert answer.statement is not None
    assert answer.statement.verdict == "unknown"
    assert answer.steps[3].said == "entries of the log about it: 0, and no other"


def test_that_a_digest_is_in_no_entry_rests_on_the_portals_word_and_is_said_so() -> None:
    answer = checked(log_of().statement(Question(sha256=NO_FILE)))
    assert answer.holds
    assert [step.outcome for step in answer.steps][2:4] == ["skipped", "skipped"]
    assert "the portal's word alone" in answer.steps[3].said


@given(st.data())
def test_any_byte_that_is_another(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(SIGNED) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda value: value != SIGNED[at]))
    changed = SIGNED[:at] + bytes([other]) + SIGNED[at + 1 :]
    assert not check_receipt(changed, RECEIPT_KEY.public_key(), POLICY).holds


@given(st.integers(0, len(SIGNED)), st.binary(min_size=1, max_size=3))
def test_bytes_put_in_or_taken_away(at: int, more: bytes) -> None:
    for changed in (SIGNED[:at] + more + SIGNED[at:], SIGNED[:at] + SIGNED[at + len(more) :]):
        if changed != SIGNED:
            assert not check_receipt(changed, RECEIPT_KEY.public_key(), POLICY).holds


def test_a_last_character_that_means_the_same_bytes() -> None:
    """Base64 leaves up to four bits of it unused."""
    jws = msgspec.json.decode(SIGNED)
    for part in ("payload", "protected", "signature"):
        for other in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=":
            spelled = SIGNED.replace(jws[part].encode(), (jws[part][:-1] + other).encode())
            same = check_receipt(spelled, RECEIPT_KEY.public_key(), POLICY).holds
            assert same == (spelled == SIGNED)


def test_a_policy_that_wants_witnesses() -> None:
    witness = Ed25519PrivateKey.from_private_bytes(b"\x02" * 32).public_key()
    line = cosigner_line("witness.example", witness)
    text = policy_text(POLICY).replace("quorum none", f"witness w1 {line}\nquorum w1")
    answer = check_receipt(SIGNED, RECEIPT_KEY.public_key(), parse_policy(text))
    assert answer.steps[-1].name == "checkpoint"
    assert "too few witnesses" in answer.steps[-1].said


def test_a_strangers_signature() -> None:
    stranger = Ed25519PrivateKey.from_private_bytes(b"\x01" * 32)
    answer = check_receipt(sign_receipt(stranger, VALID), RECEIPT_KEY.public_key(), POLICY)
    assert [(step.name, step.outcome) for step in answer.steps] == [("signature", "failed")]
    assert answer.statement is None


def test_what_the_key_signed_as_something_else_is_no_receipt() -> None:
    for kind, payload in (("statuslist+jwt", msgspec.json.encode(VALID)), (KIND, b'{"a":1}')):
        content = sign_flattened(RECEIPT_KEY, kind, payload)
        assert not check_receipt(content, RECEIPT_KEY.public_key(), POLICY).holds


# Whoever has the portal's key can sign what he likes; what follows is all signed by it.


def test_another_verdict_than_the_entries_lead_to() -> None:
    step, said = refusal(msgspec.structs.replace(REVOKED, verdict="valid"))
    assert step == "verdict"
    assert "says valid, its entries lead to revoked" in said


def test_another_decision() -> None:
    status = REVOKED.status
    assert status is not None
    moved = msgspec.structs.replace(status, since=status.since + timedelta(days=1))
    step, _ = refusal(msgspec.structs.replace(REVOKED, status=moved))
    assert step == "verdict"


def test_a_revocation_left_out() -> None:
    shown = msgspec.structs.replace(
        REVOKED, verdict="valid", status=VALID.status, entries=REVOKED.entries[:1]
    )
    assert refusal(shown)[0] == "completeness"
    missing = msgspec.structs.replace(shown, latest=None)
    step, said = refusal(missing)
    assert (step, "missing" in said) == ("completeness", True)
    doubled = msgspec.structs.replace(REVOKED, entries=(*REVOKED.entries[:2], REVOKED.entries[0]))
    assert refusal(doubled)[0] == "completeness"


def test_proofs_of_another_copy() -> None:
    log = log_of()
    other = log.statement(Question(code=OTHER))
    for question in (ABOUT_CODE, Question(sha256=file_of(CODE)), Question()):
        step, said = refusal(msgspec.structs.replace(other, question=question))
        assert (step, said) == ("entries", "the proofs are of another copy")
    unknown = log.statement(Question(code=ABSENT))
    step, said = refusal(msgspec.structs.replace(unknown, question=ABOUT_CODE))
    assert (step, "another code" in said) == ("completeness", True)


def test_a_file_is_not_unknown_because_its_code_is() -> None:
    statement = log_of().statement(Question(code=ABSENT, sha256=file_of(CODE)))
    assert refusal(statement)[0] == "entries"


def test_an_older_checkpoint_in_its_place() -> None:
    for statement, older in ((REVOKED, VALID.checkpoint), (VALID, log_of("revoked").checkpoint())):
        note = older if isinstance(older, str) else older.note
        step, said = refusal(msgspec.structs.replace(statement, checkpoint=note))
        assert step == "entries"
        assert "another checkpoint" in said
    unknown = log_of().statement(Question(code=ABSENT))
    step, said = refusal(msgspec.structs.replace(unknown, checkpoint=REVOKED.checkpoint))
    assert (step, "another checkpoint" in said) == ("completeness", True)


def test_a_checkpoint_that_the_log_never_signed() -> None:
    forged = VALID.checkpoint.replace("log.example/map\n2\n", "log.example/map\n3\n")
    assert forged != VALID.checkpoint
    assert refusal(msgspec.structs.replace(VALID, checkpoint=forged))[0] == "checkpoint"


@given(st.data())
def test_proofs_with_any_character_changed(data: st.DataObject) -> None:
    part = data.draw(st.sampled_from(["entries", "latest"]))
    text = REVOKED.entries[1] if part == "entries" else REVOKED.latest
    assert text is not None
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.characters(codec="ascii").filter(lambda one: one != text[at]))
    changed = text[:at] + other + text[at + 1 :]
    shown = (REVOKED.entries[0], changed, REVOKED.entries[2])
    content = {"entries": shown} if part == "entries" else {"latest": changed}
    assert not checked(msgspec.structs.replace(REVOKED, **content)).holds


def test_a_library_that_is_not_ours_reads_the_signature() -> None:
    x = encoded(RECEIPT_KEY.public_key().public_bytes_raw())
    public = OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": x})
    flattened = msgspec.json.decode(SIGNED)
    read = jws.deserialize_json(flattened, public, algorithms=["EdDSA"])
    assert msgspec.json.decode(read.payload, type=Statement) == REVOKED
    assert read.headers()["kid"] == key_id(RECEIPT_KEY.public_key())
