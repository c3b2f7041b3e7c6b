"""Seals and status lists whose reading is settled: the scanning page's scripts read the same."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.errors import ForgedSeal, MalformedSeal, MalformedStatusList, SealKeyNotInUse
from registry.seal_keys import SealKeys, parse_jwks
from registry.status_token import open_token

VECTORS = msgspec.json.decode(
    (Path(__file__).parents[2] / "vectors" / "seals.json").read_bytes(), type=dict[str, Any]
)
REASONS = {
    ForgedSeal: "forged",
    SealKeyNotInUse: "key-not-in-use",
    MalformedSeal: "malformed",
}


def keys(purpose: str) -> SealKeys:
    return SealKeys(parse_jwks(msgspec.json.encode({"keys": VECTORS["keys"][purpose]})))


def reading(text: str) -> dict[str, Any]:
    """As the vectors have it."""
    try:
        return {"claims": msgspec.to_builtins(keys("seal").open(text))}
    except MalformedSeal as refusal:
        return {"refused": REASONS[type(refusal)]}


@pytest.mark.parametrize("vector", VECTORS["seals"], ids=lambda one: str(one["name"]))
def test_a_seal_is_read_as_settled(vector: dict[str, Any]) -> None:
    settled = {name: vector[name] for name in ("claims", "refused") if name in vector}
    assert reading(vector["seal"]) == settled


@pytest.mark.parametrize("vector", VECTORS["lists"], ids=lambda one: str(one["name"]))
def test_a_list_is_read_as_settled(vector: dict[str, Any]) -> None:
    (key,) = keys("status-list").keys
    try:
        said = open_token(key.public, vector["jwt"].encode())
        verdicts = [said.verdict_at(index) for index in VECTORS["asked"]]
    except MalformedStatusList:
        assert vector.get("refused")
        return
    assert vector["says"] == {"number": said.number, "verdicts": verdicts}


@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda text: text.encode()))
def test_no_bytes_stop_the_reading(content: bytes) -> None:
    text = content.decode("latin-1")
    assert reading(text) == {"refused": "malformed"}
