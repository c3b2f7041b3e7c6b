"""The commitment binds and hides."""

import hashlib
import json

import msgspec
import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from registry.certified_copy import Facts, canonical_facts, commitment, opens

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
    stored = canonical_facts(FACTS)
    assert opens(made, stored, SALT)
    assert not opens(made, canonical_facts(msgspec.structs.replace(FACTS, page_count=3)), SALT)
    assert not opens(made, stored.replace(b",", b", "), SALT)
    assert not opens(made, stored, bytes(32))
    assert not opens(made, stored, SALT[:-1])


def test_a_short_salt_hides_nothing_and_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        commitment(FACTS, b"short")


#: Everything that JSON escapes, and both sides of where UTF-16 sorts unlike code points.
texts = st.text(
    st.characters(blacklist_categories=["Cs"]) | st.sampled_from('\x00\x1f\x7f"\\/\u2028')
)
names = st.text(
    st.characters(blacklist_categories=["Cs"])
    | st.sampled_from("aZ~\ud7ff\ue000\uffff\U00010000\U0010ffff"),
    max_size=4,
)
facts = st.builds(
    Facts,
    document_type=texts,
    title=texts,
    holder_name=texts,
    page_count=st.integers(0, 2**53 - 1),
    unit_name=texts,
    signer_name=texts,
    signer_title=texts,
    certified_on=texts,
    fields=st.dictionaries(names, texts, max_size=6),
)


@given(facts)
@example(msgspec.structs.replace(FACTS, fields={"\uffff": "1", "\U00010000": "2", "z": "3"}))
@example(msgspec.structs.replace(FACTS, fields={}))
def test_the_canonical_form_is_rfc_8785(made_up: Facts) -> None:
    assert canonical_facts(made_up) == rfc8785.dumps(msgspec.to_builtins(made_up))


@pytest.mark.parametrize("change", [{"page_count": 2**53}, {"title": "\ud800"}])
def test_what_has_no_canonical_form_is_refused(change: dict[str, object]) -> None:
    with pytest.raises((ValueError, rfc8785.CanonicalizationError)):
        canonical_facts(msgspec.structs.replace(FACTS, **change))
