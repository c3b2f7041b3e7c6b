"""What a superuser does to the registry with all triggers off, and how the audit names it.

The table is tests/vectors/attacks.sql. Attacks that leave the database in order, and those on the
public files, are in test_forked_history.py: a witness tells of them, or somebody's older proof.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import httpx
import pytest

from registry.audit import Finding, Report, audit
from registry.audit.files import audit_files
from registry.log.policy import Policy, policy_of_log
from tests.testkit.attacked import AttackedBook, book, rewrite
from tests.testkit.copies import VKEY, store_of
from tests.testkit.issued import make_signers
from tests.testkit.portal_process import portal_process
from tests.testkit.postgres import Database

__all__ = ["book"]

pytestmark = pytest.mark.broken_registry

TABLE: Final = Path(__file__).parents[1] / "vectors" / "attacks.sql"
#: Hashes, key ids and times, which differ from run to run.
CHANGING: Final = re.compile(r"[0-9a-f]{64}|(?<= )[0-9a-f]{8}$|\d{4}-\d\d-\d\d[T ]\d\d:[\d:.+]+")


class Attack(NamedTuple):
    """Findings as row, field, expected and found: all `named` ones in order, the first `public`
    one in the portal's files, if any.
    """

    how: str
    sql: str
    named: list[str]
    public: list[str]


def attacks() -> Iterator[Attack]:
    _, *written = re.split(r"\n\n-- ", TABLE.read_text("utf-8"))
    for one in written:
        how, *lines = one.strip().splitlines()
        sql = "\n".join(line for line in lines if not line.startswith(("-->", "==>")))
        yield Attack(how, sql, marked(lines, "--> "), marked(lines, "==> "))


def marked(lines: list[str], mark: str) -> list[str]:
    return [line.removeprefix(mark) for line in lines if line.startswith(mark)]


@pytest.fixture(scope="module")
def portal(book: AttackedBook, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Running while the database below it is attacked."""
    home = tmp_path_factory.mktemp("portal")
    make_signers(home / "secrets", home / "trust")
    with portal_process(book.database, home / "trust", home / "portal.log") as address:
        yield address


async def audited(database: Database, policy: Policy | None) -> Report:
    async with store_of(database, "registry_reader") as reader:
        return await audit(reader, policy)


async def strangers_find(location: str) -> list[str]:
    async with httpx.AsyncClient() as http:
        checkpoint = await http.get(f"{location}/checkpoint")
    if checkpoint.status_code == httpx.codes.SERVICE_UNAVAILABLE:
        return ["checkpoint | not served"]
    report = await audit_files(location, policy_of_log(VKEY))
    return [legible(one) for one in report.findings]


async def test_the_book_is_clean_before_it_is_attacked(book: AttackedBook) -> None:
    report = await audited(book.database, book.policy)
    assert (report.entries, report.checkpoint_size, report.findings) == (263, 263, [])


@pytest.mark.parametrize("attack", [*attacks()], ids=lambda attack: attack.how)
async def test_it_is_found_and_named(book: AttackedBook, portal: str, attack: Attack) -> None:
    with book.attacked() as connection:
        connection.execute(attack.sql.encode())
        report = await audited(book.database, book.policy)
        found_in_public = await strangers_find(f"{portal}/log")
    assert [legible(one) for one in report.findings] == attack.named
    assert found_in_public[:1] == attack.public


async def test_a_chain_rewritten_with_all_its_hashes_contradicts_what_was_signed(
    book: AttackedBook,
) -> None:
    """Bodies, columns, links, head and tiles agree; the signed roots do not."""
    with book.attacked() as connection:
        rewrite(connection, with_another_signer, sign=False)
        report = await audited(book.database, book.policy)
    roots = [f"checkpoint {size} | root_hash | … | …" for size in (3, 7, 263)]
    assert [legible(one) for one in report.findings] == roots


async def test_a_chain_rewritten_and_signed_anew_lacks_its_witnesses(book: AttackedBook) -> None:
    """With the log's own key: under a policy without a quorum nothing is left to find here."""
    with book.attacked() as connection:
        rewrite(connection, with_another_signer, sign=True)
        report = await audited(book.database, book.policy)
        alone = await audited(book.database, policy_of_log(VKEY))
    assert [legible(one) for one in report.findings] == [
        "publication 263 | size | cosigned by quorum-group | nobody"
    ]
    assert alone.clean


async def test_everything_was_put_back(book: AttackedBook) -> None:
    assert (await audited(book.database, book.policy)).clean


def with_another_signer(body: bytes) -> bytes:
    """Certificates stand in no other table."""
    return body.replace(b'"signer_fingerprint":"0f', b'"signer_fingerprint":"0e')


def legible(finding: Finding) -> str:
    values = (CHANGING.sub("…", one) for one in (finding.expected, finding.found))
    return " | ".join((finding.where, finding.field, *values))
