"""The commitment binds and hides."""

import hashlib
import json

import msgspec
import pytest

from registry.certified_copy import Facts, commitment, opens

FACTS = Facts(
    document_type="diploma",
    title="Bằng tốt nghiệp",
    holder_name="Nguyễn Văn An",
    page_count=2,
    unit_name="UBND phường Ba Đình",
    signer_name="Trần Thị Bình",
    signer_title="Chủ tịch",
    certified_on="2026-11-22",
    fields={"serial": "0012345", "institution": "Đại học Bách khoa"},
)
SALT = bytes(range(32))


def test_it_is_the_hash_of_domain_salt_and_canonical_facts() -> None:
    canonical = json.dumps(
        msgspec.to_builtins(FACTS), sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    expected = hashlib.sha256(b"bansao facts v1\n" + SALT + canonical.encode()).digest()
    assert commitment(FACTS, SALT) == expected


def test_it_opens_with_the_same_facts_and_salt_alone() -> None:
    made = commitment(FACTS, SALT)
    assert opens(made, FACTS, SALT)
    assert opens(made, msgspec.json.decode(msgspec.json.encode(FACTS), type=Facts), SALT)
    assert not opens(made, msgspec.structs.replace(FACTS, page_count=3), SALT)
    assert not opens(made, FACTS, bytes(32))


def test_a_short_salt_hides_nothing_and_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        commitment(FACTS, b"short")
