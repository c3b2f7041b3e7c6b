"""Full facts for who holds the paper, over HTTP; and what somebody learns who does not."""

import asyncio
import time
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from registry.append import Appender
from registry.certified_copy import CertifiedCopy
from registry.clock import utc_now
from registry.code import code_hash, new_code
from tests.testkit.copies import decided, publish_now, registered, store_of
from tests.testkit.issued import CopyOffice, copy_office, signing_house
from tests.testkit.sealing import portal_with_seals, seal_of
from verify_portal.agency.asking import REFUSING_SECONDS, still_to_wait
from verify_portal.agency.key_book import KeyBook

__all__ = ["copy_office", "signing_house"]


async def one_copy(office: CopyOffice) -> CertifiedCopy:
    (copy,) = await registered(office.database, 1)
    await publish_now(office.database)
    return copy


async def trail(office: CopyOffice) -> list[tuple[str, bytes]]:
    async with (
        store_of(office.database, "registry_admin") as store,
        store.statements() as connection,
    ):
        seen = await KeyBook(connection).trail(most=100)
    return [(one.means, one.code_hash) for one in reversed(seen)]


def name_of(copy: CertifiedCopy) -> dict[str, object]:
    return {"number": f"{copy.number:06d}", "holder_name": copy.facts.holder_name.upper()}


async def test_the_paper_opens_the_facts_and_no_more(copy_office: CopyOffice) -> None:
    copy = await one_copy(copy_office)
    async with portal_with_seals(copy_office) as http:
        for shown in ({"seal": seal_of(copy)}, name_of(copy)):
            with capture_logs() as lines:
                response = await http.post(f"/v1/copies/{copy.code}/facts", json=shown)
            full = response.json()
            assert response.status_code == 200
            assert response.headers["Cache-Control"] == "no-store"
            assert full["facts"]["holder_name"] == copy.facts.holder_name
            assert full["book_line"]["number"] == copy.number
            # What proves them to others is for those whose use of it is written down by name.
            assert full["opening"] is None
            assert copy.salt.hex() not in response.text
            for secret in (copy.code, copy.facts.holder_name, seal_of(copy)[:20]):
                assert secret not in str(lines)
    hashed = code_hash(copy.code)
    assert await trail(copy_office) == [("seal", hashed), ("name", hashed)]


async def test_every_refusal_is_the_same(copy_office: CopyOffice) -> None:
    copy, unknown = await one_copy(copy_office), new_code()
    right = name_of(copy)
    forged = {"seal": seal_of(copy, Ed25519PrivateKey.generate())}
    wrong: list[tuple[str, dict[str, object]]] = [
        (copy.code, right | {"number": copy.number + 1}),
        (copy.code, right | {"holder_name": "Nguyễn Văn Ân"}),
        (copy.code, forged),
        (unknown, right),
        (unknown, forged),
        (unknown, {"seal": seal_of(copy)}),
        ("nonsense", right),
        ("nonsense", {"seal": seal_of(copy)}),
    ]
    async with portal_with_seals(copy_office) as http:
        responses = [
            await http.post(f"/v1/copies/{code}/facts", json=shown) for code, shown in wrong
        ]
    seen = {(one.status_code, one.content, tuple(sorted(one.headers.items()))) for one in responses}
    assert len(seen) == 1
    assert responses[0].status_code == 403
    assert responses[0].json()["type"] == "urn:bansao:problem:paper-refused"
    assert await trail(copy_office) == []


@pytest.mark.parametrize(
    "shown",
    [
        {},
        {"number": 1},
        {"holder_name": "A"},
        {"seal": "a", "number": 1, "holder_name": "A"},
        {"seal": 7},
        {"name": "A"},
        [],
        "text",
    ],
)
async def test_what_is_no_question_is_said_to_be_none(copy_office: CopyOffice, shown: Any) -> None:
    async with copy_office.client() as http:
        response = await http.post(f"/v1/copies/{new_code()}/facts", json=shown)
    assert response.status_code == 400
    assert response.headers["Content-Type"].startswith("application/problem+json")


