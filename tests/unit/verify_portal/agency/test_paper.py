"""What counts as the paper in somebody's hand."""

from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.seal import SealClaims, make_seal
from registry.seal_keys import SealKey, SealKeys
from tests.unit.verify_portal.evidence import CODE, FACTS, found
from verify_portal.agency.paper import Paper, is_of

KEY = Ed25519PrivateKey.generate()
KEYS = SealKeys((SealKey(public=KEY.public_key()),))
FOUND = found()
NUMBER = FOUND.entry.number


def seal(code: str = CODE, key: Ed25519PrivateKey = KEY) -> str:
    return make_seal(
        key,
        SealClaims(
            code=code,
            document_type="diploma",
            holder_name=FACTS.holder_name,
            unit_name=FACTS.unit_name,
            book="01/2026-SCTĐT/BS",
            number=NUMBER,
            page_count=1,
            certified_on="2026-11-22",
        ),
    )


@pytest.mark.parametrize(
    "paper",
    [
        Paper(seal=seal()),
        Paper(seal=f"https://portal.example/c/{CODE}#{seal()}\n"),
        Paper(number=NUMBER, holder_name=FACTS.holder_name),
        Paper(number=f" {NUMBER:06d} ", holder_name=FACTS.holder_name.upper()),
    ],
)
def test_who_holds_it_can_show_it(paper: Paper) -> None:
    assert is_of(paper, CODE, FOUND, KEYS)
    assert not is_of(paper, CODE, None, KEYS)


@pytest.mark.parametrize(
    "paper",
    [
        Paper(seal=seal(code="000000-000000-000000")),
        Paper(seal=seal(key=Ed25519PrivateKey.generate())),
        Paper(seal=""),
        Paper(seal="#" * 9999),
        Paper(number=NUMBER + 1, holder_name=FACTS.holder_name),
        Paper(number=NUMBER, holder_name="Lê Thị Khác"),
        Paper(number=0, holder_name=""),
        Paper(number="", holder_name="\u0000"),
        Paper(number=-NUMBER, holder_name=FACTS.holder_name),
    ],
)
def test_what_does_not_fit_opens_nothing(paper: Paper) -> None:
    assert not is_of(paper, CODE, FOUND, KEYS)
    assert not is_of(paper, CODE, None, KEYS)


def test_the_name_of_an_erased_person_opens_nothing() -> None:
    erased = msgspec.structs.replace(FOUND, facts=None)
    assert not is_of(Paper(number=NUMBER, holder_name=FACTS.holder_name), CODE, erased, KEYS)
    assert not is_of(Paper(number=NUMBER, holder_name="\u0000"), CODE, erased, KEYS)


@pytest.mark.parametrize(
    "shown",
    [
        {},
        {"number": 1},
        {"holder_name": "A"},
        {"seal": "x", "number": 1},
        {"seal": "x", "number": 1, "holder_name": "A"},
    ],
)
def test_it_is_the_one_or_the_other(shown: dict[str, Any]) -> None:
    assert Paper(**shown).means is None
