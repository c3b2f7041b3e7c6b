"""The verdict table: which evidence gives which of the eight, and with which reasons."""

from collections.abc import Iterator
from typing import get_args

import msgspec
import pytest

from registry.errors import MalformedCode
from registry.status import Verdict as StatusVerdict
from tests.unit.verify_portal.evidence import (
    CHECKPOINT,
    CODE,
    NOW,
    OFFICER,
    SEAL,
    STRANGER,
    found,
    signature,
)
from verify_portal import verdicts
from verify_portal.answer import VERDICTS, Answer, Asked, Decision
from verify_portal.texts import LANGUAGES, Language, reason_key, texts


def outcome(answer: Answer, name: str) -> tuple[str, str]:
    check = next(check for check in answer.checks if check.name == name)
    return check.outcome, check.detail


@pytest.mark.parametrize("status", ["valid", "revoked", "suspended", "superseded"])
def test_a_registered_code_gets_its_status_and_the_content_stays_open(
    status: StatusVerdict,
) -> None:
    answer = verdicts.registered_code(found(status), code=CODE, asked="code", checked_at=NOW)
    assert answer.verdict == status
    assert outcome(answer, "content") == ("skipped", "code")
    assert (answer.decision is None) == (status == "valid")


def test_a_revocation_names_its_decision() -> None:
    answer = verdicts.registered_code(found("revoked"), code=CODE, asked="code", checked_at=NOW)
    assert answer.decision == Decision(
        number="12/QĐ-UBND", decided_on="2026-11-20", reason="Cấp nhầm"
    )


def test_a_public_answer_holds_no_name_and_no_field_of_the_document() -> None:
    answer = verdicts.registered_code(found(), code=CODE, asked="code", checked_at=NOW)
    told = msgspec.json.encode(answer).decode()
    assert answer.copy is not None
    assert answer.copy.holder == "N*** V** A*"
    for secret in ("Nguyễn", "Văn An", "Trần Thị Bình", "0012345"):
        assert secret not in told


def test_an_erased_person_leaves_a_valid_copy_without_facts() -> None:
    answer = verdicts.registered_code(found(facts=None), code=CODE, asked="code", checked_at=NOW)
    assert (answer.verdict, answer.copy, answer.facts_erased) == ("valid", None, True)
    assert outcome(answer, "status") == ("passed", "erased")


def test_roles_come_from_the_log_not_from_the_field_names() -> None:
    answer = verdicts.registered_file(
        found(),
        code=CODE,
        asked="file",
        signatures=[signature(OFFICER), signature(SEAL), signature(STRANGER)],
        checked_at=NOW,
    )
    assert [one.role for one in answer.signatures] == ["officer", "seal", "other"]


def test_a_matching_digest_is_valid_even_when_its_signatures_cannot_be_read() -> None:
    answer = verdicts.registered_file(
        found(), code=CODE, asked="file", signatures="timeout", checked_at=NOW
    )
    assert answer.verdict == "valid"
    assert outcome(answer, "signatures") == ("warned", "unread")


def test_a_matching_digest_of_a_revoked_copy_is_revoked() -> None:
    answer = verdicts.registered_file(
        found("revoked"), code=CODE, asked="digest", signatures=None, checked_at=NOW
    )
    assert answer.verdict == "revoked"


@pytest.mark.parametrize(
    ("signatures", "content", "check"),
    [
        ([signature(OFFICER), signature(SEAL)], "differs", "passed"),
        ([signature(SEAL, entire=False)], "added-after-seal", "failed"),
        ([signature(OFFICER), signature(SEAL, intact=False)], "bytes-changed", "failed"),
        ([signature(STRANGER)], "not-ours", "passed"),
        ([signature(STRANGER, trusted=False)], "not-ours", "failed"),
        ([], "not-ours", "failed"),
        ("PdfReadError", "differs", "warned"),
    ],
)
def test_no_signature_makes_a_file_with_another_digest_anything_but_altered(
    signatures: verdicts.Signatures, content: str, check: str
) -> None:
    answer = verdicts.altered_file(found(), code=CODE, signatures=signatures, checked_at=NOW)
    assert answer.verdict == "altered"
    assert outcome(answer, "content") == ("failed", content)
    assert outcome(answer, "signatures")[0] == check


