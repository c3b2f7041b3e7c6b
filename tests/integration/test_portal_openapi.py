"""The running portal against its own description: each operation, asked as schemathesis thinks of.

BANSAO_OPENAPI_EXAMPLES says how many questions each gets.
"""

import asyncio
import ipaddress
import os
import secrets
from collections.abc import Iterator
from typing import Final, NamedTuple

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import APIOperation, BaseSchema, Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.testkit.copies import publish_now, registered
from tests.testkit.issued import SigningHouse, signing_house
from tests.testkit.portal_process import portal_process
from tests.testkit.postgres import Server

__all__ = ["signing_house"]

EXAMPLES: Final = int(os.environ.get("BANSAO_OPENAPI_EXAMPLES", "15"))
CHECKS: Final = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


class Described(NamedTuple):
    """A portal, its description, and the code of a copy that it knows."""

    schema: BaseSchema
    code: str


@pytest.fixture(scope="module")
def described(
    server: Server, signing_house: SigningHouse, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Described]:
    database = server.clone()
    (copy,) = asyncio.run(registered(database, 1))
    asyncio.run(publish_now(database))
    lines = tmp_path_factory.mktemp("described") / "lines"
    # Each question comes from a network of its own: none is refused for the others' sake.
    trusting = {"BANSAO_TRUSTED_PROXIES": "127.0.0.1"}
    try:
        with portal_process(database, signing_house.trust, lines, **trusting) as address:
            schema = schemathesis.openapi.from_url(f"{address}/schema/openapi.json")
            yield Described(schema, copy.code)
    finally:
        server.drop(database)


def test_every_answer_is_one_that_the_description_names(
    described: Described, subtests: pytest.Subtests
) -> None:
    for operation in described.schema.get_all_operations():
        with subtests.test(operation=operation.ok().label):
            ask(operation.ok(), described.code)


def ask(operation: APIOperation, code: str) -> None:
    """Whatever fits the description, and what nearly does."""

    @given(case=operation.as_strategy())
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    def answered_as_described(case: Case) -> None:
        # A code that is made up is no copy's; every other question is about one that is.
        if "code" in case.path_parameters and secrets.randbits(1):
            case.path_parameters["code"] = code
        anyone = str(ipaddress.IPv6Address(secrets.randbits(128)))
        case.call_and_validate(headers={"X-Forwarded-For": anyone}, checks=CHECKS, timeout=60)

    answered_as_described()
