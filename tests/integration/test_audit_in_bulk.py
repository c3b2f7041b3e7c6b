"""Judging in bulk finds what judging row by row finds, word for word, whatever a book suffers."""

import random
import re
from collections.abc import Iterator
from typing import Final

import pytest

from registry.audit import Report, audit
from registry.audit.parallel import audit_in_parallel
from registry.certified_copy import committed
from registry.store import walking
from tests.integration.test_attacks import Attack, attacks
from tests.testkit.attacked import AttackedBook, book, rewrite, unguarded
from tests.testkit.copies import store_of

__all__ = ["book"]

pytestmark = pytest.mark.broken_registry

_BYTES: Final = (
    *("leaf_hash", "prev_hash", "entry_hash", "code_hash", "pdf_digest", "commitment"),
    *("signer_fingerprint", "seal_fingerprint", "body"),
)
#: What a row may suffer. From 100 on rows are read in bulk; those before are too few of a kind.
_DAMAGE: Final = [
    *(f"entry SET {name} = set_byte({name}, {{at}}, {{byte}})" for name in _BYTES),
    *(f"entry SET {name} = NULL" for name in _BYTES),
    *(f"entry SET {name} = {name} || '\\x00'" for name in _BYTES),
    *(f"entry SET {name} = substr({name}, 2)" for name in _BYTES),
    *(f"entry SET {name} = {name} || 'x'" for name in ("kind", "unit_code", "book")),
    *(f"entry SET {name} = NULL" for name in ("kind", "unit_code", "book", "number")),
    *(f"entry SET {name} = ''" for name in ("kind", "unit_code", "book", "decision", "reason")),
    *(f"entry SET {name} = {name} + '1 us'" for name in ("occurred_at", "certified_at")),
    *(f"entry SET {name} = {name} - '1 day'::interval" for name in ("occurred_at", "certified_at")),
    *(f"entry SET {name} = 'infinity'" for name in ("occurred_at", "certified_at")),
    *(f"entry SET {name} = '20000-01-01'" for name in ("occurred_at", "certified_at")),
    *(f"entry SET {name} = '4000-01-01 BC'" for name in ("occurred_at", "certified_at")),
    "entry SET decided_on = '20000-01-01'",
    *(f"entry SET {name} = NULL" for name in ("occurred_at", "certified_at")),
    "entry SET number = number + {byte} + 1",
    "entry SET kind = 'revoked'",
    "entry SET decided_on = '2026-01-01'",
    "entry SET index = index + 1000",
    "entry SET index = -index",
    "entry SET body = (SELECT body FROM registry.entry WHERE index = {other})",
    "copy SET salt = set_byte(salt, {at}, {byte})",
    "copy SET salt = NULL",
    "copy SET salt = salt || '\\x00'",
    "copy SET facts = NULL",
    "copy SET facts = '[]'",
    "copy SET facts = (repeat('[', 2000) || repeat(']', 2000))::json",
    "copy SET facts = (facts::text || ' ')::json",
    "copy SET facts = replace(facts::text, 'a', 'b')::json",
    "copy SET code_hash = set_byte(code_hash, {at}, {byte})",
    "copy SET code_hash = NULL",
    "copy SET entry_index = entry_index + 1000",
    "copy SET entry_index = -entry_index",
    "copy SET entry_index = {other}",
]


async def both(book: AttackedBook) -> tuple[Report, Report]:
    """What is found row by row, and in bulk."""
    async with store_of(book.database, "registry_reader") as reader:
        exact = await audit(reader, book.policy)
    url = book.database.role_url("registry_reader")
    return exact, await audit_in_parallel(url, book.policy, processes=0)


async def test_the_book_is_clean_in_bulk_too(book: AttackedBook) -> None:
    exact, in_bulk = await both(book)
    assert in_bulk == exact
    assert (in_bulk.entries, in_bulk.findings) == (263, [])


@pytest.mark.parametrize("attack", list(attacks()), ids=lambda attack: attack.how)
async def test_an_attack_is_named_alike(book: AttackedBook, attack: Attack) -> None:
    with book.attacked() as connection:
        connection.execute(attack.sql.encode())
        exact, in_bulk = await both(book)
    assert in_bulk == exact


