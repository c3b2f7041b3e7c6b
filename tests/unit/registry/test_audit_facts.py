"""Facts passed in bulk are in their one form; those in plain form all are."""

import json
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.audit.entries import canonical
from registry.audit.facts import surely_canonical
from registry.audit.layout import Mask
from registry.certified_copy import Facts, canonical_facts

FACTS = Facts(
    document_type="diploma",
    title="Bằng tốt nghiệp đại học (bản chính) [1] {2} a.b*c+d?e^f$g|h",
    holder_name="Nguyễn Văn A",
    page_count=2,
    unit_name="UBND phường Ba Đình",
    signer_name="Trần Thị Bình",
    signer_title="Chủ tịch",
    certified_on="2026-01-05",
    fields={"số hiệu (mới).*": "0000123", "institution": "Đại học"},
)
PLAIN = canonical_facts(FACTS)

texts = st.text(st.characters(codec="utf-8", exclude_characters='"\\', exclude_categories=["Cc"]))
made_up = st.builds(
    Facts,
    document_type=texts,
    title=texts,
    holder_name=st.text(max_size=5),
    page_count=st.integers(-3, 10**16),
    unit_name=texts,
    signer_name=texts,
    signer_title=texts,
    certified_on=texts,
    fields=st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=3),
)


def sure(*facts: bytes) -> Mask:
    lengths = np.array([len(one) for one in facts])
    joined = np.frombuffer(b"".join(b"salt" + one for one in facts), np.uint8)
    return surely_canonical(joined, np.cumsum(lengths + 4) - lengths, lengths)


def test_facts_of_one_kind_are_passed_whatever_they_say() -> None:
    others = PLAIN.replace(b'page_count":2', b'page_count":12').replace(b"0000123", b"")
    assert sure(PLAIN, others, PLAIN).all()


@pytest.mark.parametrize(
    "change",
    [
        lambda facts: facts + b" ",
        lambda facts: b" " + facts,
        lambda facts: facts.replace(b'"title":', b'"title": '),
        lambda facts: facts.replace(b'page_count":2', b'page_count":2.0'),
        lambda facts: facts.replace(b'page_count":2', b'page_count":02'),
        lambda facts: facts.replace(b'page_count":2', b'page_count":20000000000000000'),
        lambda facts: facts.replace(b"Binh", b"B\\u0069nh").replace(b"0000123", b"\\u0030"),
        lambda facts: facts.replace(b"0000123", b"\x01"),
        lambda facts: facts.replace(b"0000123", b'","x":"'),
        lambda facts: facts.replace(b"institution", b"institutioN"),
        lambda facts: facts.replace(b'{"certified_on"', b'{"Certified_on"'),
        lambda facts: json.dumps(dict(reversed(json.loads(facts).items()))).encode(),
    ],
)
def test_another_form_is_not(change: Callable[[bytes], bytes]) -> None:
    other = change(PLAIN)
    assert other != PLAIN
    assert sure(PLAIN, other, PLAIN).tolist() == [True, canonical(other), True]


@settings(deadline=None)
@given(st.lists(made_up, min_size=1, max_size=8), st.data())
def test_what_is_passed_is_in_its_one_form(several: list[Facts], data: st.DataObject) -> None:
    stored = []
    for one in several:
        try:
            text = canonical_facts(one)
        except ValueError:
            continue
        at = data.draw(st.integers(0, len(text)))
        length = data.draw(st.integers(0, 2))
        instead = data.draw(st.sampled_from([b"", b" ", b'"', b"\\", b"0", b",", b"\x1f"]))
        stored.append(text[:at] + instead + text[at + length :])
    for text, passed in zip(stored, sure(PLAIN, *stored)[1:], strict=True):
        assert not passed or canonical(text)