async def test_names_are_tried_a_few_times_also_at_once(copy_office: CopyOffice) -> None:
    copy = await one_copy(copy_office)
    wrong = name_of(copy) | {"holder_name": "Lê Văn Sai"}
    async with portal_with_seals(copy_office) as http:
        path = f"/v1/copies/{copy.code}/facts"
        tried = await asyncio.gather(*(http.post(path, json=wrong) for _ in range(12)))
        statuses = [one.status_code for one in tried]
        assert sorted(set(statuses)) == [403, 429]
        assert statuses.count(403) == 4
        (refused, *_) = (one for one in tried if one.status_code == 429)
        assert 60 <= int(refused.headers["Retry-After"]) <= 15 * 60
        assert refused.json()["type"] == "urn:bansao:problem:too-many-tries"
        # The right name waits as well; the paper itself does not.
        assert (await http.post(path, json=name_of(copy))).status_code == 429
        assert (await http.post(path, json={"seal": seal_of(copy)})).status_code == 200


async def test_the_time_of_a_refusal_does_not_tell_whether_there_is_such_a_copy(
    copy_office: CopyOffice,
) -> None:
    """Whatever the lookup took, a refusal is told when its quarter of a second is over."""
    copy = await one_copy(copy_office)
    wrong = name_of(copy) | {"holder_name": "Lê Văn Sai"}
    async with portal_with_seals(copy_office) as http:
        for code in (copy.code, new_code(), "nonsense"):
            begun = time.monotonic()
            response = await http.post(f"/v1/copies/{code}/facts", json=wrong)
            assert response.status_code == 403
            assert time.monotonic() - begun >= REFUSING_SECONDS


@given(st.floats(0, 60))
def test_refusals_are_told_at_whole_steps(passed: float) -> None:
    steps = (passed + still_to_wait(passed)) / REFUSING_SECONDS
    assert steps == pytest.approx(round(steps))
    assert 0 <= still_to_wait(passed) <= REFUSING_SECONDS


async def test_the_seal_of_an_erased_copy_says_that_it_was_erased(copy_office: CopyOffice) -> None:
    copy = await one_copy(copy_office)
    async with (
        store_of(copy_office.database, "registry_writer") as store,
        Appender(store, utc_now) as appender,
    ):
        await appender.erase(copy.code, **decided())
    await publish_now(copy_office.database)
    async with portal_with_seals(copy_office) as http:
        path = f"/v1/copies/{copy.code}/facts"
        by_seal = (await http.post(path, json={"seal": seal_of(copy)})).json()
        by_name = await http.post(path, json=name_of(copy))
    assert (by_seal["facts"], by_seal["facts_erased"]) == (None, True)
    assert by_name.status_code == 403
    assert await trail(copy_office) == []


@pytest.mark.parametrize(
    ("headers", "accepted"),
    [
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Origin": "null"}, True),
        ({}, True),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "null"}, False),
        ({"Sec-Fetch-Site": "same-site", "Origin": "null"}, False),
        ({"Origin": "https://evil.example"}, False),
    ],
)
async def test_another_sites_page_spends_nobodys_tries(
    copy_office: CopyOffice, headers: dict[str, str], accepted: bool
) -> None:
    copy = await one_copy(copy_office)
    async with portal_with_seals(copy_office) as http:
        response = await http.post(f"/c/{copy.code}/facts", data=name_of(copy), headers=headers)
    assert response.status_code == (200 if accepted else 403)
    assert (copy.facts.holder_name in response.text) is accepted
    assert response.headers["Cache-Control"] == "no-store"


async def test_the_forms_answer_has_no_address_to_come_back_to(copy_office: CopyOffice) -> None:
    async with copy_office.client() as http:
        response = await http.get(f"/c/{(code := new_code())}/facts")
    assert (response.status_code, response.headers["Location"]) == (303, f"/c/{code}")