@pytest.mark.parametrize("status", ["valid", "revoked", "suspended", "superseded"])
def test_every_answer_says_whether_code_or_content_was_verified(status: StatusVerdict) -> None:
    """A script that reads `verdict` alone must be able to tell a code's answer from a file's."""
    for way in ("code", "photo"):
        by_code = verdicts.registered_code(found(status), code=CODE, asked=way, checked_at=NOW)
        assert by_code.verified == "code"
    for way in ("file", "digest"):
        by_file = verdicts.registered_file(
            found(status), code=None, asked=way, signatures=None, checked_at=NOW
        )
        assert by_file.verified == "content"
    altered = verdicts.altered_file(found(status), code=CODE, signatures=[], checked_at=NOW)
    assert altered.verified == "content"
    outage = verdicts.unavailable("registry", code=CODE, asked="code", checked_at=NOW)
    assert outage.verified == "nothing"
    assert verdicts.malformed_file("empty", asked="file", checked_at=NOW).verified == "nothing"


def test_unknown_says_how_much_of_the_log_was_searched() -> None:
    answer = verdicts.unknown(CHECKPOINT, code=CODE, asked="code", checked_at=NOW)
    assert answer.verdict == "unknown"
    assert answer.checkpoint is not None
    assert answer.checkpoint.size == 7
    assert answer.copy is None


def test_an_outage_is_unavailable_and_says_when_to_come_back() -> None:
    for outage, seconds in verdicts.RETRY_AFTER.items():
        answer = verdicts.unavailable(outage, code=CODE, asked="code", checked_at=NOW)
        assert (answer.verdict, answer.retry_after) == ("unavailable", seconds)


def test_a_slip_is_counted_within_its_group() -> None:
    fault = MalformedCode("character", 7)
    answer = verdicts.malformed_code(fault, asked="code", checked_at=NOW)
    assert answer.checks[0].values == {"place": 2, "group": 2}
    assert texts("en").reason(answer.checks[0]).startswith("Character 2 of group 2")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_has_its_words(language: Language) -> None:
    words = texts(language)
    shown = set()
    for answer in every_answer():
        assert words.title(answer)
        assert words.meaning(answer)
        assert words.next_steps(answer)
        for check in answer.checks:
            assert words(f"check-{check.name}")
            assert "{" not in words.reason(check), reason_key(check)
        shown.add(answer.verdict)
    assert shown == set(VERDICTS)


def every_answer() -> Iterator[Answer]:
    """Each way of asking with each end it can have."""
    files: tuple[verdicts.Signatures, ...] = (
        [],
        "timeout",
        [signature(OFFICER), signature(SEAL)],
        [signature(OFFICER, entire=False)],
        [signature(STRANGER, trusted=False)],
        [signature(SEAL, intact=False)],
    )
    statuses: tuple[StatusVerdict, ...] = ("valid", "revoked", "suspended", "superseded")
    ways: tuple[Asked, ...] = ("code", "photo")
    for status in statuses:
        for way in ways:
            yield verdicts.registered_code(found(status), code=CODE, asked=way, checked_at=NOW)
        for signatures in (None, *files):
            yield verdicts.registered_file(
                found(status), code=CODE, asked="file", signatures=signatures, checked_at=NOW
            )
        for signatures in files:
            yield verdicts.altered_file(
                found(status), code=CODE, signatures=signatures, checked_at=NOW
            )
    yield verdicts.registered_code(found(facts=None), code=CODE, asked="code", checked_at=NOW)
    for way in ("code", "photo", "digest", "file"):
        code = CODE if way in {"code", "photo"} else None
        yield verdicts.unknown(CHECKPOINT, code=code, asked=way, checked_at=NOW)
    for fault in ("length", "alphabet", "character", "swapped", "several", "ambiguous"):
        place = 3 if fault in {"alphabet", "character", "swapped"} else None
        yield verdicts.malformed_code(MalformedCode(fault, place), asked="code", checked_at=NOW)
    for broken in get_args(verdicts.FileFault):
        yield verdicts.malformed_file(broken, asked="file", checked_at=NOW)
    for outage in verdicts.RETRY_AFTER:
        yield verdicts.unavailable(outage, code=CODE, asked="code", checked_at=NOW)
