"""Whose signatures an answer's checkpoint carries: checked before it is said."""

from datetime import UTC, datetime

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.log.checkpoint import sign_checkpoint
from registry.log.cosignature import cosign, cosigner_line
from registry.log.note import verifier_line
from registry.log.policy import Policy, parse_policy
from tests.unit.verify_portal.evidence import CHECKPOINT, CODE, LOG_KEY, NOW, ORIGIN, POLICY
from verify_portal import verdicts
from verify_portal.answer import Answer, Cosigned, ListPlace
from verify_portal.attested import Attesting
from verify_portal.errors import UnsignedCheckpoint

PORTAL = "https://portal.example/"
WITNESS = Ed25519PrivateKey.from_private_bytes(b"\x0d" * 32)
SEEN_AT = 1_795_312_800


def unknown(note: str = CHECKPOINT.note) -> Answer:
    answer = verdicts.unknown(CHECKPOINT, code=CODE, asked="code", checked_at=NOW)
    assert answer.checkpoint is not None
    seen = msgspec.structs.replace(answer.checkpoint, note=note)
    return msgspec.structs.replace(answer, checkpoint=seen)


def witnessed_policy(quorum: str) -> Policy:
    log = verifier_line(ORIGIN, LOG_KEY.public_key())
    witness = cosigner_line("witness.example", WITNESS.public_key())
    return parse_policy(f"log {log}\nwitness quán {witness}\nquorum {quorum}\n")


def test_an_unknown_code_is_answered_on_a_checkpoint_with_its_signatures() -> None:
    note = CHECKPOINT.note + cosign(CHECKPOINT.note, "witness.example", WITNESS, SEEN_AT)
    seen = Attesting(witnessed_policy("quán"), PORTAL).attested(unknown(note)).checkpoint
    assert seen is not None
    at = datetime.fromtimestamp(SEEN_AT, UTC)
    assert seen.cosigned == (Cosigned(witness="quán", at=at),)
    assert seen.note == note


def test_nobody_is_named_who_did_not_sign() -> None:
    seen = Attesting(witnessed_policy("none"), PORTAL).attested(unknown()).checkpoint
    assert seen is not None
    assert seen.cosigned == ()


@pytest.mark.parametrize(
    ("policy", "note"),
    [
        (POLICY, CHECKPOINT.note.replace("\n7\n", "\n8\n")),
        (POLICY, sign_checkpoint(ORIGIN, 7, bytes(32), WITNESS).note),
        (witnessed_policy("quán"), CHECKPOINT.note),
    ],
)
def test_no_answer_stands_on_a_checkpoint_without_its_signatures(policy: Policy, note: str) -> None:
    with pytest.raises(UnsignedCheckpoint):
        Attesting(policy, PORTAL).attested(unknown(note))


def test_a_place_gets_the_address_of_its_list() -> None:
    answer = msgspec.structs.replace(unknown(), status_list=ListPlace(list=3, idx=77))
    place = Attesting(POLICY, PORTAL).attested(answer).status_list
    assert place == ListPlace(list=3, idx=77, uri="https://portal.example/v1/status-list/3")
