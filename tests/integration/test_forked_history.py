"""Histories that are whole in themselves: the database audit is clean, and still somebody lies.

Here the owner has switched off the triggers and uses the log's own key. A witness that has seen the
log before, or a proof that somebody kept, is what tells.
"""

from base64 import b64decode
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from registry.audit import audit
from registry.audit.files import audit_files
from registry.clock import utc_now
from registry.log.checkpoint import Checkpoint
from registry.log.cosignature import parse_cosigner
from registry.log.note import parse_verifier
from registry.log.policy import Policy, TrustedLog, Witness, policy_of_log
from registry.log.proof import verify_consistency
from registry.proving import latest_checkpoint
from registry.publish import Publisher
from tests.testkit.attacked import move_back, rewrite, unguarded
from tests.testkit.copies import LOG_KEY, ORIGIN, VKEY, publish_now, registered, store_of
from tests.testkit.issued import make_signers
from tests.testkit.portal_process import portal_process
from tests.testkit.postgres import Database, Server
from tests.testkit.witness_process import witness_once, witness_process

pytestmark = pytest.mark.broken_registry


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("house")
    make_signers(home / "secrets", home / "trust")
    return home / "trust"


def look(home: Path, portal: str, *arguments: str) -> CompletedProcess[str]:
    """One look of a witness at a portal."""
    return witness_once(home, "--log", VKEY, f"{portal}/log", *arguments)


def with_another_signer(body: bytes) -> bytes:
    return body.replace(b'"signer_fingerprint":"0f', b'"signer_fingerprint":"0e')


async def is_clean(database: Database) -> bool:
    async with store_of(database, "registry_reader") as reader:
        return (await audit(reader, policy_of_log(VKEY))).clean


async def test_the_owner_rewrites_the_whole_chain_and_signs_anew(
    database: Database, trust: Path, tmp_path: Path
) -> None:
    """Nothing in the database is wrong afterwards. The witness that followed the portal knows."""
    await registered(database, 300)
    kept = await publish_now(database)
    with portal_process(database, trust, tmp_path / "portal.log") as portal:
        assert look(tmp_path / "w", portal).returncode == 0
        with unguarded(database) as connection:
            rewrite(connection, with_another_signer, sign=True)
        assert await is_clean(database)
        assert await contradicted(database, kept) == ("kept checkpoint 300", "root_hash")
        assert await contradicted(portal, kept) == ("kept checkpoint 300", "root_hash")
        newcomer = look(tmp_path / "new", portal)
        assert newcomer.returncode == 0, "who has never seen the log before cannot know"
        caught = look(tmp_path / "w", portal)
        assert caught.returncode == 1
        assert f"{ORIGIN}: forked: it signed two histories" in caught.stderr
        assert contradiction(tmp_path / "w") == (300, 300)
        await registered(database, 20)
        await publish_now(database)
        assert look(tmp_path / "w", portal).returncode == 1


async def test_a_rewritten_log_gets_no_cosignature_and_publishes_nothing(
    database: Database, tmp_path: Path
) -> None:
    """Under a quorum the publisher itself comes to a stop: lookups stay where the witness was."""
    await registered(database, 5)
    with witness_process(tmp_path / "w") as witness:
        known = Witness("w", parse_cosigner(witness.vkey), witness.url)
        policy = Policy((TrustedLog(parse_verifier(VKEY)),), (known,), (), "w")
        await advance(database, policy)
        with unguarded(database) as connection:
            rewrite(connection, with_another_signer, sign=True)
        await registered(database, 5)
        await advance(database, policy)
        async with store_of(database, "registry_reader") as reader:
            assert (await latest_checkpoint(reader)).size == 5
            report = await audit(reader, policy)
        assert witness.health() == (503, "forked")
    assert contradiction(tmp_path / "w") == (5, 10)
    assert ("quorum", "publication 5") in {(one.what, one.where) for one in report.findings}


