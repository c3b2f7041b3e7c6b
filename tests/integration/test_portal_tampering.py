"""Who owns the database can silence the portal, and cannot make it tell an entry that is not so.

He can leave one out: then the proofs of what the log holds about the code show it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from registry.audit import audit
from registry.code import code_hash
from registry.errors import ChainBroken
from registry.log.map_proof import check_map_proof
from registry.log.policy import policy_of_log
from registry.log.tiles import WIDTH
from registry.proving import map_proof, proven_history
from tests.testkit.copies import VKEY, publish_now, registered, store_of
from tests.testkit.issued import CopyOffice, copy_office, signing_house
from verify_portal.answer import Answer

__all__ = ["copy_office", "signing_house"]

pytestmark = pytest.mark.broken_registry


@contextmanager
def as_owner_of_everything(office: CopyOffice) -> Iterator["psycopg.Connection[Any]"]:
    """A superuser whom no trigger stops."""
    with psycopg.connect(office.database.superuser_url) as connection:
        connection.execute("SET session_replication_role = replica")
        yield connection


async def asked(office: CopyOffice, code: str) -> Answer:
    async with office.portal() as portal:
        return await portal.by_code(code)


def is_silent(answer: Answer) -> bool:
    """An outage of ours that shows nothing of the contradiction."""
    return (answer.verdict, answer.copy, answer.checks[0].detail) == (
        "unavailable",
        None,
        "unproven",
    )


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE registry.copy SET facts = jsonb_set(facts::jsonb, '{holder_name}', '\"Kẻ Gian\"')",
        "UPDATE registry.copy SET salt = sha256('other')",
        "UPDATE registry.copy SET facts = '{}'",
        "DELETE FROM registry.copy",
    ],
)
async def test_facts_that_were_not_committed_to_are_not_shown(
    copy_office: CopyOffice, tampering: str
) -> None:
    (copy,) = await registered(copy_office.database, 1)
    await publish_now(copy_office.database)
    assert (await asked(copy_office, copy.code)).verdict == "valid"
    with as_owner_of_everything(copy_office) as connection:
        connection.execute(tampering)
    assert is_silent(await asked(copy_office, copy.code))


async def test_anothers_revocation_does_not_revoke(copy_office: CopyOffice) -> None:
    copy, other = await registered(copy_office.database, 2)
    await copy_office.revoke(other.code)
    with as_owner_of_everything(copy_office) as connection:
        connection.execute(
            "UPDATE registry.entry SET code_hash = %s WHERE kind = 'revoked'",
            [code_hash(copy.code)],
        )
    assert is_silent(await asked(copy_office, copy.code))


@pytest.mark.parametrize(
    "hide",
    [
        "UPDATE registry.entry SET code_hash = %s WHERE kind = 'revoked'",
        "DELETE FROM registry.entry WHERE kind = 'revoked' AND code_hash <> %s",
    ],
)
async def test_a_revocation_that_is_kept_from_lookups_is_shown_by_the_map(
    copy_office: CopyOffice, hide: str
) -> None:
    """A lookup believes that it was given every entry, as `registry/README.md` says."""
    (revoked,) = await registered(copy_office.database, 1)
    hashed = code_hash(revoked.code)
    await copy_office.revoke(revoked.code)
    await registered(copy_office.database, WIDTH)  # its leaf hash stands in a full tile now
    await publish_now(copy_office.database)
    with as_owner_of_everything(copy_office) as connection:
        connection.execute(hide, [bytes(32)])
    answer = await asked(copy_office, revoked.code)
    assert answer.verdict == "valid"
    assert answer.checkpoint
    assert answer.checkpoint.commits_to_codes, "so that its reader can ask for the proof"
    async with store_of(copy_office.database, "registry_reader") as reader:
        proof = check_map_proof(await map_proof(reader, hashed), hashed, policy_of_log(VKEY))
        assert proof.found
        assert (proof.found.count, proof.found.latest) == (2, 1)
        with pytest.raises(ChainBroken):
            await proven_history(reader, hashed)  # what a receipt rests on
        assert not (await audit(reader)).clean


async def test_a_revocation_that_the_log_does_not_hold_is_not_told(
    copy_office: CopyOffice,
) -> None:
    (copy,) = await registered(copy_office.database, 1)
    await copy_office.revoke(copy.code)
    assert (await asked(copy_office, copy.code)).verdict == "revoked"
    with as_owner_of_everything(copy_office) as connection:
        changed = "replace(convert_from(body, 'UTF8'), '12/Q', '13/Q')"
        connection.execute(
            f"UPDATE registry.entry SET body = convert_to({changed}, 'UTF8') WHERE kind = 'revoked'"
        )
    assert is_silent(await asked(copy_office, copy.code))


async def test_a_code_does_not_open_another_copys_entry(copy_office: CopyOffice) -> None:
    copy, forged = await registered(copy_office.database, 2)
    await publish_now(copy_office.database)
    with as_owner_of_everything(copy_office) as connection:
        move = "UPDATE registry.entry SET code_hash = %s WHERE code_hash = %s"
        connection.execute(move, [bytes(32), code_hash(forged.code)])
        connection.execute(move, [code_hash(forged.code), code_hash(copy.code)])
    assert is_silent(await asked(copy_office, forged.code))


async def test_a_digest_does_not_open_another_copys_entry(copy_office: CopyOffice) -> None:
    await registered(copy_office.database, 1)
    await publish_now(copy_office.database)
    with as_owner_of_everything(copy_office) as connection:
        connection.execute("UPDATE registry.entry SET pdf_digest = sha256('forged')")
        (digest,) = connection.execute("SELECT sha256('forged')").fetchone() or (b"",)
    async with copy_office.portal() as portal:
        assert is_silent(await portal.by_digest(bytes(digest).hex()))


async def test_a_malformed_checkpoint_is_an_outage_wherever_it_is_met(
    copy_office: CopyOffice,
) -> None:
    (copy,) = await registered(copy_office.database, 1)
    await publish_now(copy_office.database)
    async with copy_office.portal() as portal, copy_office.client_of(portal) as http:
        assert (await portal.by_code(copy.code)).verdict == "valid"
        with as_owner_of_everything(copy_office) as connection:
            connection.execute("UPDATE registry.checkpoint SET note = 'no note'")
        assert is_silent(await portal.by_digest(copy.pdf_digest.hex()))
        for path in ("/log/checkpoint", "/log/proof/0", f"/v1/copies/{copy.code}/proof"):
            assert (await http.get(path)).status_code == 503
        questions = {"questions": [{"code": copy.code}]}
        answers = (await http.post("/v1/verify/batch", json=questions)).json()["answers"]
        assert [answer["verdict"] for answer in answers] == ["unavailable"]
    async with copy_office.portal() as portal:
        assert not (await portal.state())[0]
        assert is_silent(await portal.by_code(copy.code))