@pytest.mark.parametrize(
    "attack",
    [one for one in attacks() if re.search("checkpoint|cosignature|publication", one.sql)],
    ids=lambda attack: attack.how,
)
async def test_of_many_checkpoints_some_at_a_time_are_judged_alike(
    book: AttackedBook, attack: Attack, monkeypatch: pytest.MonkeyPatch
) -> None:
    with book.attacked() as connection:
        connection.execute(attack.sql.encode())
        at_once, _ = await both(book)
        monkeypatch.setattr(walking, "_SIGNED", 1)
        exact, in_bulk = await both(book)
    assert in_bulk == exact
    assert sorted(map(repr, exact.findings)) == sorted(map(repr, at_once.findings))


async def test_a_rewritten_chain_is_named_alike(book: AttackedBook) -> None:
    with book.attacked() as connection:
        rewrite(connection, lambda body: body.replace(b':"0f', b':"0e'), sign=False)
        exact, in_bulk = await both(book)
    assert in_bulk == exact
    assert exact.findings


async def test_facts_in_another_form_are_named_alike(book: AttackedBook) -> None:
    """Their commitment opens: whoever registered them has written them otherwise than they are."""
    with book.attacked() as connection:
        [(salt, facts, old)] = connection.execute(
            "SELECT c.salt, c.facts::text, e.commitment FROM registry.copy c "
            "JOIN registry.entry e ON e.index = c.entry_index WHERE e.index = 150"
        )
        new = committed(f"{facts} ".encode(), salt)
        rewrite(
            connection, lambda one: one.replace(old.hex().encode(), new.hex().encode()), sign=False
        )
        connection.execute(
            "UPDATE registry.copy SET facts = (facts::text || ' ')::json WHERE entry_index = 150"
        )
        exact, in_bulk = await both(book)
    assert in_bulk == exact
    assert ("copy 150", "facts in RFC 8785 form") in [
        (one.where, one.expected) for one in exact.findings
    ]


def damage(seed: int) -> Iterator[str]:
    """One to three statements."""
    chance = random.Random(seed)  # noqa: S311 - the same every time
    for _ in range(chance.randint(1, 3)):
        table, _, change = chance.choice(_DAMAGE).partition(" ")
        column = "index" if table == "entry" else "entry_index"
        rows = [chance.randrange(100, 263) for _ in range(2)]
        values = {"at": chance.randrange(16), "byte": chance.randrange(256), "other": rows[1]}
        yield f"UPDATE registry.{table} {change.format(**values)} WHERE {column} = {rows[0]}"


@pytest.fixture(scope="module")
def unconstrained(book: AttackedBook) -> AttackedBook:
    """Rows can be doubled and lack what no row lacks."""
    with unguarded(book.database) as connection:
        connection.execute(_DROP_CONSTRAINTS.encode())
    return book


@pytest.mark.parametrize("seed", range(40))
async def test_random_damage_is_named_alike(unconstrained: AttackedBook, seed: int) -> None:
    with unconstrained.attacked() as connection:
        for statement in damage(seed):
            connection.execute(statement.encode())
        exact, in_bulk = await both(unconstrained)
    assert in_bulk == exact


_DROP_CONSTRAINTS: Final = """
DO $$
DECLARE
    one record;
BEGIN
    FOR one IN SELECT conrelid::regclass AS place, conname FROM pg_constraint
               WHERE conrelid IN ('registry.entry'::regclass, 'registry.copy'::regclass)
               ORDER BY contype = 'n' LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I CASCADE', one.place, one.conname);
    END LOOP;
    FOR one IN SELECT indexrelid::regclass AS name FROM pg_index
               WHERE indrelid IN ('registry.entry'::regclass, 'registry.copy'::regclass) LOOP
        EXECUTE format('DROP INDEX %s', one.name);
    END LOOP;
    FOR one IN SELECT attrelid::regclass AS place, attname FROM pg_attribute
               WHERE attrelid IN ('registry.entry'::regclass, 'registry.copy'::regclass)
                   AND attnum > 0 AND attnotnull LOOP
        EXECUTE format('ALTER TABLE %s ALTER %I DROP NOT NULL', one.place, one.attname);
    END LOOP;
END $$
"""