async def test_two_histories_are_served_to_two_witnesses(
    database: Database, server: Server, trust: Path, tmp_path: Path
) -> None:
    """Two databases, one key: each portal is honest towards its own witness. They compare."""
    other = server.clone()
    try:
        for one in (database, other):
            await registered(one, 40)
            await publish_now(one)
            assert await is_clean(one)
        with (
            portal_process(database, trust, tmp_path / "here.log") as here,
            portal_process(other, trust, tmp_path / "there.log") as there,
            witness_process(tmp_path / "w2", "--log", VKEY, f"{there}/log") as second,
        ):
            assert second.await_state("cosigned") == 200
            assert look(tmp_path / "w1", here).returncode == 0
            compared = look(tmp_path / "w1", here, "--peer", second.url)
        assert compared.returncode == 1
        assert f"{ORIGIN}: forked" in compared.stderr
        assert contradiction(tmp_path / "w1") == (40, 40)
    finally:
        server.drop(other)


async def test_everything_is_moved_back_and_grown_anew(
    database: Database, trust: Path, tmp_path: Path
) -> None:
    """As a restored backup does: the database is a clean, older one, until other copies come."""
    await registered(database, 30)
    await publish_now(database)
    await registered(database, 20)
    kept = await publish_now(database)
    with portal_process(database, trust, tmp_path / "portal.log") as portal:
        assert look(tmp_path / "w", portal).returncode == 0
        with unguarded(database) as connection:
            move_back(connection, 30)
        assert await is_clean(database)
        assert await contradicted(database, kept) == ("kept checkpoint 50", "size")
        assert await contradicted(portal, kept) == ("kept checkpoint 50", "size")
        back = look(tmp_path / "w", portal)
        assert (back.returncode, "rolled_back: size 30 after 50" in back.stderr) == (1, True)
        await registered(database, 25)
        await publish_now(database)
        assert await is_clean(database)
        assert look(tmp_path / "w", portal).returncode == 1
    assert contradiction(tmp_path / "w") == (50, 55)


async def test_a_publication_is_moved_back(database: Database, trust: Path, tmp_path: Path) -> None:
    """Nothing is changed but what is shown: every entry is there, the newest are kept silent."""
    await registered(database, 30)
    await publish_now(database)
    await registered(database, 20)
    kept = await publish_now(database)
    with portal_process(database, trust, tmp_path / "portal.log") as portal:
        assert look(tmp_path / "w", portal).returncode == 0
        with unguarded(database) as connection:
            connection.execute("DELETE FROM registry.publication WHERE size = 50")
        assert await is_clean(database)
        assert await contradicted(portal, kept) == ("kept checkpoint 50", "size")
        assert "rolled_back: size 30 after 50" in look(tmp_path / "w", portal).stderr


async def contradicted(log: Database | str, kept: Checkpoint) -> tuple[str, str] | None:
    """What an audit finds that is shown an earlier checkpoint: in the database or at a portal."""
    if isinstance(log, str):
        report = await audit_files(f"{log}/log", policy_of_log(VKEY), since=kept)
    else:
        async with store_of(log, "registry_reader") as reader:
            report = await audit(reader, policy_of_log(VKEY), since=kept)
    [one] = report.findings or [None]
    return one and (one.where, one.field)


async def advance(database: Database, policy: Policy) -> None:
    async with (
        store_of(database, "registry_publisher") as store,
        Publisher(store, LOG_KEY, ORIGIN, utc_now, policy) as publisher,
    ):
        await publisher.advance()


def contradiction(home: Path) -> tuple[int, int]:
    """The sizes in a witness's evidence, which anybody with the log's key can check alone."""
    [shown] = (home / "evidence").glob("*/proof.txt")
    first, second = (
        policy_of_log(VKEY).open_checkpoint((shown.parent / name).read_text())
        for name in ("first.note", "second.note")
    )
    _, root, *hashes = shown.read_text().splitlines()
    other_root = b64decode(root.removeprefix("root "))
    proof = [b64decode(line) for line in hashes]
    verify_consistency(first.size, second.size, proof, other_root, second.root_hash)
    assert other_root != first.root_hash
    return first.size, second.size
