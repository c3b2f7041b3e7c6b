"""A seal from a QR code beside the registry: genuine and this copy's, or not, and why."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.code import new_code
from registry.lookup import Found
from registry.seal import SealClaims, make_seal
from registry.seal_keys import SealKey, SealKeys
from registry.status import Verdict
from registry.status_list import Place
from tests.unit.verify_portal.evidence import CODE, FACTS, NOW, found
from tests.unit.verify_portal.test_verify import PORTAL, MadeUpLedger
from verify_portal import verdicts
from verify_portal.answer import Answer, Check
from verify_portal.scan.seal_check import SealRead, check_of, read_seal
from verify_portal.texts import LANGUAGES, reason_key, texts
from verify_portal.verify import verify_text

KEY = Ed25519PrivateKey.from_private_bytes(b"\x11" * 32)
KEYS = SealKeys((SealKey(public=KEY.public_key()),))
CLAIMS = SealClaims(
    code=CODE,
    document_type=FACTS.document_type,
    holder_name=FACTS.holder_name,
    unit_name=FACTS.unit_name,
    book="01/2026-SCTĐT/BS",
    number=1,
    page_count=FACTS.page_count,
    certified_on=FACTS.certified_on,
    place=Place(0, 5),
)


def qr(claims: SealClaims = CLAIMS, key: Ed25519PrivateKey = KEY, code: str = CODE) -> str:
    return f"{PORTAL}/c/{code}#{make_seal(key, claims)}"


def changed(**claims: Any) -> SealClaims:
    return msgspec.structs.replace(CLAIMS, **claims)


def asked(text: str, keys: SealKeys = KEYS) -> Answer:
    return asyncio.run(
        verify_text(
            text, ledger=MadeUpLedger(), clock=lambda: NOW, portal_url=PORTAL, seal_keys=keys
        )
    )


def sealing(answer: Answer) -> Check:
    return next(check for check in answer.checks if check.name == "seal")


def test_a_genuine_seal_is_told_with_its_facts() -> None:
    answer = asked(qr())
    assert (answer.verdict, answer.verified) == ("valid", "code")
    assert sealing(answer).outcome == "passed"
    assert answer.sealed is not None
    assert (answer.sealed.holder_name, answer.sealed.number) == (FACTS.holder_name, 1)


def test_a_name_that_was_sealed_in_part_still_agrees() -> None:
    name = "Nguyễn " * 20
    whole = found(facts=msgspec.structs.replace(FACTS, holder_name=name))
    seal = SealRead(claims=changed(holder_name=name[:80]))
    assert check_of(seal, CODE, whole).outcome == "passed"


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        (qr(key=Ed25519PrivateKey.from_private_bytes(b"\x12" * 32)), "forged"),
        (qr()[:-8], "malformed"),
        (f"{PORTAL}/c/{CODE}#{'A' * 200}", "malformed"),
        (qr(changed(code=new_code(lambda bits: 7))), "other-code"),
        (qr(changed(holder_name="Trần Văn Bình")), "differs"),
        (qr(changed(number=2)), "differs"),
        (qr(changed(page_count=3)), "differs"),
    ],
)
def test_a_seal_that_is_not_this_copys_is_altered_with_its_reason(text: str, detail: str) -> None:
    answer = asked(text)
    assert answer.verdict == "altered"
    assert (sealing(answer).outcome, sealing(answer).detail) == ("failed", detail)
    assert (answer.sealed is None) == (detail in {"forged", "malformed"})
    for language in LANGUAGES:
        words = texts(language)
        assert "QR" in words.title(answer) + words.meaning(answer)
        assert words.next_steps(answer)
        assert words.reason(sealing(answer))


def test_each_fact_that_differs_is_named() -> None:
    others: dict[str, Any] = {
        "document_type": "decision",
        "holder_name": "Trần Văn Bình",
        "unit_name": "UBND xã Sơn Đồng",
        "book": "02/2026-SCTĐT/BS",
        "number": 9,
        "page_count": 9,
        "certified_on": "2026-11-21",
        "place": Place(0, 6),
    }
    held = msgspec.structs.replace(found(), place=Place(0, 5))
    reasons = set()
    for field, value in others.items():
        check = check_of(SealRead(claims=changed(**{field: value})), CODE, held)
        assert check.values == {"field": field}
        reasons.add(texts("vi").reason(check))
    assert len(reasons) == len(others)


def test_erased_facts_cannot_differ() -> None:
    gone = found(facts=None)
    assert check_of(SealRead(claims=changed(holder_name="X")), CODE, gone).outcome == "passed"
    assert check_of(SealRead(claims=changed(number=2)), CODE, gone).detail == "differs"


@pytest.mark.parametrize("verdict", ["revoked", "suspended", "superseded"])
def test_a_genuine_seal_never_hides_a_decision(verdict: Verdict) -> None:
    seal = SealRead(claims=CLAIMS)
    answer = verdicts.registered_code(
        found(verdict), code=CODE, asked="code", checked_at=NOW, seal=seal
    )
    assert answer.verdict == verdict


def test_a_genuine_seal_makes_no_copy() -> None:
    stranger = new_code(lambda bits: 8)
    answer = asked(qr(changed(code=stranger), code=stranger))
    assert answer.verdict == "unknown"
    assert (sealing(answer).outcome, sealing(answer).detail) == ("warned", "unregistered")


@pytest.mark.parametrize("fragment", ["", "#", "#content", "#0oRDoQEnoFhA-not-a-code-but-a-seal"])
def test_another_fragment_is_no_seal(fragment: str) -> None:
    answer = asked(f"{PORTAL}/c/{CODE}{fragment}")
    assert answer.verdict == "valid"
    assert "seal" not in {check.name for check in answer.checks}


def test_without_a_key_nothing_is_said_of_the_seal() -> None:
    answer = asked(qr(), SealKeys())
    assert (answer.verdict, answer.sealed) == ("valid", None)
    assert (sealing(answer).outcome, sealing(answer).detail) == ("skipped", "no-key")


@pytest.mark.parametrize(
    ("since", "until", "fault"),
    [
        (None, datetime(2026, 11, 21, 16, tzinfo=UTC), "key-not-in-use"),  # 23:00 in Hanoi
        (None, datetime(2026, 11, 21, 18, tzinfo=UTC), None),  # 01:00 of the 22nd
        (datetime(2026, 11, 22, 18, tzinfo=UTC), None, "key-not-in-use"),
        (datetime(2026, 11, 22, 1, tzinfo=UTC), None, None),
    ],
)
def test_a_key_makes_seals_in_its_time_only(
    since: datetime | None, until: datetime | None, fault: str | None
) -> None:
    keys = SealKeys((SealKey(public=KEY.public_key(), since=since, until=until),))
    seal = read_seal(qr(), keys)
    assert seal is not None
    assert seal.fault == fault


def test_one_of_several_keys_is_enough() -> None:
    other = SealKey(public=Ed25519PrivateKey.generate().public_key())
    seal = read_seal(qr(), SealKeys((other, *KEYS.keys)))
    assert seal is not None
    assert seal.claims == CLAIMS


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_outcome_has_its_words(language: str) -> None:
    read: list[tuple[SealRead, Found | None]] = [
        (SealRead(claims=CLAIMS), found()),
        (SealRead(claims=CLAIMS), None),
        (SealRead(), None),
        (SealRead(fault="malformed"), None),
        (SealRead(fault="forged"), None),
        (SealRead(fault="key-not-in-use"), None),
        (SealRead(claims=changed(code=new_code(lambda bits: 7))), None),
    ]
    for seal, held in read:
        assert texts(language)(reason_key(check_of(seal, CODE, held)))  # type: ignore[arg-type]
